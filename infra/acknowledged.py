"""Findings of cdk-nag that are meant to be so, each with its reason and held to the construct it concerns."""

import aws_cdk as cdk
from constructs import IConstruct

from infra.stack import MoorageStack


def acknowledge(stack: MoorageStack) -> None:
    """Accept the findings below where they are named; every other finding fails the synthesis."""
    _accept(
        stack.storage.bucket,
        "AwsSolutions-S1",
        "Server access logs would hold presigned URLs and need a second bucket. Who fetched what is in the "
        "API's access log; CloudTrail data events are the operator's choice (docs/operations.md).",
    )
    _accept(
        stack.anchoring.bucket,
        "AwsSolutions-S1",
        "Nothing in it can be changed or removed, and it is read by auditors only; CloudTrail data events are the "
        "operator's choice (docs/operations.md).",
    )
    for secret in (stack.credentials.admin, stack.credentials.signing):
        _accept(
            secret,
            "AwsSolutions-SMG4",
            "Not a database password: rotating the administrator's secret locks out its holder, rotating the "
            "signing key changes every webhook's secret. Both are rotated by hand (docs/operations.md).",
        )
    for queue in stack.messaging.dead_letters.values():
        _accept(
            queue,
            "AwsSolutions-SQS3",
            "A dead-letter queue of a rule, of Lambda or of a stream, which cdk-nag does not look at.",
        )
    for policy in stack.functions.policies.values():
        _accept(
            policy,
            "AwsSolutions-IAM5[Resource::*]",
            "xray:PutTraceSegments and xray:PutTelemetryRecords take no resource.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::<{_logical_id(stack, stack.storage.bucket)}.Arn>/artifacts/*]",
            "Object keys are made at run time; the right ends at the prefix of artifacts.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::<{_logical_id(stack, stack.storage.bucket)}.Arn>/mlflow/*]",
            "Clients name what they log; the right ends at the prefix of what was logged.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::<{_logical_id(stack, stack.anchoring.bucket)}.Arn>/anchors/*]",
            "Anchors are numbered at run time; the right ends at their prefix.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::<{_logical_id(stack, stack.storage.table)}.Arn>/stream/*]",
            "dynamodb:ListStreams asks which streams the table has.",
        )
    if stack.gateway.account_log_role is not None:
        _accept(
            stack.gateway.account_log_role,
            "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs]",
            "The policy that API Gateway documents for its account-wide log role.",
        )


def _accept(construct: IConstruct, finding: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment(id=f"AwsSolutions::{finding}", reason=reason))


def _logical_id(stack: MoorageStack, construct: IConstruct) -> str:
    """CDK-nag names a resource in a finding by its logical id."""
    resource = construct.node.default_child
    if not isinstance(resource, cdk.CfnElement):
        raise TypeError(f"{construct.node.path} is not one CloudFormation resource")
    return stack.get_logical_id(resource)
