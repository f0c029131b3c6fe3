"""The gate ``fresh``: evidence that is not too old, whatever it says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.instants import later
from chalicelib.domain.promotion.gate_results import GateResult
from chalicelib.domain.schemes.evidence_rules import EvidenceRule
from tests.domain.build import NOW
from tests.domain.schemes.documents import check, evaluation, facts, gate, result_of

OLD, LATE = later(NOW, timedelta(days=-30)), later(NOW, timedelta(days=-30, milliseconds=-1))


def measured(evaluation: dict[str, Any] | None, **more: Any) -> GateResult:
    given = facts(evaluations={} if evaluation is None else {"holdout": evaluation})
    return result_of(gate("fresh", evaluation="holdout", max_age_days=30, **more), given)


def reported(check: dict[str, Any] | None) -> GateResult:
    given = facts(checks={} if check is None else {"bias": check})
    return result_of(gate("fresh", check="bias", max_age_days=30), given)


@pytest.mark.parametrize(("at", "holds"), [(NOW, True), (OLD, True), (LATE, False)])
def test_it_holds_until_the_days_are_over(at: Any, holds: bool) -> None:
    assert measured(evaluation(at, auc=0.1)).holds is holds
    assert reported(check(passed=False, reported_at=at)).holds is holds


def test_what_was_never_reported_is_not_fresh() -> None:
    assert measured(None).reason == "the evaluation holdout has not been measured"
    opened = {**check(), "reported_at": None, "reported_by": None, "opened_at": NOW, "due_at": NOW}
    assert reported(None).reason == reported(opened).reason == "the check bias has not been reported"


def test_it_must_have_been_measured_on_the_dataset_that_the_gate_names() -> None:
    on_may = {**evaluation(auc=1), "dataset": {"name": "may"}}
    assert measured(on_may, dataset="may").holds and measured(on_may).holds
    other = measured(on_may, dataset="june")
    assert (other.holds, other.reason) == (False, "the evaluation holdout was measured on the dataset may")
    assert measured({**evaluation(auc=1), "dataset": None}, dataset="june").reason.endswith("on no named dataset")


def test_the_word_of_the_author_is_not_fresh_where_evidence_must_be_independent() -> None:
    rules = (EvidenceRule(checks=("*",), evaluations=("*",), independent=True),)
    own = {"reported_by": "token:ada", "person": "token:ada"}
    given = replace(
        facts(checks={"bias": {**check(), **own}}, evaluations={"holdout": {**evaluation(auc=1), **own}}), rules=rules
    )
    for of in (gate("fresh", check="bias", max_age_days=30), gate("fresh", evaluation="holdout", max_age_days=30)):
        result = result_of(of, given)
        assert not result.holds and "who registered the version" in result.reason
