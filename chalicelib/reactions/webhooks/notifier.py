"""Event bus to delivery queue: one message for each webhook that an event is for."""

from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.registry.webhooks.deliveries import queue_event


def notifier(event: dict[str, Any], context: Any) -> None:
    """Queue the deliveries of one event; a failure is retried by Lambda and doubles nothing."""
    detail = event["detail"]
    queued = queue_event(services(), detail)
    log_line(
        "notifier",
        event_id=detail["id"],
        type=detail["type"],
        queued=queued,
        request_id=context.aws_request_id,
    )
