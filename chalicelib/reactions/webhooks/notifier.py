"""Queues the deliveries of an event from the bus, for each webhook that wants it."""

from typing import Any

from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.registry.webhooks.queueing import queue_event


def notifier(event: dict[str, Any], context: Any) -> None:
    """Queue the deliveries of one event. Lambda retries a failure, and a retry delivers nothing twice."""
    detail = event["detail"]
    with correlated(correlation_of(detail)):
        queued = queue_event(services(), detail)
        log_line(
            "notifier",
            event_id=detail["id"],
            type=detail["type"],
            queued=queued,
            request_id=context.aws_request_id,
        )
