"""Checks whose report is awaited: opened, extended, reported, and what comes of those that nobody reports."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError, LimitExceededError, ReporterRefusedError, VersionNotReadyError
from chalicelib.domain.evidence import check as bounds
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.check_decisions import CheckOpening, CheckReport, open_check, report
from chalicelib.domain.evidence.reporting import Reporting
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.reporters import Expected
from tests.domain.build import NOW, ready, register, stamp

PASSED = Check(True, None, None, NOW, "token:ci", "412 tests")
LINK = "https://ci.example.com/runs/42"
minutes = st.integers(1, bounds.MAX_WAIT_MINUTES)


def at(minute: float) -> Instant:
    return later(NOW, timedelta(minutes=minute))


def opened(
    present: Check | None = None, minute: float = 0, actor: str = "token:ada", **given: object
) -> Decision[Check]:
    """Version 1's check ``ci``, opened so many minutes after NOW."""
    model, version = ready(Model("fraud"))
    held = Checks(1, {} if present is None else {"ci": present})
    return open_check(model, version, held, "ci", CheckOpening(**given), stamp(actor=actor, time=at(minute)))


def reported(present: Check, minute: float, actor: str = "token:ci", reporters: tuple[str, ...] = ()) -> Check:
    model, version = ready(Model("fraud"))
    held = Checks(1, {"ci": present})
    reporting = Reporting(Expected(reporters))
    return report(model, version, held, "ci", CheckReport(True), stamp(actor=actor, time=at(minute)), reporting).result


@given(minutes, st.floats(0, 2 * bounds.MAX_WAIT_MINUTES))
def test_an_opened_check_is_pending_until_its_deadline_and_then_expired(wait: int, minute: float) -> None:
    check = opened(due_in_minutes=wait).result
    now = at(minute)
    assert check.state(now) == ("pending" if now < at(wait) else "expired")
    assert not check.valid(now)


def test_an_opened_check_says_since_when_by_whom_until_when_and_where() -> None:
    decision = opened(link=LINK)
    check = decision.result
    assert (check.opened_at, check.opened_by, check.due_at, check.link) == (NOW, "token:ada", at(24 * 60), LINK)
    assert (check.passed, check.reported_at, check.reported_by) == (False, None, None)
    assert decision.event.type == event_types.CHECK_OPENED and decision.event.before is None
    after = decision.event.after or {}
    assert (after["check"], after["due_at"], after["link"]) == ("ci", at(24 * 60), LINK)


def test_the_last_report_stays_on_record_but_does_not_count_while_a_new_one_is_awaited() -> None:
    check = opened(PASSED).result
    assert (check.passed, check.reported_at, check.details) == (True, NOW, "412 tests")
    assert check.state(at(1)) == "pending"
    assert check.state(at(24 * 60)) == "expired" and not check.valid(at(24 * 60))


@given(st.floats(0, 9), minutes)
def test_opening_a_pending_check_again_moves_its_deadline_and_starts_nothing(minute: float, wait: int) -> None:
    first = opened(due_in_minutes=10, link=LINK).result
    again = opened(first, minute, "token:bob", due_in_minutes=wait)
    check = again.result
    assert (check.opened_at, check.opened_by, check.link) == (NOW, "token:ada", LINK)
    assert check.due_at == later(at(minute), timedelta(minutes=wait))
    assert again.event.type == event_types.CHECK_EXTENDED


def test_a_new_link_takes_the_place_of_the_one_before() -> None:
    assert opened(opened(link=LINK).result, 1, link=f"{LINK}/2").result.link == f"{LINK}/2"


def test_opening_a_check_whose_report_did_not_come_begins_anew() -> None:
    first = opened(due_in_minutes=10, link=LINK).result
    again = opened(first, 10, "token:bob")
    assert again.event.type == event_types.CHECK_OPENED
    assert (again.result.opened_at, again.result.opened_by, again.result.link) == (at(10), "token:bob", None)


@given(st.floats(0, 2 * bounds.MAX_WAIT_MINUTES))
def test_a_report_ends_the_wait_and_counts_even_if_it_is_late(minute: float) -> None:
    check = reported(opened(PASSED, link=LINK).result, minute)
    assert (check.opened_at, check.opened_by, check.due_at, check.link) == (None, None, None, None)
    assert check.state(at(minute)) == "passed"


@pytest.mark.parametrize("given", [{"due_in_minutes": 0}, {"due_in_minutes": bounds.MAX_WAIT_MINUTES + 1}])
def test_a_wait_out_of_bounds_is_refused(given: dict[str, int]) -> None:
    with pytest.raises(InvalidInputError, match="/due_in_minutes"):
        opened(**given)


@pytest.mark.parametrize("minute", [0, -1, bounds.MAX_WAIT_MINUTES + 1])
def test_a_deadline_that_has_passed_or_is_too_far_ahead_is_refused(minute: int) -> None:
    with pytest.raises(InvalidInputError, match="/due_at"):
        opened(due_at=at(minute))


def test_a_deadline_and_a_wait_cannot_both_be_given() -> None:
    with pytest.raises(InvalidInputError, match="give one of them"):
        opened(due_at=at(5), due_in_minutes=5)
    assert opened(due_at=at(bounds.MAX_WAIT_MINUTES)).result.due_at == at(bounds.MAX_WAIT_MINUTES)


@pytest.mark.parametrize("link", ["ftp://ci.example.com", "/runs/42", "https://me:secret@ci.example.com", "x" * 2049])
def test_a_link_that_is_no_plain_address_is_refused(link: str) -> None:
    with pytest.raises(InvalidInputError, match="/link"):
        opened(link=link)


def test_only_ready_versions_are_measured_and_fifty_checks_are_the_most() -> None:
    model, version = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        open_check(model, version, Checks(1), "ci", CheckOpening(), stamp())
    model, version = ready(Model("fraud"))
    held = Checks(1, {f"c{index}": PASSED for index in range(50)})
    with pytest.raises(LimitExceededError):
        open_check(model, version, held, "new", CheckOpening(), stamp())


def test_a_report_by_somebody_whom_the_scheme_does_not_name_is_refused_with_who_may() -> None:
    check = opened().result
    reporters = ("oidc:github:repo:acme/fraud:*", "token:ops")
    with pytest.raises(ReporterRefusedError) as refused:
        reported(check, 1, "token:eve", reporters)
    assert "token:eve" in refused.value.detail
    assert "oidc:github:repo:acme/fraud:* or token:ops" in refused.value.detail
    by = "oidc:github:repo:acme/fraud:ref:refs/heads/main"
    assert reported(check, 1, by, reporters).reported_by == by
