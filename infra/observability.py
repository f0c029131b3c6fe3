"""Alarms. Each says what a person woken by it should do."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.functions import API_STAGE, Functions
from infra.gateway import Gateway
from infra.messaging import Messaging
from infra.options import StackOptions
from infra.workload import API, AUTHORIZER, RELAY, WORKLOADS

FIVE_MINUTES = cdk.Duration.minutes(5)


class Observability(Construct):
    """What is watched, with the topic that hears of it if the operator named one."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        options: StackOptions,
        *,
        functions: Functions,
        messaging: Messaging,
        gateway: Gateway,
    ) -> None:
        super().__init__(scope, construct_id)
        topic_arn = options.alarm_topic_arn
        self._topic = sns.Topic.from_topic_arn(self, "Topic", topic_arn) if topic_arn else None
        for name, queue in messaging.dead_letters.items():
            self._alarm(
                f"{name.capitalize()}DeadLetters",
                queue.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum"),
                threshold=1,
                advice=WORKLOADS[name].dead_letters or "",
            )
        self._alarm(
            "ServerErrors",
            _api_metric(gateway, "5XXError", "Sum"),
            threshold=5,
            advice="The API answers 5xx. Look for status 500 in its access log and follow request_id into "
            "the api function's log; 503 and 504 point to throttling or slowness.",
        )
        self._alarm(
            "SlowAnswers",
            _api_metric(gateway, "Latency", "p99"),
            threshold=5_000,
            periods=3,
            advice="One call in a hundred takes over 5 s. Compare function_ms with latency_ms in the access "
            "log, then look at throttled DynamoDB requests and cold starts.",
        )
        for name in (API, AUTHORIZER):
            self._alarm(
                f"{name.capitalize()}Throttled",
                functions.handles[name].metric_throttles(period=FIVE_MINUTES, statistic="Sum"),
                threshold=1,
                advice="Lambda refuses calls because the account's concurrency is used up. Ask AWS for more, "
                "or lower throttle_rate.",
            )
        self._alarm(
            "RelayLate",
            functions.handles[RELAY].metric("IteratorAge", period=FIVE_MINUTES, statistic="Maximum"),
            threshold=15 * 60 * 1000,
            advice="Events reach the bus over 15 minutes late. Read the relay's log: a record that always "
            "fails holds back the ones behind it.",
        )
        self._alarm(
            "DeliveriesWaiting",
            messaging.delivery.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum"),
            threshold=1_000,
            periods=3,
            advice="Webhook deliveries pile up. Look for a slow receiver in the delivery logs and disable "
            "its webhook, or raise the sender's concurrency.",
        )

    def _alarm(
        self, alarm_id: str, metric: cloudwatch.Metric, *, threshold: float, advice: str, periods: int = 1
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            alarm_id,
            metric=metric,
            alarm_description=advice,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=periods,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._topic is not None:
            alarm.add_alarm_action(actions.SnsAction(self._topic))


def _api_metric(gateway: Gateway, name: str, statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name=name,
        dimensions_map={"ApiName": gateway.api_name, "Stage": API_STAGE},
        period=FIVE_MINUTES,
        statistic=statistic,
    )
