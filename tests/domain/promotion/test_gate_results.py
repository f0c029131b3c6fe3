"""The result of each kind of gate, and what an approval is bound to."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import later
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.gate_results import binding, judge
from chalicelib.domain.schemes.gates import Gate, Tier, gate_from_document
from chalicelib.domain.schemes.scheme import Transition
from tests.domain.build import NOW
from tests.domain.schemes.documents import always, check, evaluation, facts, gate, result_of

SCHEME = {"name": "own", "version": 1}
EARLIER = later(NOW, -timedelta(days=10))
numbers = st.floats(-1e9, 1e9)


def bound(given: Facts, *gates: Gate) -> str:
    return binding(judge(gates, given), given, SCHEME)


@given(numbers, numbers, numbers)
def test_a_metric_holds_exactly_within_its_bounds(value: float, low: float, high: float) -> None:
    result = result_of(gate("metric", metric="auc", at_least=low, at_most=high), facts(metrics={"auc": value}))
    assert result.holds == (low <= value <= high)
    assert result.actual == value


def test_a_metric_that_is_missing_fails_and_says_what_would_do() -> None:
    result = result_of(gate("metric", metric="auc", at_least=0.9), facts(metrics={"f1": 1.0}))
    assert (result.holds, result.actual) == (False, None)
    assert result.needed == "auc at least 0.9"
    assert result.reason == "the version has no metric auc" and result.holds is False


@pytest.mark.parametrize(
    ("document", "mine", "theirs", "holds"),
    [
        ({}, 0.9, 0.8, True),
        ({}, 0.8, 0.8, False),
        ({"by": 0.1}, 0.9, 0.8, True),
        ({"by": 0.1}, 0.89, 0.8, False),
        ({"by": 0.2}, 0.3, 0.1, True),
        ({"higher_is_better": False}, 0.7, 0.8, True),
        ({"higher_is_better": False, "by": 0.1}, 0.75, 0.8, False),
    ],
)
def test_a_comparison_holds_from_its_margin_on(
    document: dict[str, Any], mine: float, theirs: float, holds: bool
) -> None:
    seen = facts(metrics={"auc": mine}, rivals={"stage:live": Rival(7, {"auc": theirs})})
    assert result_of(gate("compare", metric="auc", stage="live", **document), seen).holds == holds


@pytest.mark.parametrize(("if_absent", "holds"), [("pass", True), ("fail", False)])
def test_with_nobody_to_beat_the_gate_says_what_holds(if_absent: str, holds: bool) -> None:
    seen = facts(metrics={"auc": 0.9}, rivals={"alias:champion": None})
    judged = result_of(gate("compare", metric="auc", alias="champion", if_absent=if_absent), seen)
    assert judged.holds == holds
    assert "nobody holds the alias champion" in judged.reason


def test_a_comparison_without_a_metric_on_either_side_fails() -> None:
    compared = gate("compare", metric="auc", stage="live")
    assert not result_of(compared, facts(rivals={"stage:live": None})).holds
    without = facts(metrics={"auc": 0.9}, rivals={"stage:live": Rival(7, {})})
    assert "version 7 in live has no metric auc" in result_of(compared, without).reason


def test_a_check_holds_once_reported_as_passed() -> None:
    fair = gate("check", check="fairness")
    assert result_of(fair, facts()).reason == "the check fairness has not been reported"
    failed = result_of(fair, facts(checks={"fairness": check(passed=False)}))
    assert (failed.holds, failed.actual) == (False, "failed")
    assert result_of(fair, facts()).holds is False
    assert result_of(fair, facts(checks={"fairness": check()})).holds


def test_a_check_expires_at_the_very_instant() -> None:
    fair, expiring = gate("check", check="fairness"), {"fairness": check(expires_at=NOW)}
    assert result_of(fair, facts(now=later(NOW, -timedelta(milliseconds=1)), checks=expiring)).holds
    expired = result_of(fair, facts(now=NOW, checks=expiring))
    assert not expired.holds and "expired at" in expired.reason


def test_a_check_is_too_old_only_after_its_last_day() -> None:
    fresh, old = gate("check", check="fairness", max_age_days=10), {"fairness": check(reported_at=EARLIER)}
    assert result_of(fresh, facts(now=NOW, checks=old)).holds
    assert not result_of(fresh, facts(now=later(NOW, timedelta(milliseconds=1)), checks=old)).holds


def test_a_scan_is_the_check_of_that_name() -> None:
    assert result_of(gate("scan"), facts(checks={"scan": check()})).holds
    assert not result_of(gate("scan"), facts(checks={"fairness": check()})).holds


def test_a_result_is_recorded_with_what_was_measured_and_needed() -> None:
    result = result_of(gate("metric", metric="auc", at_least=0.9, at_most=1), facts(metrics={"auc": 0.8}))
    assert result.document() == {
        "gate": "metric",
        "kind": "metric",
        "holds": False,
        "actual": 0.8,
        "needed": "auc at least 0.9 and at most 1",
        "reason": "auc is 0.8",
        "awaited": None,
    }
    assert result.blocker() == "gate metric: auc is 0.8; needed: auc at least 0.9 and at most 1"


@pytest.mark.parametrize(
    ("of", "given", "reason", "needed"),
    [
        (
            gate("compare", metric="auc", stage="live", by=0.1),
            {"metrics": {"auc": 0.9}, "rivals": {"stage:live": Rival(7, {"auc": 0.8})}},
            "auc is 0.9, that of version 7 in live is 0.8",
            "auc higher than that of the stage live by at least 0.1",
        ),
        (
            gate("compare", metric="loss", alias="champion", higher_is_better=False),
            {"metrics": {"auc": 0.9}},
            "the version has no metric loss",
            "loss lower than that of the alias champion",
        ),
        (
            gate("check", check="fairness", max_age_days=7),
            {"checks": {"fairness": check(reported_at=EARLIER)}},
            f"the check fairness was reported at {EARLIER}",
            "the check fairness reported as passed within the last 7 days",
        ),
        (
            gate("documentation", sections=["factors", "metrics"], min_characters=2),
            {"sections": {"factors": "ab", "metrics": "cd"}},
            "the model card has the sections",
            "the model card's factors, metrics with at least 2 characters each",
        ),
        (
            gate("documentation", sections=["factors"]),
            {},
            "the model card lacks factors",
            "the model card's factors with at least 1 character each",
        ),
        (
            gate("documentation", sections=["factors"], min_characters=2),
            {"sections": {"factors": "a"}},
            "the model card's factors has 1 of 2 characters",
            "the model card's factors with at least 2 characters each",
        ),
        (
            gate("provenance", fields=["run", "signature"]),
            {"provenance": {"run": {"id": "r"}}, "signature": {"inputs": []}},
            "the version records all of these",
            "the version's run, signature",
        ),
        (
            gate("evaluation", evaluation="holdout", metric="auc", at_most=0.5, max_age_days=1),
            {"evaluations": {"holdout": evaluation(auc=0.6)}},
            "auc of the evaluation holdout is 0.6",
            "the evaluation holdout recorded with auc at most 0.5 within the last 1 days",
        ),
        (
            gate("evaluation", evaluation="holdout", max_age_days=1),
            {"evaluations": {"holdout": evaluation(EARLIER, auc=0.6)}},
            f"the evaluation holdout was measured at {EARLIER}",
            "the evaluation holdout recorded within the last 1 days",
        ),
        (
            gate("evaluation", evaluation="holdout"),
            {"evaluations": {"holdout": evaluation(auc=0.6)}},
            "the evaluation holdout has been recorded",
            "the evaluation holdout recorded",
        ),
        (
            gate("evaluation", evaluation="holdout", metric="f1", at_least=0.5),
            {"evaluations": {"holdout": evaluation(auc=0.6)}},
            "the evaluation holdout has no metric f1",
            "the evaluation holdout recorded with f1 at least 0.5",
        ),
        (
            gate("condition", expression="tier == 'low'"),
            {"evaluate": always(True)},
            "the condition is true",
            "tier == 'low'",
        ),
        (
            gate("condition", expression="tier == 'low'"),
            {"evaluate": always(False)},
            "the condition is false",
            "tier == 'low'",
        ),
    ],
)
def test_a_gate_says_what_it_saw_and_what_it_needs(of: Gate, given: dict[str, Any], reason: str, needed: str) -> None:
    result = result_of(of, facts(**given))
    assert (result.reason, result.needed) == (reason, needed)
    assert result.seen is not None


def test_documentation_names_every_section_that_is_too_short() -> None:
    documented = gate("documentation", sections=["intended_use", "factors", "metrics"], min_characters=3)
    result = result_of(documented, facts(sections={"intended_use": "abc", "factors": " a  ", "metrics": ""}))
    assert not result.holds
    assert result.actual == {"intended_use": 3, "factors": 1, "metrics": 0}
    assert result.reason == "the model card lacks metrics; the model card's factors has 1 of 3 characters"
    assert result_of(documented, facts(sections=dict.fromkeys(["intended_use", "factors", "metrics"], "abc"))).holds


def test_provenance_names_every_field_that_is_missing() -> None:
    known = gate("provenance", fields=["source", "runtime", "framework"])
    result = result_of(known, facts(provenance={"source": {"repository": "r", "commit": "c"}, "runtime": {}}))
    assert not result.holds and result.reason == "the version does not record its runtime, framework"
    whole = facts(provenance={"source": {"commit": "c"}, "runtime": {"python": "3"}}, framework={"name": "sklearn"})
    assert result_of(known, whole).holds


def test_an_evaluation_must_be_there_recent_and_good_enough() -> None:
    held = gate("evaluation", evaluation="holdout", metric="auc", at_least=0.9, max_age_days=10)
    assert "has not been recorded" in result_of(held, facts()).reason
    assert result_of(held, facts(evaluations={"holdout": evaluation(EARLIER, auc=0.9)})).holds
    assert not result_of(held, facts(evaluations={"holdout": evaluation(EARLIER, auc=0.89)})).holds
    assert "has no metric auc" in result_of(held, facts(evaluations={"holdout": evaluation(f1=1.0)})).reason
    late = later(NOW, timedelta(seconds=1))
    assert not result_of(held, facts(now=late, evaluations={"holdout": evaluation(EARLIER, auc=0.9)})).holds
    assert result_of(gate("evaluation", evaluation="holdout"), facts(evaluations={"holdout": evaluation()})).holds


@pytest.mark.parametrize(("truth", "holds"), [(True, True), (False, False), (None, False)])
def test_a_condition_holds_only_if_it_is_true(truth: bool | None, holds: bool) -> None:
    result = result_of(gate("condition", expression="tier == 'low'"), facts(evaluate=always(truth, "no such key")))
    assert result.holds == holds
    assert ("no such key" in result.reason) == (truth is None)


def test_gates_and_approvals_are_those_of_the_models_tier() -> None:
    strict = gate_from_document({"name": "fair", "kind": "check", "check": "fairness", "tiers": ["high"]})
    move = Transition("draft", "live", gates=(gate("scan"), strict))
    assert [one.name for one in move.gates_for(Tier.LOW)] == ["scan"]
    assert [one.name for one in move.gates_for(Tier.HIGH)] == ["scan", "fair"]


GATES_AND_CHANGES: list[tuple[Gate, dict[str, Any], dict[str, Any]]] = [
    (gate("check", check="fairness"), {"checks": {"fairness": check()}}, {"checks": {"fairness": check(False)}}),
    (
        gate("check", check="fairness"),
        {"checks": {"fairness": check()}},
        {"checks": {"fairness": check(reported_at=EARLIER)}},
    ),
    (
        gate("documentation", sections=["factors"]),
        {"sections": {"factors": "one"}},
        {"sections": {"factors": "two"}},
    ),
    (
        gate("compare", metric="auc", stage="live"),
        {"metrics": {"auc": 0.9}, "rivals": {"stage:live": Rival(1, {"auc": 0.5})}},
        {"metrics": {"auc": 0.9}, "rivals": {"stage:live": Rival(2, {"auc": 0.5})}},
    ),
    (
        gate("evaluation", evaluation="holdout"),
        {"evaluations": {"holdout": evaluation(auc=0.9)}},
        {"evaluations": {"holdout": evaluation(auc=0.8)}},
    ),
    (
        gate("evaluation", evaluation="holdout"),
        {"evaluations": {"holdout": evaluation(auc=0.9)}},
        {"evaluations": {"holdout": evaluation(EARLIER, auc=0.9)}},
    ),
    (
        gate("check", check="fairness"),
        {"checks": {"fairness": check()}},
        {"checks": {"fairness": check(expires_at=later(NOW, timedelta(days=1)))}},
    ),
    (
        gate("compare", metric="auc", stage="live"),
        {"metrics": {"auc": 0.9}, "rivals": {"stage:live": Rival(1, {"auc": 0.5})}},
        {"metrics": {"auc": 0.9}, "rivals": {"stage:live": Rival(1, {"auc": 0.6})}},
    ),
    (gate("compare", metric="auc", stage="live"), {"metrics": {"auc": 0.9}}, {"metrics": {"auc": 0.8}}),
    (gate("metric", metric="auc", at_least=0), {"metrics": {"auc": 0.9}}, {"metrics": {"auc": 0.8}}),
    (gate("provenance", fields=["run"]), {"provenance": {"run": {"id": "r"}}}, {}),
    (
        gate("condition", expression="tags.team == 'a'"),
        {"tags": {"team": "a"}},
        {"tags": {"team": "b"}},
    ),
    (gate("scan"), {"tier": Tier.LOW}, {"tier": Tier.HIGH}),
]


@pytest.mark.parametrize(("of", "one", "other"), GATES_AND_CHANGES)
def test_an_approval_is_bound_to_what_the_gates_saw(of: Gate, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert bound(facts(**one), of) == bound(facts(**one), of)
    assert bound(facts(**one), of) != bound(facts(**other), of)


def test_an_approval_is_bound_to_the_version_of_the_scheme() -> None:
    seen = facts()
    assert binding((), seen, SCHEME) != binding((), seen, {**SCHEME, "version": 2})


def test_an_approval_is_not_bound_to_the_hour_nor_to_what_no_gate_looks_at() -> None:
    of = [gate("check", check="fairness"), gate("condition", expression="tags.team == 'a' && now > timestamp('x')")]
    before = facts(checks={"fairness": check()}, tags={"team": "a"}, sections={"factors": "one"})
    after = facts(
        now=later(NOW, timedelta(days=1)),
        checks={"fairness": check(), "other": check(False)},
        tags={"team": "a"},
        sections={"factors": "two"},
    )
    assert bound(before, *of) == bound(after, *of)
