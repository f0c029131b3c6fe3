"""What invokes each event-driven function, how often a failure is retried, and where failed events go."""

import json
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_logs_destinations as log_destinations
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chalicelib.aws import names
from chalicelib.domain.ledger import event_types
from infra.functions import Functions
from infra.messaging import Messaging
from infra.options import StackOptions
from infra.storage import Storage
from infra.workload import (
    ANCHORER,
    API,
    DEPLOYER,
    INTAKE,
    KEEPER,
    NOTIFIER,
    PROMOTER,
    QUARANTINE,
    RELAY,
    SCANNER,
    SENDER,
    SIGNER,
    USAGE,
)


class Triggers(Construct):
    """What invokes each function.

    Stream to relay and quarantine; bus to promoter, notifier, intake, signer, deployer, scanner; queues to sender and
    deployer; clock to keeper, anchorer; log to usage.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        options: StackOptions,
        *,
        storage: Storage,
        messaging: Messaging,
        functions: Functions,
    ) -> None:
        super().__init__(scope, construct_id)
        self._messaging = messaging
        self._functions = functions
        self._stream_to("StreamToRelay", storage, RELAY, _event_items(), messaging.dead_letters[RELAY])
        if options.scans:
            # A stream may have two readers. A third would be throttled:
            # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
            queue = messaging.dead_letters[SCANNER]
            self._stream_to("StreamToQuarantine", storage, QUARANTINE, _scan_results(), queue)
            self._rule_on_bus("VersionsToScanner", SCANNER, sorted(event_types.SCANNER_EVENTS))
        lambda_.EventSourceMapping(
            self,
            "QueueToSender",
            target=functions.handles[SENDER],
            event_source_arn=messaging.delivery.queue_arn,
            batch_size=5,
            report_batch_item_failures=True,
            # A slow receiver must not use up the account's concurrency.
            max_concurrency=10,
        )
        if options.deploys:
            # Lambda asks a queue day and night, which costs more than all that is asked about.
            lambda_.EventSourceMapping(
                self,
                "StepsToDeployer",
                target=functions.handles[DEPLOYER],
                event_source_arn=messaging.steps.queue_arn,
                batch_size=1,
                # A slow platform must not use up the account's concurrency.
                max_concurrency=5,
            )
        self._rule_on_bus("GatesToPromoter", PROMOTER, sorted(event_types.PROMOTER_EVENTS))
        self._rule_on_bus("AllToNotifier", NOTIFIER, None)
        self._rule_on_bus(
            "SourcesToIntake",
            INTAKE,
            [event_types.VERSION_CREATED],
            {"after": {names.INTAKE: [names.DEFERRED]}},
        )
        if options.signs_models:
            self._rule_on_bus("ReadyToSigner", SIGNER, sorted(event_types.SIGNER_EVENTS))
        self._rule_on_bus("MovesToDeployer", DEPLOYER, sorted(event_types.DEPLOYER_EVENTS))
        self._fire(
            events.Rule(
                self,
                "ClockToKeeper",
                description="Moorage housekeeping",
                schedule=events.Schedule.rate(cdk.Duration.minutes(5)),
            ),
            KEEPER,
            # The next run comes soon, so a failed run is not repeated.
            max_event_age=cdk.Duration.minutes(5),
            retry_attempts=0,
        )
        self._fire(
            events.Rule(
                self,
                "ClockToAnchorer",
                description="Moorage audit trail",
                schedule=events.Schedule.rate(cdk.Duration.hours(options.anchor_hours)),
            ),
            ANCHORER,
            max_event_age=cdk.Duration.hours(1),
            retry_attempts=2,
        )
        self._log_to_usage()

    def _stream_to(
        self, mapping_id: str, storage: Storage, function: str, pattern: str, dead_letters: sqs.IQueue
    ) -> None:
        """Give ``function`` the records of the table's stream that the filter ``pattern`` passes."""
        mapping = lambda_.CfnEventSourceMapping(
            self,
            mapping_id,
            function_name=self._functions.handles[function].function_arn,
            event_source_arn=storage.table.table_stream_arn,
            # Not LATEST, which would miss what is written before the first poll.
            starting_position="TRIM_HORIZON",
            batch_size=100,
            maximum_batching_window_in_seconds=0,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=10,
            function_response_types=["ReportBatchItemFailures"],
            filter_criteria=lambda_.CfnEventSourceMapping.FilterCriteriaProperty(
                filters=[lambda_.CfnEventSourceMapping.FilterProperty(pattern=pattern)]
            ),
            destination_config=lambda_.CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(destination=dead_letters.queue_arn)
            ),
        )
        mapping.node.add_dependency(self._functions.chalice)

    def _log_to_usage(self) -> None:
        """Send the API's usage lines to the usage function.

        CloudWatch Logs invokes it asynchronously. After two retries, a failed batch goes to the function's queue.
        """
        logs.SubscriptionFilter(
            self,
            "LogToUsage",
            log_group=self._functions.log_groups[API],
            destination=log_destinations.LambdaDestination(self._functions.handles[USAGE]),
            filter_pattern=logs.FilterPattern.string_value("$.log", "=", names.USAGE_LINE),
        )
        self._keep_failures(USAGE, max_event_age=cdk.Duration.hours(6), retry_attempts=2)

    def _rule_on_bus(
        self, rule_id: str, function: str, detail_types: list[str] | None, detail: dict[str, Any] | None = None
    ) -> None:
        rule = events.Rule(
            self,
            rule_id,
            event_bus=self._messaging.bus,
            event_pattern=events.EventPattern(source=[names.EVENT_SOURCE], detail_type=detail_types, detail=detail),
        )
        self._fire(rule, function, max_event_age=cdk.Duration.hours(6), retry_attempts=2)

    def _fire(self, rule: events.Rule, function: str, *, max_event_age: cdk.Duration, retry_attempts: int) -> None:
        """Let ``rule`` invoke ``function``. An event is kept if Lambda refuses it and if the function fails."""
        handle, queue = self._functions.handles[function], self._messaging.dead_letters[function]
        rule.add_target(targets.LambdaFunction(handle, dead_letter_queue=queue, max_event_age=max_event_age))
        self._keep_failures(function, max_event_age=max_event_age, retry_attempts=retry_attempts)

    def _keep_failures(self, function: str, *, max_event_age: cdk.Duration, retry_attempts: int) -> None:
        lambda_.EventInvokeConfig(
            self,
            f"{function.capitalize()}Failures",
            function=self._functions.handles[function],
            max_event_age=max_event_age,
            retry_attempts=retry_attempts,
            on_failure=destinations.SqsDestination(self._messaging.dead_letters[function]),
        )


def _event_items() -> str:
    """The stream filter. It passes only new event items, so other writes cost no invocation."""
    return json.dumps(
        {
            "eventName": ["INSERT"],
            "dynamodb": {"Keys": {names.SORT_KEY: {"S": [{"prefix": names.EVENT_PREFIX}]}}},
        }
    )


def _scan_results() -> str:
    """The stream filter of the function quarantine: results of scans and second opinions.

    A repeated scan overwrites the result.
    """
    prefixes = (names.SCANNED_PREFIX, names.OPINION_PREFIX)
    return json.dumps(
        {
            "eventName": ["INSERT", "MODIFY"],
            "dynamodb": {
                "Keys": {
                    names.PARTITION_KEY: {"S": [{"prefix": prefix} for prefix in prefixes]},
                    names.SORT_KEY: {"S": [names.SCAN_RESULT]},
                }
            },
        }
    )
