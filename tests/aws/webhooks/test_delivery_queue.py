"""Messages of the delivery queue read back, and those that SQS refuses are sent again, for some time."""

from typing import Any

import pytest

from chalicelib.aws.webhooks.delivery_queue import DeliveryQueue, QueuedDelivery, QueueRefusedError, parse_message
from chalicelib.domain.instants import Instant

NOW = Instant("2026-11-23T09:30:00.000Z")


class Client:
    """SQS's client: ``refusals`` holds, for each call, the positions of the messages that it refuses."""

    def __init__(self, *refusals: set[int]) -> None:
        self.batches: list[list[str]] = []
        self._refusals = list(refusals)

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "https://queue"
        self.batches.append([entry["MessageBody"] for entry in Entries])
        refused = self._refusals.pop(0) if self._refusals else set()
        failed = [{"Id": Entries[position]["Id"], "Code": f"Code{position}"} for position in sorted(refused)]
        return {"Failed": failed} if failed else {}

    def sent(self) -> list[list[str]]:
        """The ids of the deliveries of each batch."""
        return [[parse_message(body).delivery for body in batch] for batch in self.batches]


def delivery(number: int) -> QueuedDelivery:
    return QueuedDelivery(f"d{number}", "w1", "model.created", "model:fraud", 7, NOW)


def send(client: Client, count: int) -> None:
    DeliveryQueue(client, "https://queue").send([delivery(number) for number in range(count)])


@pytest.mark.parametrize(
    "queued",
    [
        QueuedDelivery("d1", "w1", "webhook.test", None, None, NOW),
        QueuedDelivery("d1", "w1", "model_version.created", "model:größe", 7, NOW, round=3, part=2),
    ],
)
def test_a_message_reads_back_as_it_was_queued(queued: QueuedDelivery) -> None:
    client = Client()
    DeliveryQueue(client, "https://queue").send([queued])
    assert parse_message(client.batches[0][0]) == queued


def test_a_message_of_an_earlier_release_reads_with_the_defaults() -> None:
    body = '{"delivery":"d0","webhook":"w1","event_type":"model.created","ledger":"model:fraud","sequence":7,'
    assert parse_message(body + f'"created_at":"{NOW}"}}') == delivery(0)


def test_deliveries_are_queued_in_batches_of_ten() -> None:
    client = Client()
    send(client, 23)
    assert [len(batch) for batch in client.batches] == [10, 10, 3]
    assert [found for batch in client.sent() for found in batch] == [f"d{number}" for number in range(23)]


def test_only_the_refused_messages_are_sent_again() -> None:
    client = Client({0, 2}, {1})
    send(client, 4)
    assert client.sent() == [["d0", "d1", "d2", "d3"], ["d0", "d2"], ["d2"]]


def test_a_queue_that_keeps_refusing_is_an_error_with_its_codes() -> None:
    client = Client({0, 1}, {0, 1}, {0, 1})
    with pytest.raises(QueueRefusedError, match="2 of 2 deliveries: Code0, Code1"):
        send(client, 2)
    assert len(client.batches) == 3


def test_a_delay_is_that_of_every_message() -> None:
    seen: list[int] = []

    class Delayed(Client):
        def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
            seen.extend(entry["DelaySeconds"] for entry in Entries)
            return super().send_message_batch(QueueUrl, Entries)

    DeliveryQueue(Delayed(), "https://queue").send([delivery(number) for number in range(12)], 70)
    assert seen == [70] * 12
