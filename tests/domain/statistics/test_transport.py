"""How far values moved, and how far chance moves them."""

from math import isclose, sqrt
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.statistics.drift import Verdict, judge
from chalicelib.domain.statistics.special import normal_critical, normal_tail
from chalicelib.domain.statistics.statistic import Statistic
from chalicelib.domain.statistics.transport import Chance, chance, moved
from tests.domain.statistics.build import numeric, pointers

EDGES = (0.0, 10.0, 20.0)
four_counts = st.lists(st.integers(0, 5_000), min_size=4, max_size=4).filter(any)


def by_chance(*rows: tuple[int, ...], edges: tuple[float, ...] = EDGES) -> Chance:
    found = chance(edges, *rows)
    assert found is not None
    return found


def test_values_move_between_the_middles_of_bins_and_not_beyond_the_outer_edges() -> None:
    assert moved(EDGES, (1, 0, 0, 0), (0, 1, 0, 0)) == 5
    assert moved(EDGES, (0, 1, 0, 0), (0, 0, 1, 0)) == 10
    assert moved(EDGES, (1, 0, 0, 0), (0, 0, 0, 1)) == 20
    assert moved(EDGES, (5, 5, 5, 5), (5, 5, 5, 5)) == 0


def test_between_two_bins_chance_is_that_of_a_share() -> None:
    """The distance is then the difference of two shares times the way between the bins."""
    found = by_chance((0, 3_000, 7_000, 0), (0, 300, 700, 0))
    error = 10 * sqrt(0.3 * 0.7 * (1 / 10_000 + 1 / 1_000))
    assert isclose(found.critical(0.01), error * normal_critical(0.005), rel_tol=1e-6)
    assert isclose(found.tail(2 * error), 2 * normal_tail(2), rel_tol=1e-6)


@given(four_counts, four_counts, st.floats(0.001, 1_000))
def test_chance_has_the_unit_of_the_values(one: list[int], other: list[int], unit: float) -> None:
    found, scaled = chance(EDGES, one, other), chance([edge * unit for edge in EDGES], one, other)
    assume(found is not None and scaled is not None)
    assert found is not None and scaled is not None
    assert isclose(scaled.critical(0.01), unit * found.critical(0.01), rel_tol=1e-6)


@given(four_counts, four_counts, st.floats(0.0001, 0.4))
def test_the_probability_of_the_threshold_is_alpha(one: list[int], other: list[int], alpha: float) -> None:
    found = chance(EDGES, one, other)
    assume(found is not None)
    assert found is not None
    assert isclose(found.tail(found.critical(alpha)), alpha, rel_tol=1e-6)
    assert found.tail(0) == 1 and found.df >= 1


def test_where_nothing_can_move_there_is_no_chance() -> None:
    assert chance(EDGES, (0, 100, 0, 0), (0, 200, 0, 0)) is None


def test_a_feature_whose_values_all_lie_in_one_bin_is_stable() -> None:
    varied = numeric([1.0, 2.0, 3.0] * 100, EDGES)
    judged = judge(varied, varied, Statistic.WASSERSTEIN, effect=0)
    assert (judged.score, judged.p, judged.verdict) == (0, 1, Verdict.STABLE)


def test_without_a_spread_a_distance_has_no_unit() -> None:
    constant = numeric([1.0] * 300, EDGES)
    assert judge(constant, constant, Statistic.WASSERSTEIN).verdict is Verdict.INSUFFICIENT


def test_a_wider_spread_with_the_same_mean_is_seen() -> None:
    random = Random(1)
    edges = tuple(step / 4 for step in range(-12, 13))
    before = numeric([random.gauss(0, 1) for _ in range(5_000)], edges)
    after = numeric([random.gauss(0, 1.5) for _ in range(2_000)], edges)
    assert judge(before, after, Statistic.WASSERSTEIN).verdict is Verdict.DRIFT
    assert judge(before, after, Statistic.MEAN).verdict is Verdict.STABLE


def test_the_score_is_in_standard_deviations_of_the_baseline() -> None:
    edges = tuple(float(step) for step in range(0, 1_000, 10))
    before = numeric([float(number) for number in range(100, 600)], edges)
    after = numeric([float(number) for number in range(200, 700)], edges)
    judged = judge(before, after, Statistic.WASSERSTEIN)
    assert judged.score == pytest.approx(100 / before.sd)


def test_a_single_edge_leaves_nothing_between_which_values_could_move() -> None:
    halves = numeric([1.0, 2.0] * 200, (1.5,))
    with pytest.raises(InvalidInputError, match="single edge") as refusal:
        judge(halves, halves, Statistic.WASSERSTEIN)
    assert pointers(refusal) == ["/statistic"]
