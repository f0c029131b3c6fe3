"""What differs between the emulator and AWS, made good through the emulator's own API after a deployment."""

import json
from typing import Any

from infra.local.place import Place

API_STAGE = "api"


def put_gateway_responses(place: Place, gateway: Any, rest_api: str) -> None:
    """Give the emulated API the gateway responses of the template; ``gateway`` is an AWS client.

    MiniStack takes the API's definition but not the gateway responses in it.
    """
    template = place.directory / "cdk.out" / f"{place.stack_name}.template.json"
    declared = json.loads(template.read_text())["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    for response_type, response in declared.items():
        headers = response["ResponseParameters"]["Headers"]
        gateway.put_gateway_response(
            restApiId=rest_api,
            responseType=response_type,
            statusCode=response["StatusCode"],
            responseParameters={f"gatewayresponse.header.{name}": value for name, value in headers.items()},
            responseTemplates=response["ResponseTemplates"],
        )
    # Like AWS, it answers with what was there when the stage was deployed.
    gateway.create_deployment(restApiId=rest_api, stageName=API_STAGE)


def allow_plain_http(s3: Any, bucket: str) -> None:
    """Take the TLS-only policy off the bucket, because the emulator is reached over plain HTTP, on loopback.

    It is the policy's only content (tests/infra), and MiniStack obeys it where it enforces IAM.
    """
    s3.delete_bucket_policy(Bucket=bucket)
