"""The role of a function that is not one of Chalice's, which have theirs in infra/functions.py."""

from collections.abc import Iterable

from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct


def function_role(
    scope: Construct, name: str, log_group: logs.ILogGroup, statements: Iterable[iam.PolicyStatement] = ()
) -> tuple[iam.Role, iam.Policy]:
    """The role of the function ``name``, and its policy: it writes its log, and may do what ``statements`` say."""
    role = iam.Role(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description=f"What the Moorage function {name} may do",
    )
    writes_log = iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
    )
    return role, iam.Policy(scope, "Policy", roles=[role], statements=[*statements, writes_log])
