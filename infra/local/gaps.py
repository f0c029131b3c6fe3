"""What the emulator leaves out of the deployed stack, made good through its own API.

MiniStack takes the API's definition but not the gateway responses in it, so that its own refusals would not
be problem documents. They are read from the synthesised template, and put one by one.
"""

import json
from typing import Any

from infra.local.place import Place

API_STAGE = "api"


def put_gateway_responses(place: Place, gateway: Any, rest_api: str) -> None:
    """Give the emulated API the gateway responses of the template; ``gateway`` is an AWS client."""
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
