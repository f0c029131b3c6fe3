"""Sends queued deliveries to receivers: one signed POST a message, tried again on a schedule until it succeeds."""

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services, services
from chalicelib.aws.webhooks.delivery_queue import parse_message
from chalicelib.aws.webhooks.outbound import DEADLINE_SECONDS, Outbound
from chalicelib.registry.webhooks.sending import send
from chalicelib.registry.webhooks.webhooks import outbound

# Time for an attempt and the reads and writes around it.
_MILLISECONDS_NEEDED: Final = int((DEADLINE_SECONDS + 10) * 1000)


def sender(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Attempt the deliveries of a batch. Those due again are reported as failures, so that they stay in the queue."""
    registry = services()
    http = outbound(registry)
    unfinished = [record["messageId"] for record in event["Records"] if not _attempt(registry, http, record, context)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in unfinished]}


def _attempt(registry: Services, http: Outbound, record: Mapping[str, Any], context: Any) -> bool:
    """Attempt one delivery. Returns whether its message may leave the queue; a failure affects no other message."""
    if context.get_remaining_time_in_millis() < _MILLISECONDS_NEEDED:
        _postpone(registry, record, 0)
        return False
    line: dict[str, Any] = {"message": record["messageId"], "request_id": context.aws_request_id}
    try:
        queued = parse_message(record["body"])
        line |= {"webhook": queued.webhook, "delivery": queued.delivery, "type": queued.event_type}
        progress = send(registry, http, queued, context.aws_request_id)
        if progress.held_back:
            # A new message, which has not been received yet, in place of this one.
            registry.queue.send([queued], progress.again_in or 0)
    except Exception as error:  # noqa: BLE001 - the message stays in the queue and is tried again
        log_line("sender", **line, state="error", error=type(error).__name__, detail=str(error)[:500])
        return False
    with correlated(progress.correlation_id):
        log_line(
            "sender",
            **line,
            state=progress.state,
            status=progress.status,
            attempt=progress.attempt,
            again_in=progress.again_in,
        )
    if progress.again_in is None or progress.held_back:
        return True
    _postpone(registry, record, progress.again_in)
    return False


def _postpone(registry: Services, record: Mapping[str, Any], seconds: int) -> None:
    """Hide the message for some time. If the queue refuses, its own visibility timeout applies."""
    try:
        registry.queue.postpone(record["receiptHandle"], seconds)
    except (ClientError, BotoCoreError) as error:
        log_line("sender", message=record["messageId"], state="not postponed", error=type(error).__name__)
