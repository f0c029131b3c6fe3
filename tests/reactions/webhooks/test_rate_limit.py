"""The rate limit of a webhook: what is over it waits in the queue, and uses up no attempt."""

import json

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.registry.webhooks import deliveries
from tests.reactions.webhooks.receiving import Clock, DeliveryQueueDouble, Receiver, log_of, webhook
from tests.registry.build import request


@pytest.fixture
def clock(outgoing: Services, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Ten seconds into a minute."""
    clock = Clock(outgoing, monkeypatch)
    clock.move_to(Instant(f"{clock.now[:17]}10.000Z"))
    return clock


def delays(queue: DeliveryQueueDouble, registry: Services) -> list[int]:
    """The delays of the messages that are sent from now on."""
    seen: list[int] = []
    registry.client("sqs").meta.events.register(
        "provide-client-params.sqs.SendMessageBatch",
        lambda params, **_: seen.extend(entry.get("DelaySeconds", 0) for entry in params["Entries"]),
    )
    return seen


def test_deliveries_over_the_limit_are_queued_anew_and_their_messages_leave_the_queue(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, clock: Clock
) -> None:
    created = webhook(outgoing, outside.url, rate_limit=2)
    for _ in range(5):
        deliveries.queue_test(outgoing, request(), created.webhook.id)
    records = queue.receive()
    delayed = delays(queue, outgoing)
    assert queue.send(records) == [], (
        "a message that stayed would be received again and again, and end as a dead letter"
    )
    assert len(outside.received) == 2
    waiting = [one for one in log_of(outgoing, created) if one.state is State.PENDING]
    assert len(waiting) == 3
    assert {(one.claims, one.attempts) for one in waiting} == {(0, ())}
    # Two of them in the next minute, which begins in fifty seconds, and one in the minute after it.
    assert sorted(50 <= seconds < 110 for seconds in delayed) == [False, True, True]
    assert all(50 <= seconds < 170 for seconds in delayed)
    assert queue.postponed == []


def test_what_waited_is_sent_in_its_minute_with_all_attempts_to_come(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, clock: Clock
) -> None:
    created = webhook(outgoing, outside.url, rate_limit=1)
    for _ in range(2):
        deliveries.queue_test(outgoing, request(), created.webhook.id)
    records = queue.receive()
    queue.send(records)
    (waiting,) = (one for one in log_of(outgoing, created) if one.state is State.PENDING)
    (message,) = (record for record in records if json.loads(record["body"])["delivery"] == waiting.id)
    assert queue.send([message]) == [message], "too early"
    assert len(outside.received) == 1
    clock.move_to(waiting.next_attempt_at)
    assert queue.send([message]) == []
    assert len(outside.received) == 2
    (sent,) = (one for one in log_of(outgoing, created) if one.id == waiting.id)
    assert (sent.state, sent.claims) == (State.SUCCEEDED, 1)


def test_a_webhook_without_a_limit_counts_nothing(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = webhook(outgoing, outside.url)
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    queue.send(queue.receive())
    assert len(outside.received) == 1
    assert outgoing.table.query(f"WEBHOOK#{created.webhook.id}", "MINUTE#", 1)[0] == []
