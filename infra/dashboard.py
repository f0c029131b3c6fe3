"""A CloudWatch dashboard of the stack, for the operator who wants one: it costs three dollars a month.

It shows only metrics that AWS records anyway, so nothing else is paid for. Alarms do not need it.
"""

from collections.abc import Iterable, Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.functions import Functions
from infra.messaging import Messaging
from infra.storage import Storage

FIVE_MINUTES = cdk.Duration.minutes(5)
# Of the 24 columns of a dashboard.
HALF = 12


class Dashboard(Construct):
    """What comes in, how the functions do, what waits, and how the table is used.

    ``apis`` are the names of the APIs, each with its stage.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        name: str,
        *,
        functions: Functions,
        messaging: Messaging,
        storage: Storage,
        apis: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        board = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name, default_interval=cdk.Duration.days(1))
        handles = functions.handles.values()
        board.add_widgets(
            _graph("Calls of the APIs", (_api_metric(*api, "Count", "Sum") for api in apis.items())),
            _graph("Errors of the APIs (5xx)", (_api_metric(*api, "5XXError", "Sum") for api in apis.items())),
            _graph("Latency of the APIs, p99 (ms)", (_api_metric(*api, "Latency", "p99") for api in apis.items())),
            _graph("Errors of functions", (one.metric_errors(period=FIVE_MINUTES) for one in handles)),
            _graph(
                "Duration of functions, p99 (ms)",
                (one.metric_duration(period=FIVE_MINUTES, statistic="p99") for one in handles),
            ),
            _graph("Throttled functions", (one.metric_throttles(period=FIVE_MINUTES) for one in handles)),
            _graph(
                "Dead letters",
                (
                    queue.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum")
                    for queue in messaging.dead_letters.values()
                ),
            ),
            _graph(
                "Oldest delivery and oldest step in their queues (s)",
                (
                    queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum")
                    for queue in (messaging.delivery, messaging.steps)
                ),
            ),
            _graph(
                "Units of the table",
                (
                    cloudwatch.Metric(
                        namespace="AWS/DynamoDB",
                        metric_name=name,
                        dimensions_map={"TableName": storage.table.table_name},
                        period=FIVE_MINUTES,
                        statistic="Sum",
                    )
                    for name in ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
                ),
            ),
        )


def _graph(title: str, metrics: Iterable[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=HALF, left_y_axis={"min": 0})


def _api_metric(api_name: str, stage: str, name: str, statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name=name,
        dimensions_map={"ApiName": api_name, "Stage": stage},
        period=FIVE_MINUTES,
        statistic=statistic,
    )
