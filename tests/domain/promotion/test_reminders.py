"""Reminding of requests that wait for approvals, and ending those that nobody looks at."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import NoChange
from chalicelib.domain.promotion import request_decisions
from chalicelib.domain.promotion.reminders import remind
from chalicelib.domain.promotion.transition_request import State
from tests.domain.build import NOW, changed, stamp
from tests.domain.promotion.test_request_decisions import CY, Desk

AN_HOUR_LATER = stamp(time=later(NOW, timedelta(hours=1)))
WHY = "the schedule nudge"


def test_a_reminder_says_what_the_request_waits_for_and_who_is_asked() -> None:
    desk = Desk()
    asked = replace(desk.asks(), reviewers=("token:cy",))

    event = changed(remind(desk.transition_context(), asked, WHY, stamp(time=NOW))).event

    assert (event.type, event.subject, event.version, event.reason) == ("request.reminded", "1", asked.version, WHY)
    assert event.after is not None
    assert (event.after["waiting_for"], event.after["reviewers"]) == (["approvals"], ["token:cy"])
    assert (event.after["reminded_at"], event.after["requested_at"]) == (NOW, asked.requested_at)


def test_nobody_is_reminded_of_what_waits_for_no_approval() -> None:
    desk = Desk()
    desk.asks()
    desk.votes(CY)

    assert isinstance(remind(desk.transition_context(), desk.requests[1], WHY, stamp(time=NOW)), NoChange)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.EXECUTED, State.EXPIRED, State.SUPERSEDED])
def test_nobody_is_reminded_of_a_closed_request(state: State) -> None:
    desk = Desk()
    closed = replace(desk.asks(), state=state)

    assert isinstance(remind(desk.transition_context(), closed, WHY, stamp(time=NOW)), NoChange)


def test_nobody_is_reminded_of_a_request_whose_due_time_has_come() -> None:
    desk = Desk()
    due = replace(desk.asks(), due_at=NOW)

    assert isinstance(remind(desk.transition_context(), due, WHY, stamp(time=NOW)), NoChange)


def test_reminders_are_an_hour_apart() -> None:
    desk = Desk()
    desk.asks()
    desk.take(changed(remind(desk.transition_context(), desk.requests[1], WHY, stamp(time=NOW))))
    reminded = replace(desk.requests[1], reminded_at=NOW)
    just_before = stamp(time=later(NOW, timedelta(hours=1, milliseconds=-1)))

    assert isinstance(remind(desk.transition_context(), reminded, WHY, just_before), NoChange)
    assert changed(remind(desk.transition_context(), reminded, WHY, AN_HOUR_LATER)).event.before == {"reminded_at": NOW}


def test_a_request_ends_when_it_has_been_open_for_that_long() -> None:
    desk = Desk()
    asked = replace(desk.asks(), requested_at=NOW)
    hour, just_under = timedelta(hours=1), timedelta(hours=1, milliseconds=1)

    assert isinstance(request_decisions.expire_stale(desk.model, asked, just_under, "old", AN_HOUR_LATER), NoChange)
    decision = changed(request_decisions.expire_stale(desk.model, asked, hour, "old", AN_HOUR_LATER))

    assert (decision.result, decision.event.type, decision.event.reason) == (True, "request.expired", "old")
    assert decision.state.open_requests == {}


def test_a_request_with_a_due_date_or_a_closed_one_does_not_end_for_its_age() -> None:
    desk = Desk()
    asked = replace(desk.asks(), requested_at=NOW)
    for kept in (replace(asked, due_at=later(NOW, timedelta(days=9))), replace(asked, state=State.EXECUTED)):
        outcome = request_decisions.expire_stale(desk.model, kept, timedelta(0), "old", AN_HOUR_LATER)
        assert isinstance(outcome, NoChange) and outcome.result is False
