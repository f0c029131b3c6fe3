"""The SQS queue of deliveries. A message says what to attempt; event and log entry lie in the table."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant

# Limit of SendMessageBatch.
MAX_BATCH: Final = 10
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class QueuedDelivery:
    """What a message says: enough to make the delivery's log entry, if it has none yet."""

    delivery: str
    webhook: str
    event_type: str
    ledger: str | None
    sequence: int | None
    created_at: Instant
    round: int = 1
    part: int | None = None


class QueueRefusedError(Exception):
    """SQS did not take every message. Sending all again does no harm: each is claimed before it is sent."""


class DeliveryQueue:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, deliveries: Sequence[QueuedDelivery]) -> None:
        """Queue every delivery, those that SQS refuses again. Raises QueueRefusedError if that is no use."""
        for start in range(0, len(deliveries), MAX_BATCH):
            self._send_batch(deliveries[start : start + MAX_BATCH])

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """Show a received message again after ``seconds``."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )

    def _send_batch(self, deliveries: Sequence[QueuedDelivery]) -> None:
        entries = [
            {"Id": str(index), "MessageBody": canonical_json(asdict(delivery))}
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
    """The delivery that a message's body names."""
    return QueuedDelivery(**json.loads(body))
