"""A receiver that keeps failing has its webhook disabled, with an event, a reason and a line for the alarm."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.names import DISABLED_LINE
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.counters import note_failure
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.domain.webhooks.health import LONGEST_FAILING, MAX_FAILURES, Health
from chalicelib.registry.webhooks import deliveries, saving, webhooks
from chalicelib.registry.webhooks.saving import CreatedWebhook
from tests.reactions.webhooks.receiving import (
    Answer,
    Clock,
    DeliveryQueueDouble,
    Receiver,
    last_event,
    log_of,
    notify,
    webhook,
)
from tests.registry.build import request
from tests.registry.faults import failing


def fail(registry: Services, queue: DeliveryQueueDouble, created: CreatedWebhook, times: int = 1) -> None:
    """Deliveries that fail for good with their first attempt."""
    for _ in range(times):
        deliveries.queue_test(registry, request(), created.webhook.id)
    queue.send(queue.receive())


def health(registry: Services, created: CreatedWebhook) -> Health:
    return webhooks.get_health(registry, created.webhook.id)[1]


@pytest.fixture
def down(outgoing: Services, outside: Receiver) -> CreatedWebhook:
    """A webhook whose receiver answers 500, and whose deliveries are attempted once."""
    outside.answers = [Answer(500)]
    return webhook(outgoing, outside.url, events=["webhook.*"], max_attempts=1)


def test_so_many_failures_in_a_row_disable_a_webhook_and_say_why(
    outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook, capsys: pytest.CaptureFixture[str]
) -> None:
    fail(outgoing, queue, down, MAX_FAILURES - 1)
    assert webhooks.get_webhook(outgoing, down.webhook.id).enabled
    capsys.readouterr()
    fail(outgoing, queue, down)
    disabled = webhooks.get_webhook(outgoing, down.webhook.id)
    assert not disabled.enabled
    assert f"{MAX_FAILURES} deliveries in a row failed for good" in disabled.disabled_reason
    event = last_event(outgoing, "registry")
    assert (event["type"], event["actor"], event["subject"]) == (
        event_types.WEBHOOK_DISABLED,
        "sender",
        down.webhook.id,
    )
    assert event["reason"] == disabled.disabled_reason
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["webhook"] for line in lines if line["log"] == DISABLED_LINE] == [down.webhook.id]


def test_other_webhooks_are_told_that_one_was_disabled(
    outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook, outside: Receiver
) -> None:
    watching = webhook(outgoing, outside.url, events=["webhook.disabled"])
    fail(outgoing, queue, down, MAX_FAILURES)
    queue.receive()
    outside.answers = [Answer(204)]
    notify(last_event(outgoing, "registry"))
    assert queue.send(queue.receive()) == []
    (logged,) = log_of(outgoing, watching)
    assert (logged.event_type, logged.state) == (event_types.WEBHOOK_DISABLED, State.SUCCEEDED)


def test_one_success_ends_the_row(
    outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook, outside: Receiver
) -> None:
    fail(outgoing, queue, down, MAX_FAILURES - 1)
    outside.answers = [Answer(204)]
    fail(outgoing, queue, down)
    assert health(outgoing, down) == Health()
    outside.answers = [Answer(500)]
    fail(outgoing, queue, down, MAX_FAILURES - 1)
    assert webhooks.get_webhook(outgoing, down.webhook.id).enabled
    assert health(outgoing, down).failures == MAX_FAILURES - 1


def test_days_of_failure_without_a_success_disable_a_webhook(
    outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(outgoing, monkeypatch)
    since = clock.now
    fail(outgoing, queue, down)
    clock.move_to(later(since, LONGEST_FAILING - timedelta(seconds=1)))
    fail(outgoing, queue, down)
    assert health(outgoing, down) == Health(since, 2)
    clock.move_to(later(since, LONGEST_FAILING))
    fail(outgoing, queue, down)
    assert webhooks.get_webhook(outgoing, down.webhook.id).disabled_reason == f"no delivery has succeeded since {since}"


def test_a_failure_that_is_tried_again_tells_since_when_and_counts_no_lost_delivery(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(outgoing, monkeypatch)
    since = clock.now
    created = webhook(outgoing, outside.url)
    outside.answers = [Answer(500), Answer(500), Answer(204)]
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    kept = queue.send(queue.receive())
    for _ in range(2):
        assert health(outgoing, created) == Health(since, 0)
        clock.move_to(log_of(outgoing, created)[0].next_attempt_at)
        kept = queue.send(kept)
    assert kept == [] and health(outgoing, created) == Health()


@pytest.mark.parametrize(
    "change", [{"enabled": True}, {"url": "http://127.0.0.1:9/other"}, {"custom_headers": {"X-Env": "prod"}}]
)
def test_whoever_enables_a_webhook_or_changes_how_it_is_reached_begins_anew(
    outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook, change: dict[str, Any]
) -> None:
    fail(outgoing, queue, down, MAX_FAILURES)
    assert health(outgoing, down).failures == MAX_FAILURES
    saving.update_webhook(outgoing, request(), down.webhook.id, WebhookChange(**change))
    assert health(outgoing, down) == Health()


def test_new_secrets_begin_anew_too(outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook) -> None:
    own = down.webhook.id
    for change in (
        lambda: saving.update_webhook(outgoing, request(), own, WebhookChange(), headers={"Authorization": "Bearer x"}),
        lambda: saving.rotate_secret(outgoing, request(), own, 0),
    ):
        fail(outgoing, queue, down)
        assert health(outgoing, down).failures == 1
        change()
        assert health(outgoing, down) == Health()


def test_a_webhook_that_is_reached_otherwise_meanwhile_is_not_disabled(
    outgoing: Services, down: CreatedWebhook
) -> None:
    own = down.webhook.id
    saving.update_webhook(outgoing, request(), own, WebhookChange(), headers={"Authorization": "Bearer x"})
    saving.disable_failing(outgoing, "r", down.webhook, "it kept failing")
    saving.disable_gone(outgoing, "r", down.webhook)
    assert webhooks.get_webhook(outgoing, own).enabled


def test_changing_anything_else_keeps_the_count(
    outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook
) -> None:
    fail(outgoing, queue, down)
    saving.update_webhook(outgoing, request(), down.webhook.id, WebhookChange(description="x"))
    assert health(outgoing, down).failures == 1


def test_nothing_is_kept_of_a_deleted_webhook_that_failed(
    outgoing: Services, queue: DeliveryQueueDouble, down: CreatedWebhook
) -> None:
    fail(outgoing, queue, down)
    saving.delete_webhook(outgoing, request(), down.webhook.id)
    assert outgoing.table.query(f"WEBHOOK#{down.webhook.id}", "HEALTH", 1)[0] == []


def test_a_receiver_that_is_well_costs_no_write_beyond_the_log(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = webhook(outgoing, outside.url)
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    records = queue.receive()
    calls: list[str] = []
    outgoing.client("dynamodb").meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )
    assert queue.send(records) == []
    assert calls == ["BatchGetItem", "PutItem", "PutItem"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_counts_at_most_one_failure_too_few(
    when: Any, outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    outside.answers = [Answer(500)]
    nth = 1
    while True:
        created = webhook(outgoing, outside.url, events=["webhook.*"], max_attempts=1)
        for _ in range(MAX_FAILURES - 1):
            note_failure(outgoing.table, created.webhook.id, outgoing.clock(), for_good=True)
        deliveries.queue_test(outgoing, request(), created.webhook.id)
        own = created.webhook.id
        records = [record for record in queue.receive() if json.loads(record["body"])["webhook"] == own]
        with failing(outgoing, nth, when) as fault:
            queue.send(records)
        # The next delivery, of a message of its own.
        fail(outgoing, queue, created)
        assert not webhooks.get_webhook(outgoing, created.webhook.id).enabled
        if not fault.struck:
            break
        nth += 1
    assert nth > 4, "read, claim, settle, count and disable were each struck"
