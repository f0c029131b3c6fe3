"""What differs between the emulator and AWS, made good before a start or after a deployment."""

import json
from pathlib import Path
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


def allow_message_batches(iam: Any, stack_name: str) -> None:
    """Let those who may send a message send ten at once.

    On AWS sqs:SendMessage covers SendMessageBatch, which is no action of its own; MiniStack thinks that it is.
    """
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            if role["RoleName"].startswith(f"{stack_name}-"):
                _allow_message_batches_to(iam, role["RoleName"])


def _allow_message_batches_to(iam: Any, role: str) -> None:
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        for statement in document["Statement"]:
            if statement["Action"] == "sqs:SendMessage":
                statement["Action"] = ["sqs:SendMessage", "sqs:SendMessageBatch"]
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def forget_stream_positions(state: Path) -> None:
    """Let stream readers begin at the beginning when the emulator starts on kept ``state``.

    MiniStack keeps how many records of a stream each reader has read, but not the records. It would pass over
    as many new ones.
    """
    file = state / "lambda.json"
    if file.exists():
        kept = json.loads(file.read_text())
        kept["payload"].pop("dynamodb_stream_positions", None)
        file.write_text(json.dumps(kept))
