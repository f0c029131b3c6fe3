"""Creating and changing schedules, and firing them once for all times that have passed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import (
    InvalidInputError,
    InvalidNameError,
    LimitExceededError,
    ScheduleExistsError,
    ScheduleNotFoundError,
    ScheduleRunningError,
)
from chalicelib.domain.ledger.decision import Decision, NoChange
from chalicelib.domain.schedules import decisions
from chalicelib.domain.schedules.decisions import KIND, ScheduleChange
from chalicelib.domain.schedules.schedule import MAX_SCHEDULES, Job, Outcome, Schedule, principal_of
from chalicelib.domain.schedules.timing import Timing
from tests.domain.build import changed
from tests.domain.schedules.build import HOURLY, NOON, REGISTRY, at, schedule, stamp


def updated(before: Schedule, minutes: float = 0, **given: Any) -> Schedule:
    result: Schedule = changed(decisions.update(REGISTRY, before, ScheduleChange(**given), stamp(minutes))).result
    return result


def fired(before: Schedule, minutes: float) -> Decision[Schedule]:
    return changed(decisions.fire(REGISTRY, before, stamp(minutes)))


def test_a_new_schedule_knows_its_next_time() -> None:
    made = schedule(HOURLY, models="churn", payload={"workflow": "retrain.yml"})

    assert (made.next_at, made.firings, made.models) == (at(60), 0, "churn")
    assert made.timing.since == NOON
    assert principal_of(made.name) == "schedule:retrain"


def test_a_disabled_schedule_has_no_next_time() -> None:
    assert schedule(enabled=False).next_at is None


def test_a_name_is_given_once() -> None:
    with pytest.raises(ScheduleExistsError):
        decisions.create(REGISTRY, schedule(), "retrain", Job.EVENT, HOURLY, ScheduleChange(), stamp())


def test_a_registry_has_a_bounded_number_of_schedules_and_a_deleted_one_makes_room() -> None:
    full = RegistryState(counts={KIND: MAX_SCHEDULES})
    with pytest.raises(LimitExceededError):
        decisions.create(full, None, "one-more", Job.EVENT, HOURLY, ScheduleChange(), stamp())

    after = decisions.delete(full, schedule()).state

    assert decisions.create(after, None, "one-more", Job.EVENT, HOURLY, ScheduleChange(), stamp()).result


def test_a_schedule_fires_when_its_time_has_come() -> None:
    decision = fired(schedule(HOURLY, models="churn", payload={"a": "b"}), 61)

    assert (decision.result.firings, decision.result.fired_at, decision.result.next_at) == (1, at(61), at(120))
    assert decision.event.after == {
        "name": "retrain",
        "job": "event",
        "models": "churn",
        "firings": 1,
        "payload": {"a": "b"},
        "due_at": at(60),
        "missed": 0,
        "next_at": at(120),
    }


def test_a_schedule_fires_once_for_all_times_that_were_missed_and_says_how_many() -> None:
    decision = fired(schedule(), 60 * 5 + 10)

    assert (decision.result.missed, decision.result.firings, decision.result.next_at) == (4, 1, at(360))
    assert decision.event.after is not None and decision.event.after["missed"] == 4


def test_a_second_keeper_does_not_fire_it_again() -> None:
    once = fired(schedule(), 61).result

    assert isinstance(decisions.fire(REGISTRY, once, stamp(62)), NoChange)


@given(ticks=st.lists(st.integers(1, 400), max_size=20))
def test_firings_and_missed_times_together_are_the_times_that_passed(ticks: list[int]) -> None:
    kept, minutes, told = schedule(), 0, 0
    for tick in ticks:
        minutes += tick
        outcome = decisions.fire(REGISTRY, kept, stamp(minutes))
        kept = outcome.result
        told += 1 + kept.missed if isinstance(outcome, Decision) else 0

    assert told == minutes // 60


def test_a_schedule_does_not_fire_early_or_while_it_is_disabled() -> None:
    assert isinstance(decisions.fire(REGISTRY, schedule(), stamp(59)), NoChange)
    assert isinstance(decisions.fire(REGISTRY, schedule(enabled=False), stamp(600)), NoChange)


def test_a_time_fires_once_and_never_again() -> None:
    once = fired(schedule(Timing(at=at(30))), 31).result

    assert once.next_at is None
    assert isinstance(decisions.fire(REGISTRY, once, stamp(600)), NoChange)


def test_a_firing_waits_until_the_last_one_has_gone_through_the_models() -> None:
    running = fired(schedule(job=Job.JUDGE), 60).result
    assert running.running
    assert isinstance(decisions.fire(REGISTRY, running, stamp(180)), NoChange)

    ended = changed(decisions.end_run(REGISTRY, running, 1, Outcome(at(190), models=3, done=1)))

    again = fired(ended.changes[0].record, 190).result  # type: ignore[union-attr]  # a Put
    assert (again.firings, again.missed) == (2, 1)


def test_how_a_run_ended_is_said_once_and_with_its_error() -> None:
    running = fired(schedule(job=Job.REMIND), 60).result
    outcome = Outcome(at(61), models=2, done=1, failed=1, error="churn: it is damaged")

    decision = changed(decisions.end_run(REGISTRY, running, 1, outcome))

    assert decision.event.reason == "churn: it is damaged"
    assert decision.event.after is not None and decision.event.after["outcome"]["failed"] == 1
    assert isinstance(decisions.end_run(REGISTRY, replace(running, running=False), 1, outcome), NoChange)
    assert isinstance(decisions.end_run(REGISTRY, running, 2, outcome), NoChange)
    assert isinstance(decisions.end_run(REGISTRY, None, 1, outcome), NoChange)


def test_firing_on_request_leaves_the_next_time_and_works_while_disabled() -> None:
    asked = decisions.fire_now(REGISTRY, schedule(), stamp(10))
    disabled = decisions.fire_now(REGISTRY, schedule(enabled=False), stamp(10))

    assert (asked.result.next_at, asked.result.firings, disabled.result.next_at) == (at(60), 1, None)
    assert asked.event.after is not None and asked.event.after["due_at"] is None


def test_firing_on_request_is_refused_while_it_is_running() -> None:
    running = decisions.fire_now(REGISTRY, schedule(job=Job.JUDGE), stamp(10)).result

    with pytest.raises(ScheduleRunningError):
        decisions.fire_now(REGISTRY, running, stamp(11))


def test_enabling_makes_up_for_nothing() -> None:
    enabled = updated(updated(schedule(), 30, enabled=False), 200, enabled=True)

    assert enabled.next_at == at(240)


def test_a_time_that_passed_while_disabled_cannot_be_enabled() -> None:
    disabled = updated(schedule(Timing(at=at(30))), 10, enabled=False)

    with pytest.raises(InvalidInputError):
        updated(disabled, 60, enabled=True)


def test_a_changed_timing_counts_from_the_change() -> None:
    assert updated(schedule(), 30, timing=Timing(every_minutes=10)).next_at == at(40)
    assert updated(schedule(enabled=False), 30, timing=Timing(every_minutes=10)).next_at is None


def test_the_same_timing_given_again_changes_nothing() -> None:
    made = schedule(HOURLY, description="d")

    assert isinstance(decisions.update(REGISTRY, made, ScheduleChange(timing=HOURLY), stamp(30)), NoChange)


def test_the_event_of_a_change_has_only_what_changed() -> None:
    decision = changed(decisions.update(REGISTRY, schedule(), ScheduleChange(models="a*", payload={}), stamp(5)))

    assert (decision.event.before, decision.event.after) == ({"models": "*"}, {"models": "a*"})


@pytest.mark.parametrize("name", ["", "Retrain", "-x", "a b", "a/b", "x" * 65, "é"])
def test_a_name_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError):
        schedule(name=name)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"models": ""}, "/models"),
        ({"models": "x" * 257}, "/models"),
        ({"description": "x" * 1_001}, "/description"),
        ({"payload": {str(key): "" for key in range(21)}}, "/payload"),
        ({"payload": {"": "x"}}, "/payload"),
        ({"payload": {"k" * 101: "x"}}, "/payload"),
        ({"payload": {"k": "x" * 1_001}}, "/payload"),
        ({"older_than_days": 3}, "/older_than_days"),
        ({"job": Job.EXPIRE}, "/older_than_days"),
        ({"job": Job.EXPIRE, "older_than_days": 0}, "/older_than_days"),
        ({"job": Job.EXPIRE, "older_than_days": 3_651}, "/older_than_days"),
    ],
)
def test_a_field_out_of_bounds_is_refused(given: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        schedule(**given)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_a_schedule_that_is_not_there_is_named() -> None:
    with pytest.raises(ScheduleNotFoundError, match="'nightly'"):
        decisions.existing("nightly", None)
