"""Findings of cdk-nag that we accept, each with its reason and only for the construct that it concerns."""

import aws_cdk as cdk
from constructs import IConstruct

from infra.platforms import patterns_in
from infra.stack import MoorageStack
from infra.workload import DEPLOYER


def acknowledge(stack: MoorageStack) -> None:
    """Accept the findings below for the named constructs; any other finding fails the synthesis."""
    account = "<AWS::AccountId>" if cdk.Token.is_unresolved(stack.account) else stack.account
    bucket = _finding_arn(stack, stack.storage.bucket, f"arn:<AWS::Partition>:s3:::{stack.storage.bucket.bucket_name}")
    table = _finding_arn(
        stack,
        stack.storage.table,
        f"arn:<AWS::Partition>:dynamodb:{stack.region}:{account}:table/{stack.storage.table.table_name}",
    )
    anchors = _finding_arn(stack, stack.anchoring.bucket, "")
    _accept(
        stack.storage.bucket,
        "AwsSolutions-S1",
        "Server access logs would hold presigned URLs and need a second bucket. The API's access log shows who fetched "
        "what; CloudTrail data events are the operator's choice (docs/operations.md).",
    )
    _accept(
        stack.anchoring.bucket,
        "AwsSolutions-S1",
        "Nobody can change or remove anything in it, and only auditors read it; CloudTrail data events are the "
        "operator's choice (docs/operations.md).",
    )
    for secret in (stack.credentials.admin, stack.credentials.signing):
        _accept(
            secret,
            "AwsSolutions-SMG4",
            "Not a database password: rotating the administrator's secret locks out its holder, and rotating the "
            "signing key changes every webhook's secret. Operators rotate both by hand (docs/operations.md).",
        )
    if stack.model_signing.secret is not None:
        _accept(
            stack.model_signing.secret,
            "AwsSolutions-SMG4",
            "It is the operator's own key: whoever verifies must learn of a new one (docs/guides/signing.md).",
        )
    for queue in stack.messaging.dead_letters.values():
        _accept(
            queue,
            "AwsSolutions-SQS3",
            "This is itself a dead-letter queue, of a rule, of Lambda or of a stream; cdk-nag does not see that.",
        )
    for policy in stack.functions.policies.values():
        _accept(
            policy,
            "AwsSolutions-IAM5[Resource::*]",
            "xray:PutTraceSegments and xray:PutTelemetryRecords take no resource, and Lambda asks for the actions that "
            "attach a function to a VPC on every resource. What the deployer may list or describe on its platforms has "
            "no resource either (infra/platforms.py).",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::{bucket}/artifacts/*]",
            "Object keys are made at run time; the permission is limited to the prefix of artifacts.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::{bucket}/evidence/*]",
            "Object keys are made at run time; the permission is limited to the prefix of evidence files.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::{bucket}/vulnerabilities/*]",
            "The key of an advisory index is its digest; the permission is limited to their prefix.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::{bucket}/mlflow/*]",
            "Clients name what they log; the permission is limited to the prefix of logged files.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::{anchors}/anchors/*]",
            "Anchors are numbered at run time; the permission is limited to their prefix.",
        )
        _accept(
            policy,
            f"AwsSolutions-IAM5[Resource::{table}/stream/*]",
            "dynamodb:ListStreams lists all streams of the table, so it cannot name one of them.",
        )
    for pattern in patterns_in(stack.on_platforms):
        shown = pattern.replace(stack.partition, "<AWS::Partition>").replace(stack.account, account)
        _accept(
            stack.functions.policies[DEPLOYER],
            f"AwsSolutions-IAM5[Resource::{shown}]",
            "The operator named it in an option of the stack, or the deployer makes things with names that begin so.",
        )
    if stack.second_opinion is not None:
        _accept(
            stack.second_opinion.policy,
            f"AwsSolutions-IAM5[Resource::{bucket}/artifacts/*]",
            "Object keys are made at run time; the permission is limited to the prefix of artifacts.",
        )
        _accept(
            stack.second_opinion.policy,
            "AwsSolutions-IAM5[Resource::*]",
            "Lambda asks for the actions that attach a function to a VPC on every resource.",
        )
    functions = [stack.web.function, *([] if stack.second_opinion is None else [stack.second_opinion.function])]
    for function in functions:
        _accept(
            function,
            "AwsSolutions-L1",
            "All functions run on the Python that the option python names, which is the one that builds their package.",
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


def _finding_arn(stack: MoorageStack, construct: IConstruct, restored: str) -> str:
    """The ARN of a bucket or table as cdk-nag writes it in a finding: ``restored`` if it is not in the template."""
    resource = construct.node.default_child
    return f"<{stack.get_logical_id(resource)}.Arn>" if isinstance(resource, cdk.CfnElement) else restored
