"""The log keeps a delivery whole, and of two writers at once only one writes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import TIME_TO_LIVE
from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry
from chalicelib.domain.instants import Instant, epoch_seconds, later
from chalicelib.domain.webhooks.deliveries import Attempt, Delivery, State

NOW = Instant("2026-11-23T09:30:00.000Z")


def delivery(number: int = 1) -> Delivery:
    attempt = Attempt(NOW, 12, None, "the connection failed", "ünïcode")
    return Delivery(
        f"d{number}",
        "w1",
        "model_version.created",
        "model:fraud",
        7,
        NOW,
        round=2,
        claims=1,
        next_attempt_at=NOW,
        attempts=(attempt,),
        part=3,
    )


@pytest.fixture
def log(registry: Services) -> DeliveryLog:
    return DeliveryLog(registry.table)


def test_a_delivery_reads_back_as_it_was_saved(log: DeliveryLog) -> None:
    assert log.get("w1", "d1") is None
    saved = log.save(Entry(delivery()), delivery(), NOW)
    assert saved == log.get("w1", "d1") == Entry(delivery(), 1)


def test_a_change_of_what_somebody_else_changed_meanwhile_is_not_saved(log: DeliveryLog) -> None:
    first = log.save(Entry(delivery()), delivery(), NOW)
    assert first is not None
    done = replace(delivery(), state=State.SUCCEEDED)
    assert log.save(first, done, NOW) == Entry(done, 2)
    assert log.save(first, replace(delivery(), state=State.FAILED), NOW) is None
    assert log.save(Entry(delivery()), delivery(), NOW) is None, "it is not new any more"
    assert log.get("w1", "d1") == Entry(done, 2)


def test_a_save_in_a_transaction_has_the_same_condition(registry: Services, log: DeliveryLog) -> None:
    new = Entry(delivery())
    registry.table.transact([log.save_write(new, delivery(), NOW)])
    assert log.get("w1", "d1") == Entry(delivery(), 1)
    with pytest.raises(LostRaceError):
        registry.table.transact([log.save_write(new, delivery(), NOW)])


def test_the_newest_come_first_page_by_page_and_of_one_webhook_only(log: DeliveryLog) -> None:
    for number in (1, 2, 3):
        log.save(Entry(delivery(number)), delivery(number), NOW)
    other = replace(delivery(4), webhook="w2")
    log.save(Entry(other), other, NOW)
    page, more = log.newest("w1", 2, None)
    assert ([found.id for found in page], more) == (["d3", "d2"], True)
    page, more = log.newest("w1", 2, "d2")
    assert ([found.id for found in page], more) == (["d1"], False)


def test_an_entry_expires_thirty_days_after_its_last_write(registry: Services, log: DeliveryLog) -> None:
    log.save(Entry(delivery()), delivery(), NOW)
    item = registry.table.get(keys.delivery("w1", "d1"))
    assert item is not None
    assert item[TIME_TO_LIVE] == epoch_seconds(later(NOW, timedelta(days=30)))


def test_deliveries_in_one_state_are_found_in_two_calls_without_the_others(
    registry: Services, log: DeliveryLog
) -> None:
    states = [State.SUCCEEDED] * 30 + [State.FAILED] * 3 + [State.SUCCEEDED] * 30
    for number, state in enumerate(states):
        one = replace(delivery(), id=f"d{number:03d}", state=state)
        log.save(Entry(one), one, NOW)
    calls: list[str] = []
    registry.client("dynamodb").meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )
    page, after = log.newest_in("w1", State.FAILED, 2, None)
    assert [one.id for one in page] == ["d032", "d031"]
    assert calls == ["Query", "BatchGetItem"]
    rest, end = log.newest_in("w1", State.FAILED, 2, after)
    assert ([one.id for one in rest], end) == (["d030"], None)
    assert log.newest_in("w2", State.FAILED, 2, None) == ([], None)


def test_a_delivery_that_has_changed_its_state_is_found_in_the_new_one_only(log: DeliveryLog) -> None:
    saved = log.save(Entry(delivery()), delivery(), NOW)
    assert saved is not None
    log.save(saved, replace(delivery(), state=State.FAILED), NOW)
    assert log.newest_in("w1", State.PENDING, 10, None) == ([], None)
    assert [one.id for one in log.newest_in("w1", State.FAILED, 10, None)[0]] == ["d1"]
