"""Alarms. Each description says what the person on call should do."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from chalicelib.aws.names import AUTHENTICATION_FAILED, DISABLED_LINE, DRIFTED_LINE, OVERRIDE_ROUTE, STATE_DIFFERS
from infra.functions import Functions
from infra.messaging import Messaging
from infra.options import StackOptions
from infra.storage import Storage
from infra.workload import ANCHORER, API, AUTHORIZER, KEEPER, RELAY, SENDER, WORKLOADS

FIVE_MINUTES = cdk.Duration.minutes(5)
NAMESPACE = "Moorage"
REACHED = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
# How the registry writes, and how it reads indexes. Throttling by an index counts here too; the table's own metrics
# leave it out. Other reads that stay throttled are server errors. Each alarm costs ten cents a month.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
TABLE_OPERATIONS = ("TransactWriteItems", "Query")


class Observability(Construct):
    """The alarms of the stack, and the topic that receives them if the operator named one."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        options: StackOptions,
        *,
        functions: Functions,
        messaging: Messaging,
        storage: Storage,
        apis: Mapping[str, tuple[str, str]],
    ) -> None:
        super().__init__(scope, construct_id)
        topic_arn = options.alarm_topic_arn
        self._topic = sns.Topic.from_topic_arn(self, "Topic", topic_arn) if topic_arn else None
        for name, queue in messaging.dead_letters.items():
            if name == RELAY:
                # What the relay gives up, the keeper sends again; only if it cannot either, somebody must look.
                continue
            self._alarm(
                f"{name.capitalize()}DeadLetters",
                queue.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum"),
                threshold=1,
                advice=WORKLOADS[name].dead_letters or "",
            )
        for prefix, (api_name, stage) in apis.items():
            self._alarm(
                f"{prefix}ServerErrors",
                api_metric(api_name, stage, "5XXError", "Sum"),
                threshold=5,
                advice="The API answers 5xx. Look for status 500 in its access log and follow request_id into "
                "the api function's log, or into that of the web function if the route is below /ui. Without such a "
                "line, Lambda refused the call: ask AWS for a higher quota of concurrency, or lower throttle_rate. 503 "
                "and 504 point to a throttled or slow DynamoDB.",
            )
        self._watch_authentication(options, functions)
        self._watch_overrides(options, functions)
        self._watch_state(options, functions)
        self._watch_automation(options, functions)
        self._alarm(
            "RelayLate",
            functions.handles[RELAY].metric("IteratorAge", period=FIVE_MINUTES, statistic="Maximum"),
            threshold=15 * 60 * 1000,
            advice="Events reach the bus more than 15 minutes late. Read the relay's log: a record that always "
            "fails blocks the records behind it.",
        )
        self._watch_clocks(options, functions)
        for operation in TABLE_OPERATIONS:
            self._alarm(
                f"{operation}Throttled",
                cloudwatch.Metric(
                    namespace="AWS/DynamoDB",
                    metric_name="ThrottledRequests",
                    dimensions_map={"TableName": storage.table.table_name, "Operation": operation},
                    period=FIVE_MINUTES,
                    statistic="Sum",
                ),
                threshold=1,
                advice="DynamoDB refuses requests. On demand, a table doubles what it takes within minutes, so wait. "
                "If it goes on, one model is written or read too fast (a partition takes 1,000 write units and 3,000 "
                "read units a second), or the table has a maximum set.",
            )
        self._alarm(
            "DeliveriesWaiting",
            messaging.delivery.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum"),
            threshold=1_000,
            periods=3,
            advice="Webhook deliveries pile up. Look for a slow receiver in the delivery logs and disable "
            "its webhook, or raise the sender's concurrency.",
        )

    def _watch_authentication(self, options: StackOptions, functions: Functions) -> None:
        """Count refused credentials. The authorizer judges tokens; the API function judges AWS principals."""
        metric = f"AuthenticationFailures-{options.stage}"
        for name in (API, AUTHORIZER):
            logs.MetricFilter(
                self,
                f"{name.capitalize()}AuthenticationFailures",
                log_group=functions.log_groups[name],
                filter_pattern=logs.FilterPattern.string_value("$.log", "=", AUTHENTICATION_FAILED),
                metric_namespace=NAMESPACE,
                metric_name=metric,
                metric_value="1",
            )
        self._alarm(
            "AuthenticationFailures",
            cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric, period=FIVE_MINUTES, statistic="Sum"),
            threshold=50,
            advice="At least 50 credentials were refused in five minutes. Look for authentication_failed in the logs "
            "of the authorizer and the api function: reason says why; token, issuer or arn says whose. One id that "
            "repeats is probably a pipeline with an expired token; many different ids are probably an attack.",
        )

    def _watch_clocks(self, options: StackOptions, functions: Functions) -> None:
        """Raise an alarm if a function that the clock invokes was not invoked when it should have been."""
        for name, period, periods in (
            (KEEPER, FIVE_MINUTES, 3),
            # An alarm looks back seven days at most, so an anchorer that runs once a week gets no hour of grace.
            (ANCHORER, cdk.Duration.hours(1), min(options.anchor_hours + 1, 168)),
        ):
            self._alarm(
                f"{name.capitalize()}Absent",
                functions.handles[name].metric_invocations(period=period, statistic="Sum"),
                threshold=0,
                periods=periods,
                comparison=cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
                missing=cloudwatch.TreatMissingData.BREACHING,
                advice=f"The {name} did not run when it should have. Check that its rule is enabled and that the "
                "function is not throttled, then invoke it with an empty event.",
            )

    def _watch_overrides(self, options: StackOptions, functions: Functions) -> None:
        """Raise an alarm for each transition that overrode its gates."""
        metric = f"Overrides-{options.stage}"
        logs.MetricFilter(
            self,
            "Overrides",
            log_group=functions.log_groups[API],
            filter_pattern=logs.FilterPattern.all(
                logs.FilterPattern.string_value("$.route", "=", OVERRIDE_ROUTE),
                logs.FilterPattern.number_value("$.status", "=", 200),
            ),
            metric_namespace=NAMESPACE,
            metric_name=metric,
            metric_value="1",
        )
        self._alarm(
            "GatesOverridden",
            cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric, period=FIVE_MINUTES, statistic="Sum"),
            threshold=1,
            advice="An administrator moved a version despite its gates or approvals. The version.transitioned event "
            "with the trigger override says who did it, why, and what was overridden. Check that it was intended.",
        )

    def _watch_state(self, options: StackOptions, functions: Functions) -> None:
        """Raise an alarm for each ledger whose stored state differs from its events."""
        metric = f"StateDiffers-{options.stage}"
        logs.MetricFilter(
            self,
            "StateDifferences",
            log_group=functions.log_groups[KEEPER],
            filter_pattern=logs.FilterPattern.string_value("$.log", "=", STATE_DIFFERS),
            metric_namespace=NAMESPACE,
            metric_name=metric,
            metric_value="1",
        )
        self._alarm(
            "StateDiffers",
            cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric, period=FIVE_MINUTES, statistic="Sum"),
            threshold=1,
            advice="What is stored is not what the events tell: somebody wrote past the registry. The line "
            "state_differs in the keeper's log names the ledger and the places. Run moorage audit verify --state "
            "--bytes on it.",
        )

    def _watch_automation(self, options: StackOptions, functions: Functions) -> None:
        """Raise an alarm for each webhook that the sender disabled, and each target that drifts.

        Both are for who runs the automation, so they share an alarm, which is paid for.
        """
        metric = f"AutomationFailing-{options.stage}"
        for name, function, line in (
            ("WebhooksDisabled", SENDER, DISABLED_LINE),
            ("TargetsDrifting", API, DRIFTED_LINE),
        ):
            logs.MetricFilter(
                self,
                name,
                log_group=functions.log_groups[function],
                filter_pattern=logs.FilterPattern.string_value("$.log", "=", line),
                metric_namespace=NAMESPACE,
                metric_name=metric,
                metric_value="1",
            )
        self._alarm(
            "AutomationFailing",
            cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric, period=FIVE_MINUTES, statistic="Sum"),
            threshold=1,
            advice="A webhook was disabled because its receiver kept failing or answered 410, or a target serves "
            "something else than what is wanted there. The line webhook_disabled in the sender's log, or target_drifts "
            "in the api function's, names it and says why.",
        )

    def _alarm(
        self,
        alarm_id: str,
        metric: cloudwatch.Metric,
        *,
        threshold: float,
        advice: str,
        periods: int = 1,
        comparison: cloudwatch.ComparisonOperator = REACHED,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            alarm_id,
            metric=metric,
            alarm_description=advice,
            threshold=threshold,
            comparison_operator=comparison,
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        if self._topic is not None:
            alarm.add_alarm_action(actions.SnsAction(self._topic))


def api_metric(api_name: str, stage: str, name: str, statistic: str) -> cloudwatch.Metric:
    """A metric of a stage of an API, over five minutes."""
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name=name,
        dimensions_map={"ApiName": api_name, "Stage": stage},
        period=FIVE_MINUTES,
        statistic=statistic,
    )
