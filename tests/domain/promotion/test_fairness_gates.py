"""The gate ``fairness``: a rate of every two groups, by the interval of their difference and by their ratio."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.promotion.fairness_findings import MAX_GROUPS
from chalicelib.domain.promotion.gate_results import GateResult, binding
from chalicelib.domain.schemes.evidence_rules import EvidenceRule
from chalicelib.domain.statistics.proportions import newcombe
from tests.domain.build import NOW
from tests.domain.schemes.documents import facts, gate, result_of

Counts = tuple[int, int, int, int]
counts = st.tuples(*[st.integers(0, 300)] * 4)


def part(group: dict[str, Any], given: Counts | None) -> dict[str, Any]:
    """A slice with its counts: true and false positives, false and true negatives."""
    named = None if given is None else dict(zip(("tp", "fp", "fn", "tn"), given, strict=True))
    return {"group": group, "metrics": {}, **({} if named is None else {"counts": named})}


def evaluation(*slices: dict[str, Any], **more: Any) -> dict[str, Any]:
    reported = {"reported_by": "token:ci", "person": "token:ci"}
    return {"kind": "offline", "metrics": {}, "slices": list(slices), "measured_at": NOW, **reported, **more}


def fairness(rate: str = "selection_rate", **more: Any) -> Any:
    bounds = more if {"max_gap", "min_ratio"} & more.keys() else {"max_gap": 0.1, **more}
    return gate("fairness", evaluation="holdout", rate=rate, **bounds)


def found(of: Any, *slices: dict[str, Any]) -> GateResult:
    return result_of(of, facts(evaluations={"holdout": evaluation(*slices)}))


def sexes(female: Counts | None, male: Counts | None) -> list[dict[str, Any]]:
    return [part({"sex": "F"}, female), part({"sex": "M"}, male)]


def selected(share: int, n: int) -> Counts:
    """So many of ``n`` are selected, half of each kind rightly."""
    return share // 2, share - share // 2, (n - share) // 2, n - share - (n - share) // 2


def test_the_bound_of_the_gap_counts_and_not_the_gap() -> None:
    near = found(fairness(), *sexes(selected(500, 1000), selected(560, 1000)))
    assert not near.holds and near.actual["gap"] == pytest.approx(0.06)
    interval = newcombe(560, 1000, 500, 1000)
    assert (near.actual["low"], near.actual["high"]) == pytest.approx((interval.low, interval.high))
    assert near.reason == (
        "selection_rate is 0.56 for sex=M and 0.5 for sex=F: the gap lies between 0.01625 and 0.1034 (95 %)"
    )
    assert found(fairness(), *sexes(selected(5000, 10_000), selected(5600, 10_000))).holds


def test_with_doubt_passing_only_a_gap_that_is_shown_fails() -> None:
    lenient = fairness(max_gap=0.1, if_uncertain="pass")
    assert found(lenient, *sexes(selected(50, 100), selected(62, 100))).holds
    assert not found(lenient, *sexes(selected(500, 1000), selected(700, 1000))).holds
    assert not found(fairness(), *sexes(selected(50, 100), selected(62, 100))).holds


def test_many_groups_do_not_themselves_produce_a_finding() -> None:
    lenient = fairness(max_gap=0.1, if_uncertain="pass")
    two = sexes(selected(400, 1000), selected(545, 1000))
    assert not found(lenient, *two).holds
    others = [part({"sex": f"X{index}"}, selected(470, 1000)) for index in range(20)]
    assert found(lenient, *two, *others).holds


def test_four_fifths_is_a_ratio_of_the_rates() -> None:
    fifths = fairness(min_ratio=0.8)
    assert found(fifths, *sexes(selected(40, 100), selected(50, 100))).holds
    below = found(fifths, *sexes(selected(39, 100), selected(50, 100)))
    assert not below.holds and below.reason.endswith("the ratio is 0.78")
    assert found(fifths, *sexes((0, 0, 50, 50), (0, 0, 50, 50))).actual["ratio"] == 1


@pytest.mark.parametrize(
    ("rate", "lower", "higher"),
    [
        ("selection_rate", 0.6, 0.3),
        ("true_positive_rate", 0.8, 0.4),
        ("false_positive_rate", 0.4, 0.2),
        ("precision", 2 / 3, 2 / 3),
        ("accuracy", 0.7, 0.6),
    ],
)
def test_each_rate_is_of_its_own_counts(rate: str, lower: float, higher: float) -> None:
    one = found(fairness(rate), *sexes((400, 200, 100, 300), (200, 100, 300, 400)))
    assert one.actual["gap"] == pytest.approx(abs(lower - higher))


def test_small_groups_are_listed_and_fail_only_if_the_gate_says_so() -> None:
    slices = [*sexes(selected(500, 1000), selected(500, 1000)), part({"sex": "X"}, selected(9, 29))]
    one = found(fairness(), *slices, part({"sex": "Y"}, None))
    assert one.holds and one.actual["small"] == ["sex=X", "sex=Y"]
    assert one.reason.endswith("too few examples, under 30: sex=X (29), sex=Y (no counts)")
    assert not found(fairness(if_small="fail"), *slices).holds
    assert found(fairness(if_small="fail"), *slices[:2]).holds
    assert found(fairness(min_n=29), *slices).actual["small"] == []


def test_a_rate_needs_examples_of_what_it_is_about() -> None:
    # A thousand examples, but only twenty positives.
    one = found(fairness("true_positive_rate"), *sexes((10, 0, 10, 980), (500, 0, 500, 0)))
    assert not one.holds and one.actual == {"small": ["sex=F"]}
    assert one.reason.startswith("insufficient: no two groups have counts of at least 30 examples")


def test_groups_are_compared_that_differ_in_the_same() -> None:
    slices = [
        part({"sex": "F"}, selected(500, 1000)),
        part({"age": "old"}, selected(900, 1000)),
        part({"age": "old", "sex": "F"}, selected(100, 1000)),
    ]
    assert found(fairness(), *slices).reason.startswith("insufficient")
    both = [*slices, part({"sex": "M"}, selected(500, 1000)), part({"age": "young"}, selected(100, 1000))]
    worst = found(fairness(), *both)
    assert (worst.holds, worst.actual["highest"], worst.actual["lowest"]) == (False, "age=old", "age=young")
    assert found(fairness(across=["sex"]), *both).holds


def test_more_groups_than_are_compared_fail_the_gate_and_say_so() -> None:
    groups = [part({"city": index}, selected(500, 1000)) for index in range(MAX_GROUPS + 1)]
    assert found(fairness(), *groups[:-1]).holds
    crowded = found(fairness(), *groups)
    assert (crowded.holds, crowded.reason) == (False, "51 groups differ in city; at most 50 are compared")
    assert found(fairness(across=["sex"]), *groups, *sexes(selected(500, 1000), selected(500, 1000))).holds


def test_what_does_not_count_is_not_judged() -> None:
    missing = result_of(fairness(), facts())
    assert (missing.holds, missing.reason) == (False, "the evaluation holdout has not been recorded")
    own = facts(evaluations={"holdout": evaluation(*sexes(selected(50, 99), selected(50, 99)), person="token:ada")})
    ruled = replace(own, rules=(EvidenceRule(evaluations=("*",), independent=True),))
    assert "who registered the version" in result_of(fairness(), ruled).reason


def test_an_approval_is_bound_to_the_counts_of_all_groups_in_any_order() -> None:
    def bound(*slices: dict[str, Any]) -> str:
        given = facts(evaluations={"holdout": evaluation(*slices)})
        return binding([result_of(fairness(), given)], given, {"name": "own", "version": 1})

    women, men = sexes(selected(500, 1000), selected(560, 1000))
    assert bound(women, men) == bound(men, women)
    assert bound(women, men) != bound(women, men, part({"sex": "X"}, selected(1, 2)))
    assert bound(women, men) != bound(*sexes(selected(501, 1000), selected(560, 1000)))


@given(st.lists(counts, min_size=2, max_size=6), st.floats(0.01, 1))
def test_what_is_shown_to_be_fair_is_never_shown_to_be_unfair(groups: list[Counts], gap: float) -> None:
    slices = [part({"group": index}, given) for index, given in enumerate(groups)]
    strict = found(fairness(max_gap=gap), *slices)
    if strict.holds:
        assert found(fairness(max_gap=gap, if_uncertain="pass"), *slices).holds
        assert strict.actual["gap"] <= gap
        assert found(fairness(max_gap=min(1.0, gap * 2)), *slices).holds
