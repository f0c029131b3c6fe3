"""The keeper fires what is due, once, whatever happens between its steps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import ScheduleNotFoundError
from chalicelib.domain.schedules.decisions import ScheduleChange
from chalicelib.domain.schedules.schedule import Job
from chalicelib.registry.audit import audit
from chalicelib.registry.ledger.commit import Idempotency, Request
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.schedules import firing, saving, schedules
from tests.registry.arranged import a_model, a_schedule, a_schedule_that_is_due, pass_time
from tests.registry.build import ADMIN, request


def fired(registry: Services) -> list[dict[str, Any]]:
    """The firings that the registry's ledger tells of, oldest first."""
    events = audit.list_events(registry, "registry", "oldest", 100, None).items
    return [event for event in events if event["type"] == "schedule.fired"]


def test_a_due_schedule_fires_in_its_own_name(registry: Services) -> None:
    due = a_schedule_that_is_due(registry, "churn")

    sweep_due(registry, "run-1")

    (event,) = fired(registry)
    assert (event["actor"], event["trigger"], event["subject"]) == (f"schedule:{due.name}", "keeper", due.name)
    assert event["after"]["due_at"] == due.next_at


def test_nothing_fires_before_its_time(registry: Services) -> None:
    a_schedule(registry, "churn")

    sweep_due(registry, "run-1")

    assert fired(registry) == []


def test_times_that_passed_while_no_keeper_ran_are_made_up_for_once(registry: Services) -> None:
    a_schedule(registry, "churn")
    pass_time(registry, timedelta(hours=6, minutes=10))

    sweep_due(registry, "run-1")
    sweep_due(registry, "run-2")

    assert [event["after"]["missed"] for event in fired(registry)] == [5]


def test_two_keepers_at_once_fire_once(registry: Services) -> None:
    due = a_schedule_that_is_due(registry, "churn")

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda number: firing.fire_due(registry, due, f"run-{number}"), range(8)))

    assert sum(done) == len(fired(registry)) == 1


def test_a_schedule_that_is_disabled_after_it_was_found_due_does_not_fire(registry: Services) -> None:
    due = a_schedule_that_is_due(registry, "churn")
    saving.update_schedule(registry, request(), due.name, ScheduleChange(enabled=False))

    assert not firing.fire_due(registry, due, "run-1")
    assert sweep_due(registry, "run-2") == 0


def test_a_schedule_that_is_deleted_after_it_was_found_due_does_not_fire(registry: Services) -> None:
    due = a_schedule_that_is_due(registry, "churn")
    saving.delete_schedule(registry, request(), due.name)

    assert not firing.fire_due(registry, due, "run-1")
    with pytest.raises(ScheduleNotFoundError):
        schedules.get_schedule(registry, due.name)


def test_a_schedule_that_cannot_fire_keeps_no_other_from_firing(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = a_schedule_that_is_due(registry, "bad"), a_schedule(registry, "good", Job.EVENT)
    pass_time(registry, timedelta(hours=1))
    failed: list[str] = []

    def isolated(name: str, duty: Any) -> int:
        if bad.name in name:
            failed.append(name)
            return 0
        done: int = duty()
        return done

    sweep_due(registry, "run-1", isolated)

    assert failed and [event["subject"] for event in fired(registry)] == [good]


def test_a_repeated_request_to_fire_fires_once(registry: Services) -> None:
    made = a_schedule(registry, "churn")
    keyed = Request(ADMIN, "request-1", Idempotency("key-1", "fingerprint"))

    first, second = (firing.fire_now(registry, keyed, made) for _ in range(2))

    assert (first.replayed, second.replayed) == (False, True)
    assert second.result.firings == len(fired(registry)) == 1


def test_who_created_a_schedule_need_not_be_there_any_more(registry: Services) -> None:
    a_model(registry, "churn")
    creator = Principal("token:gone", ())
    saving.create_schedule(
        registry,
        Request(creator, "request-1"),
        "retrain",
        Job.EVENT,
        schedules.get_schedule(registry, a_schedule(registry, "other")).timing,
        ScheduleChange(models="churn"),
    )
    pass_time(registry, timedelta(hours=1))

    sweep_due(registry, "run-1")

    assert "schedule:retrain" in [event["actor"] for event in fired(registry)]
