"""The function that gives second opinions on pickles, if the operator asks for them.

It is no function of Chalice's: those share one package, and what reads hostile files with somebody else's code is to be
packed with nothing else. The same events fire it as the scanner; the function ``quarantine`` joins what both say.
"""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from constructs import Construct

from chalicelib.aws import names
from chalicelib.domain.ledger import event_types
from infra.function_role import function_role
from infra.log_group import RetainedLogGroup
from infra.messaging import Messaging
from infra.network import Network
from infra.options import StackOptions
from infra.runtime import checked_runtime
from infra.workload import SCANNER, WORKLOADS

HANDLER = "chalicelib.reactions.scanning.opinion.opinion"
MAX_EVENT_AGE = cdk.Duration.hours(6)
RETRIES = 2


class SecondOpinion(Construct):
    """The function ``opinion``, with its role, its rule and its log. What it fails at goes to the scanner's queue."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        options: StackOptions,
        *,
        package: Path,
        messaging: Messaging,
        network: Network,
        environment: dict[str, str],
        permissions: list[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = RetainedLogGroup(self, "Log", options)
        # It reads the same hostile files, so it is closed in as the scanner is.
        attachment = network.attachment(SCANNER)
        needed = [*permissions, *([attachment.statement] if attachment else [])]
        role, self.policy = function_role(self, "opinion", log_group, needed)
        self.function = lambda_.Function(
            self,
            "Function",
            description="Gives second opinions on pickles",
            code=lambda_.Code.from_asset(str(package)),
            handler=HANDLER,
            runtime=lambda_.Runtime(checked_runtime(options.python)),
            architecture=lambda_.Architecture.custom(options.architecture),
            memory_size=WORKLOADS[SCANNER].memory_megabytes,
            timeout=cdk.Duration.seconds(WORKLOADS[SCANNER].timeout_seconds),
            environment=environment,
            role=role.without_policy_updates(),
            log_group=log_group,
        )
        resource = self.function.node.default_child
        if not isinstance(resource, lambda_.CfnFunction):
            raise TypeError("the function of second opinions is not a CloudFormation function")
        if attachment:
            resource.add_property_override("VpcConfig", attachment.configuration)
        # A function that is invoked at once would fail until its policy exists.
        resource.node.add_dependency(self.policy)
        queue = messaging.dead_letters[SCANNER]
        rule = events.Rule(
            self,
            "Versions",
            event_bus=messaging.bus,
            event_pattern=events.EventPattern(
                source=[names.EVENT_SOURCE], detail_type=sorted(event_types.SCANNER_EVENTS)
            ),
        )
        rule.add_target(targets.LambdaFunction(self.function, dead_letter_queue=queue, max_event_age=MAX_EVENT_AGE))
        lambda_.EventInvokeConfig(
            self,
            "Failures",
            function=self.function,
            max_event_age=MAX_EVENT_AGE,
            retry_attempts=RETRIES,
            on_failure=destinations.SqsDestination(queue),
        )
