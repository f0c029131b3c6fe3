"""Workarounds for differences between the emulator and AWS, applied before a start or after a deployment."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chalicelib.aws.names import PUBLIC_URL
from infra.local.place import Place

API_STAGE = "api"
# Actions of AWS, and the names by which MiniStack checks the calls that they allow.
_CHECKED_AS = {
    # On AWS, SendMessage allows batches too:
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api.html
    "sqs:SendMessage": "sqs:SendMessageBatch",
    # MiniStack goes by the path, which ends in the alias here, and does not look further than "aliases".
    "lambda:GetAlias": "lambda:ListAliases",
    "lambda:UpdateAlias": "lambda:ListAliases",
}


def put_gateway_responses(place: Place, gateway: Any, rest_api: str) -> None:
    """Set the gateway responses of the template on the emulated API. ``gateway`` is an AWS client.

    MiniStack accepts the API's definition but ignores the gateway responses in it.
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
    # As on AWS, changes take effect when the stage is deployed.
    gateway.create_deployment(restApiId=rest_api, stageName=API_STAGE)


def tell_public_url(gateway: Any, rest_api: str, url: str) -> None:
    """Tell the API its URL. MiniStack serves the API below a path, but its events do not contain that path."""
    variable = {"op": "replace", "path": f"/variables/{PUBLIC_URL}", "value": url}
    gateway.update_stage(restApiId=rest_api, stageName=API_STAGE, patchOperations=[variable])


def allow_plain_http(s3: Any, sqs: Any, buckets: Iterable[str], stack_name: str) -> None:
    """Remove the rule "TLS only" from buckets and queues, because the emulator is reached over plain HTTP, on loopback.

    MiniStack obeys the rule only when it enforces IAM. The buckets' policies contain no other rule (tests/infra).
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
    """Adapt the stack's role policies where the emulator reads policies differently from AWS."""
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            if role["RoleName"].startswith(f"{stack_name}-"):
                _fit_policies_of(iam, role["RoleName"])


def _fit_policies_of(iam: Any, role: str) -> None:
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        for statement in document["Statement"]:
            _allow_under_other_names(statement)
            _forget_conditional_writes(statement)
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def _allow_under_other_names(statement: dict[str, Any]) -> None:
    """Allow calls also under the names by which the emulator checks them."""
    actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
    checked = {_CHECKED_AS[action] for action in actions if action in _CHECKED_AS}
    statement["Action"] = [*actions, *sorted(checked - set(actions))]


def _forget_conditional_writes(statement: dict[str, Any]) -> None:
    """Remove conditions on If-None-Match. MiniStack obeys the header, but its policies do not see it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    """
    if "s3:if-none-match" in statement.get("Condition", {}).get("Null", {}):
        del statement["Condition"]


def choose_lines_by_words(logs: Any, stack_name: str) -> None:
    """Replace JSON patterns of subscription filters by words, because MiniStack does not support JSON patterns.

    So it passes on more lines than AWS does. The functions behind the filters check each line themselves.
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
    """Let stream readers start from the beginning when the emulator starts on kept ``state``.

    MiniStack keeps how many records each reader has read, but not the records. Without this, it would skip as many
    new ones.
    """
    file = state / "lambda.json"
    if file.exists():
        kept = json.loads(file.read_text())
        kept["payload"].pop("dynamodb_stream_positions", None)
        file.write_text(json.dumps(kept))
