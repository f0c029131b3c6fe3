"""The SQS queue of deliveries. A message names the delivery; its event and its log entry are in the table."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant
from chalicelib.domain.webhooks.deliveries import Delivery

# Limit of SendMessageBatch.
MAX_BATCH: Final = 10
# The longest delay of a message, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
MAX_DELAY_SECONDS: Final = 900
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class QueuedDelivery:
    """The content of a message: enough to create the delivery's log entry if there is none yet."""

    delivery: str
    webhook: str
    event_type: str
    ledger: str | None
    sequence: int | None
    created_at: Instant
    round: int = 1
    part: int | None = None


def queued_of(delivery: Delivery) -> QueuedDelivery:
    """The content of the message that has a delivery sent in its present round."""
    return QueuedDelivery(
        delivery=delivery.id,
        webhook=delivery.webhook,
        event_type=delivery.event_type,
        ledger=delivery.ledger,
        sequence=delivery.sequence,
        created_at=delivery.created_at,
        round=delivery.round,
        part=delivery.part,
    )


class QueueRefusedError(Exception):
    """SQS refused some messages. All may be queued again: each delivery is claimed before it is sent."""


class DeliveryQueue:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, deliveries: Sequence[QueuedDelivery], delay_seconds: int = 0) -> None:
        """Queue every delivery, to be received after ``delay_seconds``, at most 900.

        Tries again those that SQS refuses; raises QueueRefusedError if it keeps refusing.
        """
        for start in range(0, len(deliveries), MAX_BATCH):
            self._send_batch(deliveries[start : start + MAX_BATCH], delay_seconds)

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """Make a received message visible again after ``seconds``."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )

    def _send_batch(self, deliveries: Sequence[QueuedDelivery], delay_seconds: int) -> None:
        delayed = {"DelaySeconds": delay_seconds} if delay_seconds else {}
        entries = [
            {"Id": str(index), "MessageBody": canonical_json(asdict(delivery)), **delayed}
            for index, delivery in enumerate(deliveries)
        ]
        failed: list[dict[str, Any]] = []
        for _ in range(_ATTEMPTS):
            failed = self._client.send_message_batch(QueueUrl=self._url, Entries=entries).get("Failed", [])
            refused = {failure["Id"] for failure in failed}
            entries = [entry for entry in entries if entry["Id"] in refused]
            if not entries:
                return
        codes = ", ".join(sorted({str(failure.get("Code")) for failure in failed}))
        raise QueueRefusedError(f"SQS refused {len(failed)} of {len(deliveries)} deliveries: {codes}")


def parse_message(body: str) -> QueuedDelivery:
    """The delivery in the body of a message."""
    return QueuedDelivery(**json.loads(body))
