"""A range of event times is delivered again: in parts, once, under the same ids, with what was missed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Delivery, State, first_id
from chalicelib.domain.webhooks.ranges import Range
from chalicelib.registry.ledger.commit import Idempotency, Request
from chalicelib.registry.models import models
from chalicelib.registry.webhooks import missed, redelivery, saving
from chalicelib.registry.webhooks.redelivery import redeliver_range
from tests.registry.arranged import a_schedule_that_has_fired
from tests.registry.build import ADMIN, model, request

URL = "https://203.0.114.10/hook"
NOW = Instant("2026-11-23T09:30:00.000Z")
HOUR = timedelta(hours=1)
DAY = Range(later(NOW, -24 * HOUR), later(NOW, HOUR))


@pytest.fixture
def sent(registry: Services, monkeypatch: pytest.MonkeyPatch) -> list[QueuedDelivery]:
    """What is queued, at a time that stands still."""
    queued: list[QueuedDelivery] = []
    monkeypatch.setattr(registry, "clock", lambda: NOW)
    monkeypatch.setattr(registry.queue, "send", lambda sent, _=0: queued.extend(sent))
    return queued


def webhook(registry: Services, **given: Any) -> str:
    return saving.create_webhook(registry, request(), URL, WebhookChange(**given)).result.webhook.id


def logged(registry: Services, hook: str, states: Sequence[State], at: Instant = NOW) -> list[Delivery]:
    """Deliveries of events of a minute each, in these states."""
    log, made = DeliveryLog(registry.table), []
    for number, state in enumerate(states):
        time = later(at, timedelta(minutes=number))
        delivery = Delivery(first_id(time) + f"{number:020d}", hook, "x", "model:fraud", number + 1, time, state=state)
        found = log.get(hook, delivery.id)
        assert found is None
        assert log.save(Entry(delivery), delivery, NOW)
        made.append(delivery)
    return made


def whole(registry: Services, hook: str, wanted: Range) -> list[int]:
    """Deliver a whole range again. Returns how many deliveries each call queued."""
    counts, start = [], None
    while True:
        done = redeliver_range(registry, request(), hook, wanted, start).result
        counts.append(done.queued)
        start = done.next_start
        if start is None:
            return counts


def rounds(registry: Services, deliveries: Sequence[Delivery]) -> list[int]:
    log = DeliveryLog(registry.table)
    return [entry.delivery.round for one in deliveries if (entry := log.get(one.webhook, one.id)) is not None]


def test_settled_deliveries_are_queued_under_their_ids_and_pending_ones_are_left_alone(
    registry: Services, sent: list[QueuedDelivery]
) -> None:
    hook = webhook(registry)
    made = logged(registry, hook, [State.SUCCEEDED, State.FAILED, State.PENDING, State.CANCELLED])
    assert whole(registry, hook, DAY) == [3]
    assert [(one.delivery, one.round) for one in sent] == [(made[n].id, 2) for n in (0, 1, 3)]
    assert rounds(registry, made) == [2, 2, 1, 2]


def test_only_deliveries_in_the_chosen_states_are_queued(registry: Services, sent: list[QueuedDelivery]) -> None:
    hook = webhook(registry)
    made = logged(registry, hook, [State.SUCCEEDED, State.FAILED])
    assert whole(registry, hook, replace(DAY, states=(State.FAILED,))) == [1]
    assert [one.delivery for one in sent] == [made[1].id]


def test_a_range_takes_the_events_from_its_beginning_to_before_its_end(
    registry: Services, sent: list[QueuedDelivery]
) -> None:
    hook = webhook(registry)
    made = logged(registry, hook, [State.FAILED] * 4)
    minute = timedelta(minutes=1)
    assert whole(registry, hook, Range(later(NOW, minute), later(NOW, 3 * minute))) == [2]
    assert [one.delivery for one in sent] == [made[1].id, made[2].id]


def test_a_test_of_the_webhook_is_not_sent_again(registry: Services, sent: list[QueuedDelivery]) -> None:
    hook = webhook(registry)
    test = Delivery(first_id(NOW) + "0" * 20, hook, "webhook.test", None, None, NOW, state=State.FAILED)
    DeliveryLog(registry.table).save(Entry(test), test, NOW)
    assert whole(registry, hook, DAY) == [0]


def test_a_long_range_is_done_in_parts_that_leave_nothing_out(
    registry: Services, sent: list[QueuedDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redelivery, "_ENTRIES", 3)
    hook = webhook(registry)
    made = logged(registry, hook, [State.FAILED] * 7)
    assert whole(registry, hook, DAY) == [3, 3, 1]
    assert [one.delivery for one in sent] == [one.id for one in made]


def test_a_repeated_call_begins_no_second_round_but_queues_what_may_have_been_lost(
    registry: Services, sent: list[QueuedDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redelivery, "_ENTRIES", 2)
    hook = webhook(registry)
    made = logged(registry, hook, [State.FAILED] * 3)
    keyed = Request(ADMIN, "r1", Idempotency("k1", "range"))

    def lost(*_: object) -> None:
        raise ConnectionError("died before it queued")

    with monkeypatch.context() as dying:
        dying.setattr(registry.queue, "send", lost)
        with pytest.raises(ConnectionError):
            redeliver_range(registry, keyed, hook, DAY, None)
    assert sent == []
    again = redeliver_range(registry, keyed, hook, DAY, None)
    assert again.replayed and again.result.queued == 2
    assert [(one.delivery, one.round) for one in sent] == [(one.id, 2) for one in made[:2]]
    assert again.result.next_start == {"id": made[1].id}
    assert rounds(registry, made) == [2, 2, 1]


def events(registry: Services, names: Mapping[str, Instant], monkeypatch: pytest.MonkeyPatch) -> None:
    """A model made at each of these times."""
    for name, time in names.items():
        with monkeypatch.context() as then:
            then.setattr(registry, "clock", lambda time=time: time)
            model(registry, name)


def test_events_that_a_webhook_missed_are_delivered_once(
    registry: Services, sent: list[QueuedDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = webhook(registry, models=["fraud*"], events=["model.created"])
    times = {
        "fraud-before": later(NOW, -25 * HOUR),
        "fraud-first": later(NOW, -24 * HOUR),
        "fraud-last": NOW,
        "fraud-after": later(NOW, HOUR),
        "credit": NOW,
    }
    events(registry, times, monkeypatch)
    wanted = replace(DAY, missed=True)
    whole(registry, hook, wanted)
    assert sorted(str(one.ledger) for one in sent) == ["model:fraud-first", "model:fraud-last"]
    assert {(one.webhook, one.event_type, one.round) for one in sent} == {(hook, "model.created", 1)}

    (first, *_), ids = sent, {one.delivery for one in sent}
    delivered = Delivery(first.delivery, hook, "model.created", first.ledger, 1, NOW, state=State.SUCCEEDED)
    DeliveryLog(registry.table).save(Entry(delivered), delivered, NOW)
    sent.clear()
    whole(registry, hook, replace(wanted, states=(State.FAILED,)))
    assert {one.delivery for one in sent} == ids - {first.delivery}, "one that is in the log was not missed"


def test_the_events_of_a_long_ledger_are_found_in_parts_from_the_first_of_the_range(
    registry: Services, sent: list[QueuedDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "_EVENTS", 4)
    hook = webhook(registry, models=["*"], events=["model.updated"])
    model(registry)
    for number in range(20):
        with monkeypatch.context() as then:
            then.setattr(registry, "clock", lambda number=number: later(NOW, timedelta(minutes=number)))
            models.update_model(registry, request(), "fraud", ProfileChange(description=str(number)))
    within = Range(later(NOW, timedelta(minutes=5)), later(NOW, timedelta(minutes=15)), missed=True)
    counts = whole(registry, hook, within)
    # The model's own event is the first of its ledger.
    assert [one.sequence for one in sent] == list(range(7, 17))
    assert max(counts) <= 4


def test_many_ledgers_are_gone_through_in_parts(
    registry: Services, sent: list[QueuedDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "_SEARCHED", 2)
    monkeypatch.setattr(missed, "_LEDGERS", 3)
    hook = webhook(registry, events=["model.created"])
    for number in range(15):
        model(registry, f"model-{number}")
    counts = whole(registry, hook, replace(DAY, missed=True))
    assert sorted(str(one.ledger) for one in sent) == sorted(f"model:model-{number}" for number in range(15))
    assert max(counts) <= 2


def test_events_of_the_registrys_own_ledger_are_missed_only_by_who_watches_everything(
    registry: Services, sent: list[QueuedDelivery]
) -> None:
    some, everything = webhook(registry, models=["f*"]), webhook(registry)
    wanted = replace(DAY, missed=True)
    whole(registry, some, wanted)
    assert sent == []
    whole(registry, everything, wanted)
    assert [(one.ledger, one.event_type) for one in sent] == [("registry", "webhook.created")] * 2


def test_firings_are_missed_by_who_watches_the_models_that_they_are_for(
    registry: Services, sent: list[QueuedDelivery]
) -> None:
    watching = webhook(registry, models=["fraud*"], events=["schedule.*"])
    elsewhere = webhook(registry, models=["credit*"], events=["schedule.*"])
    a_schedule_that_has_fired(registry, "fraud-*")
    for hook in (watching, elsewhere):
        whole(registry, hook, replace(DAY, missed=True))
    assert [(one.webhook, one.event_type) for one in sent] == [(watching, "schedule.fired")]
