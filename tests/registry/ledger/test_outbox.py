"""An event leaves the outbox when the bus has confirmed it, and only then."""

from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.registry.ledger import outbox
from chalicelib.registry.ledger.isolation import Isolated
from chalicelib.registry.ledger.outbox import deliver, redeliver_overdue
from tests.registry.build import model
from tests.registry.ledger.bus import LEDGER, Bus, committed, waiting

FOREVER = Instant("2999-01-01T00:00:00.000Z")


def test_confirmed_events_leave_the_outbox_and_refused_ones_stay(registry: Services) -> None:
    events = committed(registry, 3)
    Bus(registry, refused=frozenset({2}))
    assert deliver(registry, events) == 1
    assert waiting(registry) == 2


def test_delivering_again_an_event_that_has_left_the_outbox_does_no_harm(registry: Services) -> None:
    events = committed(registry, 1)
    bus = Bus(registry)
    assert deliver(registry, events) == deliver(registry, events) == 1
    assert (bus.accepted, waiting(registry)) == (["model.created"] * 2, 0)


def test_overdue_events_are_delivered_in_order_and_once(registry: Services) -> None:
    committed(registry, 3)
    bus = Bus(registry)
    assert redeliver_overdue(registry, FOREVER) == 3
    assert bus.accepted == ["model.created", "model.updated", "model.updated"]
    assert redeliver_overdue(registry, FOREVER) == 0


def test_fresh_events_are_left_to_the_relay(registry: Services) -> None:
    committed(registry, 2)
    assert redeliver_overdue(registry, Instant("2000-01-01T00:00:00.000Z")) == 0
    assert waiting(registry) == 2


def test_more_events_than_one_page_are_all_delivered(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_PAGE", 2)
    committed(registry, 5)
    Bus(registry)
    assert redeliver_overdue(registry, FOREVER) == 5
    assert waiting(registry) == 0


def test_an_event_that_the_relay_delivers_meanwhile_is_not_delivered_again(registry: Services) -> None:
    """The index still shows the event when it is read; the event itself shows that it was delivered."""
    events = committed(registry, 1)
    bus = Bus(registry)

    def relay(**_: Any) -> None:
        if not bus.accepted:
            deliver(registry, events)

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.BatchGetItem", relay)
    assert redeliver_overdue(registry, FOREVER) == 0
    assert bus.accepted == ["model.created"]


def test_a_refused_event_holds_up_its_own_ledger_and_no_other(registry: Services) -> None:
    committed(registry, 3)
    # A model whose events lie in the same shard, after those of the first.
    others = (f"other-{number}" for number in range(1_000))
    other = next(name for name in others if keys.shard(f"model:{name}") == keys.shard(LEDGER))
    model(registry, other)
    Bus(registry, refused=frozenset({2}))
    isolated = Isolated(lambda: 900.0)
    assert redeliver_overdue(registry, FOREVER, isolated) == 2
    assert (isolated.failed, waiting(registry)) == (1, 2)
