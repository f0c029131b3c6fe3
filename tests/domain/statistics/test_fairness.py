"""Fairness from confusion counts."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.statistics.confusion import Confusion
from chalicelib.domain.statistics.fairness import RATES, Criterion, fairness, rate
from chalicelib.domain.statistics.proportions import newcombe
from chalicelib.domain.statistics.rate import Rate
from tests.domain.statistics.build import pointers

# Labels 1 1 0 0 1 0 and predictions 1 0 0 1 1 0; labels 1 1 0 0 1 0 1 0 and predictions 1 1 1 0 1 0 1 1.
REFERENCE = {"a": Confusion(tp=2, fp=1, fn=1, tn=2), "b": Confusion(tp=4, fp=2, fn=0, tn=2)}

cells = st.integers(0, 300)
groups = st.dictionaries(st.sampled_from("abcdef"), st.builds(Confusion, cells, cells, cells, cells), max_size=6)


@pytest.mark.parametrize(
    ("which", "a", "b"),
    [
        (Rate.SELECTION, 0.5, 0.75),
        (Rate.TRUE_POSITIVE, 2 / 3, 1),
        (Rate.FALSE_POSITIVE, 1 / 3, 0.5),
        (Rate.ACCURACY, 2 / 3, 0.75),
        (Rate.PRECISION, 2 / 3, 2 / 3),
    ],
)
def test_rates_have_their_reference_values(which: Rate, a: float, b: float) -> None:
    assert rate(REFERENCE["a"], which).value == a and rate(REFERENCE["b"], which).value == b


@pytest.mark.parametrize(
    ("criterion", "difference", "ratio"),
    [
        (Criterion.DEMOGRAPHIC_PARITY, 0.25, 0.6666666666666666),
        (Criterion.EQUALIZED_ODDS, 0.33333333333333337, 0.6666666666666666),
        (Criterion.EQUAL_OPPORTUNITY, 0.33333333333333337, 0.6666666666666666),
    ],
)
def test_criteria_have_their_reference_values(criterion: Criterion, difference: float, ratio: float) -> None:
    judged = fairness(REFERENCE, criterion, min_n=1)
    assert isclose(judged.difference, difference) and isclose(judged.ratio, ratio)


def test_a_gap_names_its_groups_and_has_the_interval_of_their_difference() -> None:
    (gap,) = fairness(REFERENCE, Criterion.DEMOGRAPHIC_PARITY, min_n=1).gaps
    assert (gap.highest, gap.lowest) == ("b", "a")
    assert gap.interval == newcombe(6, 8, 3, 6)


@pytest.mark.parametrize("criterion", Criterion)
@given(given_groups=groups, min_n=st.integers(1, 100))
def test_gaps_lie_in_their_bounds_whatever_the_groups_and_their_order(criterion, given_groups, min_n) -> None:
    judged = fairness(given_groups, criterion, min_n)
    assert judged == fairness(dict(reversed(given_groups.items())), criterion, min_n)
    for gap in judged.gaps:
        assert 0 <= gap.difference <= 1 and 0 <= gap.ratio <= 1
        assert gap.interval.low <= gap.difference <= gap.interval.high
        assert gap.highest != gap.lowest and {gap.highest, gap.lowest} <= given_groups.keys()
    if judged.complete:
        assert judged.lowest_bound <= judged.difference <= judged.highest_bound
    else:
        assert judged.difference is judged.ratio is judged.highest_bound is judged.lowest_bound is None


@given(given_groups=groups)
def test_groups_with_too_few_examples_of_a_rate_are_named_and_left_out(given_groups) -> None:
    judged = fairness(given_groups, Criterion.EQUALIZED_ODDS)
    small = {name for name, one in given_groups.items() if min(one.tp + one.fn, one.fp + one.tn) < 30}
    assert set(judged.insufficient) == small


def test_a_criterion_of_two_rates_takes_the_worse_of_both() -> None:
    level = Confusion(tp=50, fp=10, fn=50, tn=90)
    judged = fairness({"x": level, "y": Confusion(tp=50, fp=60, fn=50, tn=40)}, Criterion.EQUALIZED_ODDS)
    assert [gap.rate for gap in judged.gaps] == list(RATES[Criterion.EQUALIZED_ODDS])
    assert isclose(judged.difference, 0.5) and isclose(judged.ratio, 1 / 6)


def test_a_rate_that_no_group_has_shows_no_gap_and_is_incomplete() -> None:
    no_negatives = Confusion(tp=50, fp=0, fn=50, tn=0)
    judged = fairness({"x": no_negatives, "y": no_negatives}, Criterion.EQUALIZED_ODDS)
    assert len(judged.gaps) == 1 and not judged.complete and judged.insufficient == ("x", "y")


def test_rates_that_are_all_0_are_equal() -> None:
    never = Confusion(tp=0, fp=0, fn=50, tn=50)
    judged = fairness({"x": never, "y": never}, Criterion.DEMOGRAPHIC_PARITY)
    assert (judged.difference, judged.ratio) == (0, 1)


def test_a_rate_without_examples_has_no_value_and_no_interval() -> None:
    undefined = rate(Confusion(0, 0, 0, 5), Rate.PRECISION)
    assert undefined.value is undefined.interval() is None
    assert rate(Confusion(1, 0, 0, 5), Rate.PRECISION).interval() is not None


def test_negative_counts_and_limits_out_of_range_are_refused_by_name() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Confusion(1, 2, -3, 4)
    assert pointers(refusal) == ["/fn"]
    for limits, pointer in (({"min_n": 0}, "/min_n"), ({"level": 1.0}, "/level")):
        with pytest.raises(InvalidInputError) as refusal:
            fairness(REFERENCE, Criterion.EQUAL_OPPORTUNITY, **limits)
        assert pointers(refusal) == [pointer]
