"""Log groups with the retention that the operator chose."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.options import StackOptions


class RetainedLogGroup(logs.LogGroup):
    """A log group with the stack's retention. It outlives the stack if the stack keeps its data."""

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions) -> None:
        super().__init__(
            scope,
            construct_id,
            removal_policy=cdk.RemovalPolicy.RETAIN if options.keeps_data else cdk.RemovalPolicy.DESTROY,
        )
        # CDK takes the period as a member of an enumeration; CloudFormation takes the number of days that we have.
        resource = self.node.default_child
        if not isinstance(resource, logs.CfnLogGroup):
            raise TypeError(f"{construct_id} is not a CloudFormation log group")
        resource.retention_in_days = options.log_retention_days
