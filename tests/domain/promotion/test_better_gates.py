"""The gate ``better``: an evaluation beside that of the version in place, by the interval of the difference."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.examination import measured_rivals, rivals_of
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.gate_results import GateResult, binding
from chalicelib.domain.schemes.evidence_rules import EvidenceRule
from chalicelib.domain.statistics.means import Mean, difference_of_means
from chalicelib.domain.statistics.paired import paired_difference
from chalicelib.domain.statistics.proportions import newcombe
from tests.domain.build import NOW
from tests.domain.schemes.documents import facts, gate, result_of

DATA = {"name": "holdout", "digest": "sha256:aa"}


def share(successes: int, n: int, **more: Any) -> dict[str, Any]:
    return measured(successes / n, {"n": n, "successes": successes}, **more)


def measured(value: float, measure: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind": "offline",
        "metrics": {"accuracy": value},
        "measures": {} if measure is None else {"accuracy": {"value": value, **measure}},
        "slices": [],
        "dataset": DATA,
        "paired": None,
        "measured_at": NOW,
        "reported_by": "token:ci",
        "person": "token:ci",
        **more,
    }


def bounded(value: float, low: float, high: float, level: float = 0.95) -> dict[str, Any]:
    return measured(value, {"interval": {"low": low, "high": high, "level": level, "method": "bootstrap"}})


def beside(mine: dict[str, Any] | None, other: dict[str, Any] | None, held: bool = True) -> Facts:
    """Version 1 beside version 7, which holds the stage ``live``."""
    rival = Rival(7, {}, {} if other is None else {"holdout": other}, frozenset({"token:eve"})) if held else None
    return facts(evaluations={} if mine is None else {"holdout": mine}, rivals={"stage:live": rival})


def found(mine: dict[str, Any] | None, other: dict[str, Any] | None, held: bool = True, **more: Any) -> GateResult:
    return result_of(better(**more), beside(mine, other, held))


def better(**more: Any) -> Any:
    return gate("better", evaluation="holdout", metric="accuracy", stage="live", **more)


def test_a_difference_beyond_chance_holds_and_the_same_on_few_examples_does_not() -> None:
    one = found(share(950, 1000), share(900, 1000))
    assert one.holds
    interval = newcombe(950, 1000, 900, 1000)
    assert (one.actual["low"], one.actual["high"]) == (interval.low, interval.high)
    assert one.reason == (
        "accuracy 0.95 against 0.9 of version 7: the difference lies between 0.02705 and 0.07339 (95 %, newcombe); "
        "it must be above 0"
    )
    few = found(share(19, 20), share(18, 20))
    assert not few.holds and few.actual["low"] < 0 < few.actual["high"]


def test_the_margin_of_superiority_is_passed_by_the_bound_not_by_the_value() -> None:
    assert found(share(950, 1000), share(900, 1000), by=0.02).holds
    assert not found(share(950, 1000), share(900, 1000), by=0.03).holds


def test_not_being_worse_is_shown_by_the_bound_too() -> None:
    same = share(9000, 10_000), share(9000, 10_000)
    assert not found(*same).holds
    assert found(*same, margin=0.01).holds
    assert not found(share(90, 100), share(90, 100), margin=0.01).holds
    assert "not worse by 0.01" in found(*same, margin=0.01).needed


def test_a_lower_value_is_better_where_the_gate_says_so() -> None:
    slow, fast = measured(120.0, {"n": 400, "sd": 20.0}), measured(110.0, {"n": 300, "sd": 25.0})
    one = found(fast, slow, higher_is_better=False)
    interval = difference_of_means(Mean(110.0, 25.0, 300), Mean(120.0, 20.0, 400))
    assert one.holds and (one.actual["low"], one.actual["high"]) == (-interval.high, -interval.low)
    assert not found(fast, slow).holds


def test_the_same_examples_one_by_one_show_what_counts_alone_do_not() -> None:
    counts = {"against": 7, "both_right": 888, "only_this": 17, "only_other": 2, "both_wrong": 93}
    assert not found(share(905, 1000), share(890, 1000)).holds
    one = found(share(905, 1000, paired=counts), share(890, 1000))
    interval = paired_difference(888, 17, 2, 93)
    assert one.holds and (one.actual["low"], one.actual["method"]) == (interval.low, "paired")
    back = {"against": 1, "both_right": 888, "only_this": 2, "only_other": 17, "both_wrong": 93}
    assert found(share(905, 1000), share(890, 1000, paired=back)).actual == one.actual


@pytest.mark.parametrize("change", [{"against": 6}, {"only_other": 0, "both_wrong": 95}, {"only_this": 18}])
def test_paired_counts_of_another_version_or_of_other_shares_do_not_count(change: dict[str, int]) -> None:
    counts = {"against": 7, "both_right": 888, "only_this": 17, "only_other": 2, "both_wrong": 93, **change}
    assert found(share(905, 1000, paired=counts), share(890, 1000)).actual["method"] == "newcombe"


def test_areas_under_a_curve_need_the_numbers_of_both_classes() -> None:
    def area(value: float, **counts: float) -> dict[str, Any]:
        return {**measured(value), "metrics": {"auc": value, **counts}}

    auc = gate("better", evaluation="holdout", metric="auc", stage="live")
    known = result_of(auc, beside(area(0.95, positives=900, negatives=900), area(0.9, positives=900, negatives=900)))
    assert known.holds and known.actual["method"] == "hanley-mcneil"
    for counts in ({}, {"positives": 900}, {"positives": 900.5, "negatives": 900}, {"positives": 0, "negatives": 9}):
        unknown = result_of(auc, beside(area(0.95, **counts), area(0.9, positives=900, negatives=900)))
        assert not unknown.holds and unknown.reason.startswith("insufficient: auc 0.95 against 0.9 of version 7")


def test_a_perfect_area_on_a_handful_of_examples_proves_nothing() -> None:
    def area(value: float, examples: int) -> dict[str, Any]:
        return measured(0, metrics={"auc": value, "positives": examples, "negatives": examples})

    for examples, holds in ((3, False), (2_000, True)):
        perfect = area(1, examples)
        assert result_of(areas(margin=0.01), beside(perfect, perfect)).holds is holds
    assert not result_of(areas(), beside(area(1, 1), area(0, 1))).holds


def areas(**more: Any) -> Any:
    return gate("better", evaluation="holdout", metric="auc", stage="live", **more)


def test_reported_intervals_count_if_they_have_the_level_of_the_gate() -> None:
    assert found(bounded(0.95, 0.94, 0.96), bounded(0.9, 0.89, 0.92)).holds
    assert not found(bounded(0.95, 0.94, 0.96, 0.9), bounded(0.9, 0.89, 0.92, 0.9)).holds
    assert found(bounded(0.95, 0.94, 0.96, 0.9), bounded(0.9, 0.89, 0.92, 0.9), level=0.9).holds


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        (measured(0.95), share(900, 1000)),
        (share(950, 1000), measured(0.9)),
        (measured(0.95, {"n": 1000}), measured(0.9, {"n": 1000})),
        (measured(1e200, {"n": 9, "sd": 1e200}), measured(1.0, {"n": 9, "sd": 1.0})),
    ],
)
def test_it_is_insufficient_if_nobody_knows_how_sure_the_values_are(mine: Any, other: Any) -> None:
    one = found(mine, other)
    assert not one.holds and one.reason.startswith("insufficient: ")
    assert "record both with n and successes or sd" in one.reason


def test_other_data_are_no_comparison() -> None:
    other = share(900, 1000, dataset={"name": "holdout", "digest": "sha256:bb"})
    one = found(share(950, 1000), other)
    assert not one.holds
    assert one.reason == "measured on different data: version 1 on sha256:aa, version 7 on sha256:bb"
    unnamed = found(share(950, 1000, dataset={"name": "holdout"}), share(900, 1000, dataset=None))
    assert not unnamed.holds
    assert unnamed.reason == (
        "not known to be measured on the same data: the evaluation of version 1 and version 7 names no digest"
    )


def test_evaluations_of_different_kinds_are_no_comparison() -> None:
    one = found(share(950, 1000), share(900, 1000, kind="online"))
    assert not one.holds
    assert one.reason == ("measured differently: the evaluation of version 1 is offline, that of version 7 online")
    assert found(share(950, 1000, kind="online"), share(900, 1000, kind="online")).holds


def test_what_is_missing_is_said() -> None:
    assert found(None, share(9, 10)).reason == "the evaluation holdout has not been recorded"
    assert found(share(9, 10), None).reason == "version 7, to compare with, has no evaluation holdout"
    assert (
        found({**share(9, 10), "metrics": {}}, share(9, 10)).reason == "the evaluation holdout has no metric accuracy"
    )
    without = found(share(9, 10), {**share(9, 10), "metrics": {}})
    assert without.reason == "the evaluation holdout of version 7 has no metric accuracy"
    assert found(share(9, 10), None, held=False).holds
    assert not found(share(9, 10), None, held=False, if_absent="fail").holds
    assert not found(None, None, held=False).holds


def test_neither_author_may_have_measured_the_rival() -> None:
    rules = (EvidenceRule(evaluations=("*",), independent=True),)

    def by(person: str) -> GateResult:
        ruled = replace(beside(share(950, 1000), share(900, 1000, person=person, reported_by=person)), rules=rules)
        return result_of(better(), ruled)

    assert by("token:ci").holds
    # token:ada registered version 1, and would look better beside a bad result; token:eve made version 7.
    for author in ("token:ada", "token:eve"):
        assert not by(author).holds
        assert f"was recorded by {author}, who registered the version" in by(author).reason


def test_an_approval_is_bound_to_both_evaluations_and_to_whom_it_is_compared_with() -> None:
    def bound(mine: Any, other: Any) -> str:
        given = beside(mine, other)
        return binding([result_of(better(), given)], given, {"name": "own", "version": 1})

    as_it_was = bound(share(950, 1000), share(900, 1000))
    assert as_it_was == bound(share(950, 1000, measured_at="later"), share(900, 1000))
    assert as_it_was != bound(share(951, 1000), share(900, 1000))
    assert as_it_was != bound(share(950, 1000), share(901, 1000))
    assert as_it_was != bound(share(950, 1000), share(900, 1000, dataset={"name": "x", "digest": "y"}))
    assert as_it_was != bound(share(950, 1000), share(900, 1000, kind="online"))
    assert as_it_was != bound(share(950, 1000), None)


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0, 0.5), st.floats(0.001, 0.5))
def test_whoever_is_better_is_not_worse_and_never_both_are(mine: int, other: int, by: float, margin: float) -> None:
    this, that = share(mine, 200), share(other, 200)
    if found(this, that, by=by).holds:
        assert found(this, that, margin=margin).holds
        assert not found(that, this).holds


def test_the_versions_whose_evaluations_are_needed_are_those_of_the_gate() -> None:
    model = Model("fraud", stages={"live": Pointer(7)}, aliases={"champion": Pointer(5)})
    compare = gate("compare", metric="auc", alias="champion")
    assert measured_rivals((better(), compare), model) == [7]
    assert rivals_of((better(), compare), model) == {"alias:champion": 5, "stage:live": 7}
    assert measured_rivals((better(),), Model("fraud")) == []
