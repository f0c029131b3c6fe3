"""Checks that the promoter opens because a gate asks for them, however often and in whatever order events come."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.schemes.gates import Tier
from chalicelib.registry.audit import audit
from chalicelib.registry.evidence import checks
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.promotion import promotion, requests, scheme_assignment, stages
from chalicelib.registry.promotion.dry_runs import explain_transition
from chalicelib.registry.schemes import saving
from tests.domain.schemes.documents import document
from tests.registry.build import model, ready, request

CI = {"name": "tests", "kind": "check", "check": "ci", "open_on": "arrival", "due_in_minutes": 60}
REVIEW = {"name": "review", "kind": "check", "check": "bias", "open_on": "request"}
LOAD = {"name": "load", "kind": "check", "check": "load", "open_on": "arrival", "tiers": ["high"]}


@pytest.fixture
def fraud(registry: Services) -> str:
    """A model whose versions go live by themselves once CI has passed them and nobody found a bias."""
    moves = [
        {"from": "draft", "to": "live", "automatic": True, "gates": [CI, REVIEW, LOAD]},
        {"from": ["draft", "live"], "to": "gone"},
        {"from": "gone", "to": "draft"},
    ]
    saving.save_scheme(registry, request(), document(transitions=moves))
    name = model(registry)
    scheme_assignment.assign_scheme(registry, request(), name, "own", None)
    return name


def events(registry: Services) -> list[dict[str, Any]]:
    return audit.list_events(registry, "model:fraud", "oldest", 100, None).items


def react(registry: Services) -> list[promotion.Judgement]:
    """Give the model's last event to the promoter."""
    return promotion.judge_event(registry, events(registry)[-1])


def types(registry: Services) -> list[str]:
    return [event["type"] for event in events(registry)]


def check(registry: Services, name: str = "ci") -> Check:
    return {named.name: named.entry for named in checks.list_checks(registry, "fraud", "1")}[name]


def test_a_ready_version_has_its_check_opened_once_however_often_the_event_comes(
    registry: Services, fraud: str
) -> None:
    ready(registry)
    event = events(registry)[-1]
    for _ in range(3):
        promotion.judge_event(registry, event)
    assert types(registry).count(event_types.CHECK_OPENED) == 1
    opened = events(registry)[-1]
    assert (opened["actor"], opened["trigger"], opened["version"]) == ("rule:promotion", "rule", 1)
    assert opened["reason"] == "the gate tests of the move to live asks for it"
    assert check(registry).due_at == later(opened["time"], timedelta(minutes=60))
    # The ETag of the opened check is the number of its event, so that a run can say which opening it reports on.
    assert check(registry).revision == opened["sequence"]


def test_the_dry_run_shows_who_is_waited_for(registry: Services, fraud: str) -> None:
    ready(registry)
    react(registry)
    (first, *_) = explain_transition(registry, "fraud", "1", "live").blockers
    assert first.startswith("gate tests: the check ci is pending since ")


def test_a_requested_move_opens_the_checks_that_wait_for_a_request(registry: Services, fraud: str) -> None:
    ready(registry)
    react(registry)
    requests.open_request(registry, request(), "fraud", "1", "gone", None, None, [])
    react(registry)
    assert types(registry).count(event_types.CHECK_OPENED) == 1
    requests.open_request(registry, request(), "fraud", "1", "live", None, None, [])
    react(registry)
    assert check(registry, "bias").opened_by == "rule:promotion"


def test_the_report_that_was_waited_for_moves_the_version(registry: Services, fraud: str) -> None:
    ready(registry)
    react(registry)
    for name in ("bias", "ci"):
        checks.report_check(registry, request(), "fraud", "1", name, CheckReport(True))
    assert any(judgement.promoted for judgement in react(registry))
    assert stages.list_stages(registry, "fraud")[1].version == 1


def test_a_check_that_somebody_reported_meanwhile_is_left_alone(registry: Services, fraud: str) -> None:
    ready(registry)
    event = events(registry)[-1]
    checks.report_check(registry, request(), "fraud", "1", "ci", CheckReport(False))
    promotion.judge_event(registry, event)
    assert event_types.CHECK_OPENED not in types(registry)


def test_a_version_that_comes_back_is_measured_again_only_without_a_report_that_counts(
    registry: Services, fraud: str
) -> None:
    ready(registry)
    checks.report_check(registry, request(), "fraud", "1", "ci", CheckReport(True))
    for stage in ("gone", "draft"):
        stages.transition(registry, request(), "fraud", "1", stage, None, None)
    react(registry)
    assert event_types.CHECK_OPENED not in types(registry)


def test_a_higher_tier_opens_the_checks_of_that_tier(registry: Services, fraud: str) -> None:
    ready(registry)
    react(registry)
    scheme_assignment.set_tier(registry, request(), "fraud", Tier.HIGH, None)
    react(registry)
    assert check(registry, "load").opened_at is not None


def test_a_withdrawn_check_is_not_opened_again_by_itself(registry: Services, fraud: str) -> None:
    ready(registry)
    react(registry)
    checks.withdraw_check(registry, request(), "fraud", "1", "ci")
    react(registry)
    assert types(registry).count(event_types.CHECK_OPENED) == 1


def test_a_locked_version_has_its_checks_opened_when_the_lock_is_lifted(registry: Services, fraud: str) -> None:
    ready(registry)
    arrived = events(registry)[-1]
    restrictions.lock_version(registry, request(), "fraud", "1", "audit")
    promotion.judge_event(registry, arrived)
    assert event_types.CHECK_OPENED not in types(registry)
    restrictions.unlock_version(registry, request(), "fraud", "1")
    react(registry)
    assert types(registry)[-1] == event_types.CHECK_OPENED


def test_a_version_with_fifty_checks_takes_no_more_and_the_promoter_says_so(registry: Services, fraud: str) -> None:
    ready(registry)
    arrived = events(registry)[-1]
    for number in range(50):
        checks.report_check(registry, request(), "fraud", "1", f"c{number}", CheckReport(True))
    first, *_ = promotion.judge_event(registry, arrived)
    assert first.what == "check ci of version 1" and "at most 50 checks" in first.reason


def test_somebody_who_opens_it_first_is_not_doubled(registry: Services, fraud: str) -> None:
    ready(registry)
    arrived = events(registry)[-1]
    checks.await_check(registry, request(), "fraud", "1", "ci", checks.CheckOpening())
    promotion.judge_event(registry, arrived)
    assert types(registry).count(event_types.CHECK_OPENED) == 1
    assert check(registry).opened_by == "token:ada"
