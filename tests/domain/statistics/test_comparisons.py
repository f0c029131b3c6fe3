"""Tests of two classifiers, distances of two distributions, and many tests at once."""

from math import comb, inf, isclose, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.statistics import distances
from chalicelib.domain.statistics.homogeneity import chi_square, effect_size
from chalicelib.domain.statistics.multiplicity import benjamini_hochberg, holm, level_of_each
from chalicelib.domain.statistics.paired import mcnemar_exact
from tests.domain.statistics.build import pointers

P, Q = (0.2, 0.3, 0.5), (0.3, 0.3, 0.4)
BOUNDED = (
    distances.js_divergence,
    distances.js_distance,
    distances.hellinger,
    distances.ks,
)
SYMMETRIC = (*BOUNDED, distances.psi)

rows = st.integers(1, 12).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(0, 10_000), min_size=size, max_size=size).filter(any)] * 2)
)
probabilities = st.lists(st.floats(0, 1), max_size=20)


@pytest.mark.parametrize(
    ("distance", "value"),
    [
        (distances.psi, 0.06286086594223739),
        (distances.js_divergence, 0.01127812445913286),
        (distances.js_distance, 0.10619851439230617),
        (distances.hellinger, 0.08852926195176514),
        (distances.ks, 0.1),
    ],
)
def test_a_distance_has_its_reference_value(distance, value: float) -> None:
    assert isclose(distance(P, Q), value, rel_tol=1e-12)
    # Counts are as good as shares.
    assert isclose(distance((20, 30, 50), (60, 60, 80)), value, rel_tol=1e-12)


def test_the_jensen_shannon_distance_in_nats_has_its_reference_value() -> None:
    assert isclose(distances.js_distance(P, Q, base=2.718281828459045), 0.08841606285541162, rel_tol=1e-12)


def test_the_earth_movers_distance_is_in_the_unit_of_the_positions() -> None:
    assert isclose(distances.wasserstein(P, Q, (0, 1, 2)), 0.2, rel_tol=1e-12)
    assert isclose(distances.wasserstein(P, Q, (0, 10, 20)), 2.0, rel_tol=1e-12)
    assert isclose(
        distances.wasserstein((1, 1, 1, 0, 0, 0), (0, 0, 0, 1, 1, 1), (0, 1, 3, 5, 6, 8)), 5.0, rel_tol=1e-12
    )


@pytest.mark.parametrize("distance", BOUNDED)
@given(pair=rows)
def test_a_distance_lies_in_0_to_1(distance, pair) -> None:
    assert 0 <= distance(*pair) <= 1


@pytest.mark.parametrize("distance", SYMMETRIC)
@given(pair=rows)
def test_a_distance_is_the_same_both_ways_and_nothing_to_itself(distance, pair) -> None:
    one, other = pair
    assert distance(one, other) == pytest.approx(distance(other, one), rel=1e-12)
    assert distance(one, one) == 0


def test_a_bin_that_only_one_of_the_two_fills_is_infinitely_far_for_the_divergences() -> None:
    assert distances.psi((1, 1), (1, 0)) == inf
    assert distances.psi((1, 0), (1, 1)) == inf
    assert distances.js_divergence((1, 0), (0, 1)) == distances.hellinger((1, 0), (0, 1)) == 1


@pytest.mark.parametrize("distance", SYMMETRIC)
@pytest.mark.parametrize(
    ("baseline", "current", "pointer"),
    [
        ((1, 2), (1, 2, 3), "/current"),
        ((1, -1), (1, 2), "/baseline/1"),
        ((1, 2), (nan, 2), "/current/0"),
        ((1, 2), (inf, 2), "/current/0"),
        ((0, 0), (1, 2), "/baseline"),
        ((), (), "/baseline"),
    ],
)
def test_what_is_no_distribution_is_refused_by_place(distance, baseline, current, pointer) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        distance(baseline, current)
    assert pointers(refusal) == [pointer]


@pytest.mark.parametrize("positions", [(0, 1), (0, 2, 1), (0, 1, nan), (0, 1, inf)])
def test_positions_must_be_those_of_the_bins_and_ascend(positions) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        distances.wasserstein(P, Q, positions)
    assert pointers(refusal) == ["/positions"]


def test_the_test_of_homogeneity_has_its_reference_value() -> None:
    tested = chi_square((20, 30, 50), (60, 60, 80))
    assert isclose(tested.statistic, 4.038461538461537, rel_tol=1e-12) and tested.df == 2
    assert isclose(tested.p, 0.1327575470028124, rel_tol=1e-12)
    assert isclose(tested.cramers_v, 0.11602387022306426, rel_tol=1e-12)


def test_the_effect_size_is_the_same_for_any_number_of_values() -> None:
    small, large = ([20, 30, 50], [30, 30, 40]), ([20_000, 30_000, 50_000], [30, 30, 40])
    # By its definition: the squared differences of shares, over those of both together.
    assert isclose(effect_size(*small), 0.01**0.5 * (1 / 0.25 + 1 / 0.45) ** 0.5, rel_tol=1e-12)
    assert effect_size(*large) == pytest.approx((0.01 / 0.2 + 0.01 / 0.5) ** 0.5, rel=1e-3)


@given(pair=rows)
def test_the_test_of_homogeneity_does_not_see_bins_that_both_leave_empty(pair) -> None:
    one, other = pair
    tested = chi_square(one, other)
    assert chi_square([0, *one], [0, *other]) == tested
    assert 0 <= tested.p <= 1 and 0 <= tested.cramers_v <= 1


def test_one_shared_bin_shows_no_difference() -> None:
    tested = chi_square((5, 0), (7, 0))
    assert (tested.statistic, tested.df, tested.p) == (0, 0, 1)


@pytest.mark.parametrize(
    ("one", "other", "pointer"),
    [((1,), (1, 2), "/current"), ((1, -1), (1, 2), "/baseline/1"), ((1, 2), (0, 0), "/current")],
)
def test_rows_that_cannot_be_tested_are_refused_by_place(one, other, pointer) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        chi_square(one, other)
    assert pointers(refusal) == [pointer]


def test_mcnemars_test_has_its_reference_value() -> None:
    assert isclose(mcnemar_exact(25, 10), 0.016673847800120715, rel_tol=1e-12)


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemars_exact_test_counts_the_ways_in_whole_numbers(this: int, other: int) -> None:
    n = this + other
    ways = sum(comb(n, k) for k in range(min(this, other) + 1))
    assert isclose(mcnemar_exact(this, other), min(1.0, 2 * ways / 2**n), rel_tol=1e-11)


def test_without_discordant_examples_nothing_is_significant() -> None:
    assert mcnemar_exact(0, 0) == 1


def test_negative_discordant_counts_are_refused_by_name() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        mcnemar_exact(3, -1)
    assert pointers(refusal) == ["/only_other"]


def test_adjusted_probabilities_have_their_published_values() -> None:
    """The example of Benjamini and Hochberg, 1995: of fifteen, their method finds four and Bonferroni's three."""
    given_ = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    given_ += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert sum(p <= 0.05 for p in benjamini_hochberg(given_)) == 4
    assert sum(p <= 0.05 for p in holm(given_)) == 3


@pytest.mark.parametrize("adjusted", [holm, benjamini_hochberg])
@given(ps=probabilities)
def test_adjusting_keeps_the_order_and_only_raises(adjusted, ps) -> None:
    result = adjusted(ps)
    assert all(before <= after <= 1 for before, after in zip(ps, result, strict=True))
    ranked = [result[index] for index in sorted(range(len(ps)), key=ps.__getitem__)]
    assert ranked == sorted(ranked)


@given(ps=probabilities)
def test_the_adjustment_for_gates_is_never_weaker_than_that_for_dashboards(ps) -> None:
    assume(ps)
    assert all(a >= b or isclose(a, b) for a, b in zip(holm(ps), benjamini_hochberg(ps), strict=True))
    assert isclose(min(holm(ps)), min(1.0, len(ps) * min(ps)))


@given(ps=probabilities, alpha=st.floats(1e-6, 0.5))
def test_under_the_level_of_each_lie_those_that_the_adjustment_leaves(ps, alpha) -> None:
    assume(ps)
    level, adjusted = level_of_each(ps, alpha), benjamini_hochberg(ps)
    assume(not any(isclose(p, level) or isclose(one, alpha) for p, one in zip(ps, adjusted, strict=True)))
    assert [p < level for p in ps] == [one < alpha for one in adjusted]


def test_the_more_tests_find_something_the_higher_is_the_level_of_each() -> None:
    assert level_of_each([0.5, 0.6, 0.7, 0.8], 0.04) == pytest.approx(0.01)
    assert level_of_each([0.001, 0.019, 0.7, 0.8], 0.04) == pytest.approx(0.02)
    assert level_of_each([0.039] * 4, 0.04) == pytest.approx(0.04)


@pytest.mark.parametrize("adjusted", [holm, benjamini_hochberg])
@pytest.mark.parametrize("wrong", [-0.1, 1.1, nan])
def test_what_is_no_probability_is_refused_by_place(adjusted, wrong) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        adjusted([0.5, wrong])
    assert pointers(refusal) == ["/1"]
