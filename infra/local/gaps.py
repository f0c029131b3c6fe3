"""What differs between the emulator and AWS, made good before a start or after a deployment."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chalicelib.aws.names import PUBLIC_URL
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


def tell_public_url(gateway: Any, rest_api: str, url: str) -> None:
    """Say where the emulated API is reached: MiniStack serves it under a path that its events do not tell of."""
    variable = {"op": "replace", "path": f"/variables/{PUBLIC_URL}", "value": url}
    gateway.update_stage(restApiId=rest_api, stageName=API_STAGE, patchOperations=[variable])


def allow_plain_http(s3: Any, sqs: Any, buckets: Iterable[str], stack_name: str) -> None:
    """Take the rule "TLS only" off buckets and queues: the emulator is reached over plain HTTP, on loopback.

    Only where it enforces IAM does MiniStack obey the rule. The buckets' policies hold nothing else (tests/infra).
    """
    for bucket in buckets:
        s3.delete_bucket_policy(Bucket=bucket)
    for queue in sqs.list_queues(QueueNamePrefix=f"{stack_name}-").get("QueueUrls", []):
        attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"]).get("Attributes", {})
        if "Policy" in attributes:
            policy = json.loads(attributes["Policy"])
            policy["Statement"] = [rule for rule in policy["Statement"] if rule["Effect"] == "Allow"]
            kept = json.dumps(policy) if policy["Statement"] else ""
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": kept})


def fit_role_policies(iam: Any, stack_name: str) -> None:
    """Fit the stack's role policies to how the emulator reads them, where that is not as AWS does."""
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            if role["RoleName"].startswith(f"{stack_name}-"):
                _fit_policies_of(iam, role["RoleName"])


def _fit_policies_of(iam: Any, role: str) -> None:
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        for statement in document["Statement"]:
            _allow_message_batches(statement)
            _forget_conditional_writes(statement)
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def _allow_message_batches(statement: dict[str, Any]) -> None:
    """On AWS the right to SendMessage is the right to SendMessageBatch too; MiniStack asks for the latter by name.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api.html
    """
    actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
    if "sqs:SendMessage" in actions and "sqs:SendMessageBatch" not in actions:
        statement["Action"] = [*actions, "sqs:SendMessageBatch"]


def _forget_conditional_writes(statement: dict[str, Any]) -> None:
    """MiniStack obeys If-None-Match but tells policies nothing of it, so that a condition on it never holds.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    """
    if "s3:if-none-match" in statement.get("Condition", {}).get("Null", {}):
        del statement["Condition"]


def choose_lines_by_words(logs: Any, stack_name: str) -> None:
    """Give the emulated subscription filters patterns of words: MiniStack does not know those of JSON fields.

    It passes on more lines than AWS does; the functions behind the filters look at each line themselves.
    """
    pages = logs.get_paginator("describe_log_groups").paginate()
    names = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    for name in (name for name in names if stack_name in name):
        for given in logs.describe_subscription_filters(logGroupName=name)["subscriptionFilters"]:
            words = " ".join(re.findall(r'"([^"]+)"', given["filterPattern"]))
            logs.put_subscription_filter(
                logGroupName=name,
                filterName=given["filterName"],
                filterPattern=words,
                destinationArn=given["destinationArn"],
            )


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
