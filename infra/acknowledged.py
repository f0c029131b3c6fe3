"""Findings of cdk-nag that are meant to be so, each with its reason and held to the construct it concerns."""

from aws_cdk import Validations

from infra.stack import MoorageStack

PACK = "AwsSolutions"


def acknowledge(stack: MoorageStack) -> None:
    """Accept the findings below where they are named; every other finding fails the synthesis."""
    bucket = stack.get_logical_id(stack.storage.bucket.node.default_child)  # type: ignore[arg-type]
    table = stack.get_logical_id(stack.storage.table.node.default_child)  # type: ignore[arg-type]
    accepted = Validations.of(stack.storage.bucket)
    accepted.acknowledge(
        id=f"{PACK}::AwsSolutions-S1",
        reason="Server access logs would hold presigned URLs, and need a second bucket. Who may fetch what is in the "
        "API's access log; CloudTrail data events are the operator's choice (docs/operations.md).",
    )
    for secret in (stack.credentials.admin, stack.credentials.signing):
        Validations.of(secret).acknowledge(
            id=f"{PACK}::AwsSolutions-SMG4",
            reason="Not a database password: rotating the administrator's secret locks out its holder, and rotating "
            "the signing key changes every webhook's secret. Both are rotated by hand (docs/operations.md).",
        )
    for queue in stack.messaging.dead_letters.values():
        Validations.of(queue).acknowledge(
            id=f"{PACK}::AwsSolutions-SQS3",
            reason="It is a dead-letter queue: of a rule, of Lambda or of a stream, which cdk-nag does not look at.",
        )
    for policy in stack.functions.policies.values():
        accepted = Validations.of(policy)
        accepted.acknowledge(
            id=f"{PACK}::AwsSolutions-IAM5[Resource::*]",
            reason="xray:PutTraceSegments and xray:PutTelemetryRecords take no resource.",
        )
        accepted.acknowledge(
            id=f"{PACK}::AwsSolutions-IAM5[Resource::<{bucket}.Arn>/artifacts/*]",
            reason="Object keys are made at run time; the right ends at the prefix of artifacts.",
        )
        accepted.acknowledge(
            id=f"{PACK}::AwsSolutions-IAM5[Resource::<{table}.Arn>/stream/*]",
            reason="dynamodb:ListStreams asks which streams the table has.",
        )
    if stack.gateway.account_log_role is not None:
        Validations.of(stack.gateway.account_log_role).acknowledge(
            id=f"{PACK}::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs]",
            reason="The policy that API Gateway documents for its account-wide log role.",
        )
