"""What firings do with models: judging gates again, reminding of requests, ending those that are stale."""

from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import LedgerDamagedError
from chalicelib.domain.schedules.schedule import Job, Outcome
from chalicelib.domain.versions.version import Status
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.promotion import requests
from chalicelib.registry.schedules import firing, jobs, running, saving, schedules
from chalicelib.registry.versions import versions
from tests.registry.arranged import (
    a_model,
    a_reminder,
    a_schedule,
    a_schedule_that_has_fired,
    a_stale_request,
    a_version_that_a_rule_moves,
    an_approved_request,
    an_open_request,
    pass_time,
)
from tests.registry.build import request
from tests.registry.faults import When, failing
from tests.registry.governed import approve


def events(registry: Services, name: str, kind: str) -> list[dict[str, Any]]:
    found = audit.list_events(registry, f"model:{name}", "oldest", 100, None).items
    return [event for event in found if event["type"] == kind]


def outcome(registry: Services, name: str) -> Outcome:
    found = schedules.get_schedule(registry, name).outcome
    assert found is not None
    return found


def test_gates_are_judged_again(registry: Services) -> None:
    a_version_that_a_rule_moves(registry, "fraud")
    made = a_schedule_that_has_fired(registry, "fraud", Job.JUDGE)

    assert running.take_turn(registry, made, "run-1") == 1

    version = versions.get_version(registry, "fraud", "1")
    assert (version.status, version.stage) == (Status.READY, "production")
    assert events(registry, "fraud", "version.transitioned")[-1]["actor"] == "rule:promotion"
    assert (outcome(registry, made).models, outcome(registry, made).done) == (1, 1)


def test_reviewers_are_reminded_of_a_request_that_waits_for_approvals(registry: Services) -> None:
    made = a_reminder(registry, "fraud")

    running.take_turn(registry, made, "run-1")

    (event,) = events(registry, "fraud", "request.reminded")
    assert (event["actor"], event["trigger"], event["version"]) == (f"schedule:{made}", "keeper", 1)
    assert event["after"]["waiting_for"] == ["approvals"]
    assert requests.get_request(registry, "fraud", 1).reminded_at == event["time"]


def test_nobody_is_reminded_of_a_request_that_is_approved(registry: Services) -> None:
    an_approved_request(registry, "fraud")
    made = a_schedule_that_has_fired(registry, "fraud", Job.REMIND)

    assert running.take_turn(registry, made, "run-1") == 0
    assert events(registry, "fraud", "request.reminded") == []


def test_reminders_of_one_request_are_an_hour_apart_however_many_schedules_there_are(registry: Services) -> None:
    first = a_reminder(registry, "fraud")
    second = a_schedule_that_has_fired(registry, "fraud", Job.REMIND)

    done = [running.take_turn(registry, name, "run-1") for name in (first, second)]
    pass_time(registry, timedelta(hours=1))
    firing.fire_now(registry, request(), second)
    done.append(running.take_turn(registry, second, "run-2"))

    assert done == [1, 0, 1]


def test_a_request_that_is_open_for_too_long_is_ended(registry: Services) -> None:
    made = a_stale_request(registry, "fraud")

    running.take_turn(registry, made, "run-1")

    assert requests.get_request(registry, "fraud", 1).state == "expired"
    assert events(registry, "fraud", "request.expired")[0]["reason"] == (
        f"it was open for longer than the schedule {made} allows"
    )


def test_a_request_that_is_not_that_old_or_has_a_due_date_stays_open(registry: Services) -> None:
    an_open_request(registry, "fraud")
    made = a_schedule_that_has_fired(registry, "fraud", Job.EXPIRE, older_than_days=1)

    assert running.take_turn(registry, made, "run-1") == 0
    assert requests.get_request(registry, "fraud", 1).state == "open"


def test_only_models_that_fit_the_pattern_are_gone_through(registry: Services) -> None:
    for name in ("churn", "fraud", "fraud-eu"):
        a_model(registry, name)
    made = a_schedule_that_has_fired(registry, "fraud*", Job.JUDGE)

    running.take_turn(registry, made, "run-1")

    assert outcome(registry, made).models == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_turn_that_was_cut_off_anywhere_is_completed_by_the_next_and_does_nothing_twice(
    registry: Services, when: When
) -> None:
    made = a_reminder(registry, "fraud")
    for at in count(1):
        with failing(registry, at, when) as fault, suppress(ReadTimeoutError):
            running.take_turn(registry, made, "run-1")
        if not fault.struck:
            break

    assert at > 3
    assert len(events(registry, "fraud", "request.reminded")) == 1
    assert not schedules.get_schedule(registry, made).running


def test_many_models_are_gone_through_over_several_turns(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        a_model(registry, f"m{number:02}")
    made = a_schedule_that_has_fired(registry, "m*", Job.JUDGE)
    monkeypatch.setattr(registry, "monotonic", count(step=100).__next__)

    running.take_turn(registry, made, "run-1")
    assert schedules.get_schedule(registry, made).running
    sweep_due(registry, "run-2")

    assert outcome(registry, made).models == 60
    assert registry.table.get(keys.schedule_run(made)) is None


def test_a_model_that_fails_is_shown_and_keeps_no_other_from_its_turn(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_open_request(registry, "fraud")
    a_model(registry, "bad")
    made = a_schedule_that_has_fired(registry, "*", Job.REMIND)
    listed = requests.list_open_requests

    def damaged(services: Services, model: str, *rest: Any) -> Any:
        if model == "bad":
            raise LedgerDamagedError("Its events do not fit.")
        return listed(services, model, *rest)

    monkeypatch.setattr(jobs.requests, "list_open_requests", damaged)

    assert running.take_turn(registry, made, "run-1") == 1

    found = outcome(registry, made)
    assert (found.models, found.failed, found.error) == (2, 1, "bad: Its events do not fit.")


def test_a_schedule_that_was_deleted_stops_where_it_is(registry: Services) -> None:
    made = a_schedule_that_has_fired(registry, "fraud", Job.JUDGE)
    saving.delete_schedule(registry, request(), made)

    assert running.take_turn(registry, made, "run-1") == 0


def test_the_keeper_fires_and_goes_through_the_models_in_one_run(registry: Services) -> None:
    an_open_request(registry, "fraud")
    made = a_schedule(registry, "fraud", Job.REMIND)
    pass_time(registry, timedelta(hours=1))

    assert sweep_due(registry, "run-1") == 2
    assert outcome(registry, made).done == 1


def test_votes_that_come_in_between_count(registry: Services) -> None:
    made = a_reminder(registry, "fraud")
    approve(registry, 1, "cy", "dan", name="fraud")

    assert running.take_turn(registry, made, "run-1") == 0
