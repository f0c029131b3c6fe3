"""Gates while a check is pending, and gates that count the reports of certain reporters only."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.evidence.check import Check
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.promotion.condition_variables import condition_variables
from chalicelib.domain.promotion.gate_results import GateResult, binding, judge
from tests.domain.build import NOW
from tests.domain.schemes.documents import check, evaluation, facts, gate, result_of

CI = "oidc:github:repo:acme/fraud:*"
DUE = later(NOW, timedelta(hours=1))
LINK = "https://ci.example.com/runs/42"
OPENED = {"opened_at": NOW, "opened_by": "rule:promotion", "due_at": DUE, "link": LINK}
NEVER_REPORTED = {**Check(False, None, None, None, None).document(), **OPENED}


def found(reported: dict[str, Any] | None, now: Instant = NOW, **document: Any) -> GateResult:
    return result_of(
        gate("check", check="ci", **document), facts(now=now, checks={} if reported is None else {"ci": reported})
    )


def test_a_pending_check_is_shown_with_who_is_expected_since_when_and_until_when() -> None:
    result = found(NEVER_REPORTED, reporters=[CI])
    assert (result.holds, result.actual) == (False, "pending")
    assert result.reason == f"the check ci is pending since {NOW}; {CI} is expected to report it by {DUE}"
    assert result.needed == f"the check ci reported as passed by {CI}"
    assert result.document()["awaited"] == {"since": NOW, "until": DUE, "reporters": [CI], "link": LINK}


def test_without_reporters_anybody_who_may_is_expected() -> None:
    assert "anybody who may report is expected" in found(NEVER_REPORTED).reason


@given(st.booleans(), st.integers(-120, 120), st.sampled_from([{}, {"max_age_days": 3}, {"reporters": ["token:ci"]}]))
def test_no_gate_holds_on_an_old_report_once_a_new_one_is_awaited(
    passed: bool, minutes: int, document: dict[str, Any]
) -> None:
    result = found({**check(passed), **OPENED}, later(DUE, timedelta(minutes=minutes)), **document)
    assert not result.holds
    assert result.actual == ("pending" if minutes < 0 else "expired")
    assert (result.awaited is None) == (minutes >= 0)


def test_a_check_that_nobody_reported_in_time_says_so() -> None:
    result = found(NEVER_REPORTED, DUE)
    assert result.reason == f"nobody reported the check ci, which was opened at {NOW}, by {DUE}"


def test_a_scheme_may_let_the_last_report_count_while_a_new_one_is_awaited() -> None:
    assert found({**check(True), **OPENED}, if_pending="last").holds
    assert found({**check(True), **OPENED}, DUE, if_pending="last").holds
    assert found({**check(False), **OPENED}, if_pending="last").actual == "failed"
    assert found(NEVER_REPORTED, if_pending="last").actual == "pending"


def test_a_report_by_somebody_else_than_the_gate_names_does_not_count() -> None:
    result = found(check(True), reporters=[CI])
    assert (result.holds, result.reason) == (False, "the check ci was reported by token:ci")
    assert found(check(True), reporters=[CI, "token:c*"]).holds


def test_an_evaluation_by_somebody_else_than_the_gate_names_does_not_count() -> None:
    given = facts(evaluations={"holdout": evaluation(auc=0.9)})
    strict = result_of(gate("evaluation", evaluation="holdout", reporters=[CI]), given)
    assert (strict.holds, strict.actual, strict.needed) == (
        False,
        "token:ci",
        f"the evaluation holdout recorded by {CI}",
    )
    assert result_of(gate("evaluation", evaluation="holdout", reporters=["token:ci"]), given).holds


def test_a_condition_does_not_take_an_old_report_for_a_valid_one() -> None:
    assert condition_variables(facts(checks={"ci": check(True)}))["checks"]["ci"]["valid"]
    assert not condition_variables(facts(checks={"ci": {**check(True), **OPENED}}))["checks"]["ci"]["valid"]


def test_an_approval_outlives_a_moved_deadline_but_neither_an_opening_nor_a_report() -> None:
    def bound(reported: dict[str, Any], **document: Any) -> str:
        given = facts(checks={"ci": reported})
        return binding(judge([gate("check", check="ci", **document)], given), given, {"name": "own", "version": 1})

    pending = {**check(True), **OPENED}
    assert bound(pending) == bound({**pending, "due_at": later(DUE, timedelta(hours=1)), "link": None})
    assert bound(pending) != bound(check(True))
    assert bound(pending, if_pending="last") == bound(check(True), if_pending="last")


def test_an_approval_given_before_checks_could_be_pending_stays_bound_to_the_same() -> None:
    assert found(check(True)).seen == {"passed": True, "reported_at": NOW, "expires_at": None}
