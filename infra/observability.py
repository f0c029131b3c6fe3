"""Alarms. Each description says what the person on call should do."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from chalicelib.aws.names import (
    AUTHENTICATION_FAILED,
    DISABLED_LINE,
    DRIFTED_LINE,
    OVERRIDE_ROUTE,
    RELEASE_ROUTE,
    STATE_DIFFERS,
)
from infra.functions import Functions
from infra.messaging import Messaging
from infra.options import StackOptions
from infra.storage import Storage
from infra.workload import ANCHORER, API, AUTHORIZER, KEEPER, RELAY, SENDER, SIGNER, WORKLOADS

FIVE_MINUTES = cdk.Duration.minutes(5)
NAMESPACE = "Moorage"
REACHED = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
# Dead letters without an alarm of their own, because each alarm costs ten cents a month. What the relay gives up, the
# keeper sends again, whose alarm tells if it cannot either. The anchorer's failures raise NothingAnchored.
WATCHED_OTHERWISE = (RELAY, ANCHORER)


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
        access_log: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = options.stage
        topic_arn = options.alarm_topic_arn
        self._topic = sns.Topic.from_topic_arn(self, "Topic", topic_arn) if topic_arn else None
        for name, queue in messaging.dead_letters.items():
            if name in WATCHED_OTHERWISE or (name == SIGNER and not options.signs_models):
                continue
            self._alarm(
                f"{name.capitalize()}DeadLetters",
                queue.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum"),
                threshold=1,
                advice=WORKLOADS[name].dead_letters or "",
            )
        self._watch_server_errors(access_log)
        self._watch_authentication(functions)
        self._watch_overrides(functions)
        self._watch_state(functions)
        self._watch_automation(functions)
        self._alarm(
            "RelayLate",
            functions.handles[RELAY].metric("IteratorAge", period=FIVE_MINUTES, statistic="Maximum"),
            threshold=15 * 60 * 1000,
            advice="Events reach the bus more than 15 minutes late. Read the relay's log: a record that always "
            "fails blocks the records behind it.",
        )
        self._watch_clocks(options.anchor_hours, functions)
        self._alarm(
            "WritesThrottled",
            # Throttling by an index counts here too; the table's own metrics leave it out. Reads that stay throttled
            # are server errors.
            # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
            cloudwatch.Metric(
                namespace="AWS/DynamoDB",
                metric_name="ThrottledRequests",
                dimensions_map={"TableName": storage.table.table_name, "Operation": "TransactWriteItems"},
                period=FIVE_MINUTES,
                statistic="Sum",
            ),
            threshold=1,
            advice="DynamoDB refuses writes. On demand, a table doubles what it takes within minutes, so wait. "
            "If it goes on, one model is written too fast (a partition takes 1,000 write units a second), or the table "
            "has a maximum set.",
        )
        self._alarm(
            "DeliveriesWaiting",
            messaging.delivery.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum"),
            threshold=1_000,
            periods=3,
            advice="Webhook deliveries pile up. Look for a slow receiver in the delivery logs and disable "
            "its webhook, or raise the sender's concurrency.",
        )

    def _watch_server_errors(self, access_log: logs.ILogGroup) -> None:
        """Count the 5xx of both APIs in their access log: an alarm on API Gateway's own metric is paid for each API."""
        # API Gateway writes the status as a text.
        server_error = logs.FilterPattern.string_value("$.status", "=", "5*")
        self._alarm(
            "ServerErrors",
            self._counted("ServerErrors", {"RequestsFailed": (access_log, server_error)}),
            threshold=5,
            advice="An API answers 5xx. Look for status 500 in the access log and follow request_id into the api "
            "function's log, or into that of the web function if the route is below /ui. Without such a line, Lambda "
            "refused the call: ask AWS for a higher quota of concurrency, or lower throttle_rate. 503 and 504 point to "
            "a throttled or slow DynamoDB.",
        )

    def _watch_authentication(self, functions: Functions) -> None:
        """Count refused credentials. The authorizer judges tokens; the API function judges AWS principals."""
        refused = _lines(AUTHENTICATION_FAILED)
        counted = {
            f"{name.capitalize()}AuthenticationFailures": (functions.log_groups[name], refused)
            for name in (API, AUTHORIZER)
        }
        self._alarm(
            "AuthenticationFailures",
            self._counted("AuthenticationFailures", counted),
            threshold=50,
            advice="At least 50 credentials were refused in five minutes. Look for authentication_failed in the logs "
            "of the authorizer and the api function: reason says why; token, issuer or arn says whose. One id that "
            "repeats is probably a pipeline with an expired token; many different ids are probably an attack.",
        )

    def _watch_clocks(self, anchor_hours: int, functions: Functions) -> None:
        """Raise an alarm if what the clock starts did not run when it should have, or if nothing was anchored."""
        self._alarm(
            "KeeperAbsent",
            functions.handles[KEEPER].metric_invocations(period=FIVE_MINUTES, statistic="Sum"),
            threshold=0,
            periods=3,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
            missing=cloudwatch.TreatMissingData.BREACHING,
            advice="The keeper did not run when it should have. Check that its rule is enabled and that the function "
            "is not throttled, then invoke it with an empty event.",
        )
        self._alarm(
            "NothingAnchored",
            # Each invocation counts 0 or 1 errors. So the least is 0 in an hour in which one succeeded.
            functions.handles[ANCHORER].metric_errors(period=cdk.Duration.hours(1), statistic="Minimum"),
            threshold=1,
            # An alarm looks back seven days at most, so an anchorer that runs once a week gets no hour of grace.
            periods=min(anchor_hours + 1, 168),
            missing=cloudwatch.TreatMissingData.BREACHING,
            advice="The audit trail was not anchored when it should have been: the anchorer failed, or did not run. "
            "Find the cause in its log. Without a line there, check that its rule is enabled and that the function is "
            "not throttled. Then invoke it with an empty event. The chain of anchors continues from the last one.",
        )

    def _watch_overrides(self, functions: Functions) -> None:
        """Raise an alarm for each transition that overrode its gates, and each release from quarantine.

        Both are broken glass, so they share an alarm, which is paid for. Ending a release answers 204.
        """
        counted = {
            filter_id: (
                functions.log_groups[API],
                logs.FilterPattern.all(
                    logs.FilterPattern.string_value("$.route", "=", route),
                    logs.FilterPattern.number_value("$.status", "=", 200),
                ),
            )
            for filter_id, route in (("Overrides", OVERRIDE_ROUTE), ("QuarantineReleases", RELEASE_ROUTE))
        }
        self._alarm(
            "GatesOverridden",
            self._counted("Overrides", counted),
            threshold=1,
            advice="Somebody moved a version despite its gates or approvals, or released one from quarantine. The "
            "event with the trigger override (version.transitioned or quarantine.released) says who did it, why, and "
            "what was overridden. Check that it was intended.",
        )

    def _watch_state(self, functions: Functions) -> None:
        """Raise an alarm for each ledger whose stored state differs from its events."""
        self._alarm(
            "StateDiffers",
            self._counted("StateDiffers", {"StateDifferences": (functions.log_groups[KEEPER], _lines(STATE_DIFFERS))}),
            threshold=1,
            advice="What is stored is not what the events tell: somebody wrote past the registry. The line "
            "state_differs in the keeper's log names the ledger and the places. Run moorage audit verify --state "
            "--bytes on it.",
        )

    def _watch_automation(self, functions: Functions) -> None:
        """Raise an alarm for each webhook that the sender disabled, and each target that drifts.

        Both are for who runs the automation, so they share an alarm, which is paid for.
        """
        counted = {
            "WebhooksDisabled": (functions.log_groups[SENDER], _lines(DISABLED_LINE)),
            "TargetsDrifting": (functions.log_groups[API], _lines(DRIFTED_LINE)),
        }
        self._alarm(
            "AutomationFailing",
            self._counted("AutomationFailing", counted),
            threshold=1,
            advice="A webhook was disabled because its receiver kept failing or answered 410, or a target serves "
            "something else than what is wanted there. The line webhook_disabled in the sender's log, or target_drifts "
            "in the api function's, names it and says why.",
        )

    def _counted(
        self, name: str, patterns: Mapping[str, tuple[logs.ILogGroup, logs.IFilterPattern]]
    ) -> cloudwatch.Metric:
        """How many log lines fit within five minutes: each pattern, by the id of its filter, in its log group."""
        metric = f"{name}-{self._stage}"
        for filter_id, (log_group, pattern) in patterns.items():
            logs.MetricFilter(
                self,
                filter_id,
                log_group=log_group,
                filter_pattern=pattern,
                metric_namespace=NAMESPACE,
                metric_name=metric,
                metric_value="1",
            )
        return cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric, period=FIVE_MINUTES, statistic="Sum")

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


def _lines(kind: str) -> logs.IFilterPattern:
    """The lines of one kind in a function's log."""
    return logs.FilterPattern.string_value("$.log", "=", kind)
