"""Intervals of proportions, means and areas: published values, and what holds for all counts."""

from math import comb, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.means import Mean, difference_of_means, welch
from chalicelib.domain.statistics.paired import paired_difference
from chalicelib.domain.statistics.proportions import clopper_pearson, newcombe, wilson
from chalicelib.domain.statistics.roc import auc_interval, hanley_mcneil
from tests.domain.statistics.build import pointers

levels = st.floats(0.5, 0.999)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 10_000))
    return draw(st.integers(0, n)), n


def close(interval: Interval, low: float, high: float) -> bool:
    return isclose(interval.low, low, rel_tol=1e-12) and isclose(interval.high, high, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (8, 10, 0.4901624715366418, 0.9433178485456248),
        (0, 20, 0, 0.16112515805281935),
        (45, 50, 0.7863976856252034, 0.9565242350681095),
        (90, 100, 0.8256343384950865, 0.9447708629393249),
    ],
)
def test_wilsons_interval_has_its_reference_values(successes: int, n: int, low: float, high: float) -> None:
    assert close(wilson(successes, n), low, high)


def test_the_exact_interval_has_its_reference_value() -> None:
    assert close(clopper_pearson(8, 10), 0.4439045376923585, 0.9747892736731666)


def test_newcombes_interval_is_the_published_one() -> None:
    interval = newcombe(56, 70, 48, 80)
    assert close(interval, 0.05243147240236498, 0.333872654036906)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
@given(counted=counts(), level=levels)
def test_an_interval_of_a_proportion_holds_it_and_mirrors_the_failures(method, counted, level) -> None:
    successes, n = counted
    interval = method(successes, n, level)
    assert 0 <= interval.low <= successes / n <= interval.high <= 1
    mirrored = method(n - successes, n, level)
    assert isclose(interval.low, 1 - mirrored.high, abs_tol=1e-12)


@given(counted=counts())
def test_more_confidence_makes_a_wider_interval(counted: tuple[int, int]) -> None:
    narrow, wide = wilson(*counted, 0.9), wilson(*counted, 0.99)
    assert wide.low <= narrow.low and narrow.high <= wide.high


@given(one=counts(), other=counts())
def test_the_interval_of_a_difference_holds_it_and_turns_around(one, other) -> None:
    interval, turned = newcombe(*one, *other), newcombe(*other, *one)
    assert -1 <= interval.low <= one[0] / one[1] - other[0] / other[1] <= interval.high <= 1
    assert interval == Interval(-turned.high, -turned.low)


@pytest.mark.parametrize(
    ("arguments", "pointer"),
    [
        ((1, 0), "/n"),
        ((-1, 10), "/successes"),
        ((11, 10), "/successes"),
        ((1, 2, 0.0), "/level"),
        ((1, 2, 1.0), "/level"),
    ],
)
def test_impossible_counts_and_levels_are_refused_by_name(arguments, pointer) -> None:
    for method in (wilson, clopper_pearson):
        with pytest.raises(InvalidInputError) as refusal:
            method(*arguments)
        assert pointers(refusal) == [pointer]


def test_the_second_proportion_of_a_difference_is_checked_as_well() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        newcombe(1, 2, 3, 2)
    assert pointers(refusal) == ["/other/successes"]


@pytest.mark.parametrize(("p_this", "p_other"), [(0.1, 0.1), (0.2, 0.05), (0.3, 0.3), (0.02, 0.0)])
def test_the_paired_interval_covers_the_true_difference_about_as_often_as_it_says(p_this, p_other) -> None:
    """Exactly, over all outcomes of 40 examples."""
    n, covered = 40, 0.0
    for this in range(n + 1):
        for other in range(n + 1 - this):
            ways = comb(n, this) * comb(n - this, other)
            probability = ways * p_this**this * p_other**other * (1 - p_this - p_other) ** (n - this - other)
            interval = paired_difference(n - this - other, this, other, 0)
            covered += probability * (interval.low <= p_this - p_other <= interval.high)
    assert 0.93 <= covered <= 1


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(1, 500))
def test_only_discordant_examples_move_the_paired_interval_off_zero(
    right: int, this: int, other: int, wrong: int
) -> None:
    interval, turned = paired_difference(right, this, other, wrong), paired_difference(right, other, this, wrong)
    assert interval == Interval(-turned.high, -turned.low)
    assert (interval.low + interval.high > 0) == (this > other)


@pytest.mark.parametrize(
    ("given_counts", "pointer"),
    [
        ((-1, 0, 0, 5), "/both_right"),
        ((0, -1, 0, 5), "/only_this"),
        ((0, 0, -1, 5), "/only_other"),
        ((0, 0, 0, -5), "/both_wrong"),
        ((0, 0, 0, 0), "/both_right"),
    ],
)
def test_impossible_paired_counts_are_refused_by_name(given_counts, pointer) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        paired_difference(*given_counts)
    assert pointers(refusal) == [pointer]


def test_the_standard_error_of_an_area_has_its_published_values() -> None:
    assert isclose(hanley_mcneil(0.9, 100, 200), 0.021660660436060474, rel_tol=1e-12)
    assert isclose(hanley_mcneil(0.75, 50, 50), 0.048836461788299125, rel_tol=1e-12)


@given(st.floats(0, 1), st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_interval_of_an_area_stays_within_0_and_1_and_holds_it(area: float, positives: int, negatives: int) -> None:
    interval = auc_interval(area, positives, negatives)
    assert 0 <= interval.low <= area <= interval.high <= 1
    assert hanley_mcneil(area, positives, negatives) <= 0.5


@pytest.mark.parametrize("examples", [(1, 1), (7, 3), (20, 1_000)])
def test_classes_that_a_score_separates_wholly_do_not_prove_that_it_always_does(examples: tuple[int, int]) -> None:
    """At the lower bound, pairs of different examples are all in order with 2.5 %; so are all examples at most."""
    interval = auc_interval(1, *examples)
    assert interval.low ** min(examples) == pytest.approx(0.025) and interval.high == 1
    mirrored = auc_interval(0, *examples)
    assert (mirrored.low, mirrored.high) == pytest.approx((0, 1 - interval.low))


@pytest.mark.parametrize(
    ("arguments", "pointer"),
    [((1.1, 5, 5), "/area"), ((float("nan"), 5, 5), "/area"), ((0.5, 0, 5), "/positives"), ((0.5, 5, 0), "/negatives")],
)
def test_an_impossible_area_is_refused_by_name(arguments, pointer) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        auc_interval(*arguments)
    assert pointers(refusal) == [pointer]


def test_welchs_test_agrees_with_a_calculation_by_hand() -> None:
    tested = welch(Mean(10.0, 2.0, 4), Mean(8.0, 2.0, 4))
    assert tested is not None
    assert isclose(tested.t, sqrt(2)) and isclose(tested.df, 6)
    # Student's t with an even number of degrees of freedom has a closed form.
    sine = tested.t / sqrt(tested.df + tested.t**2)
    assert isclose(tested.p, 1 - sine * (1 + (1 - sine**2) / 2 + 3 * (1 - sine**2) ** 2 / 8), rel_tol=1e-12)


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.01, 10), st.integers(2, 1000), st.integers(2, 1000))
def test_the_interval_of_means_leaves_out_zero_exactly_if_the_test_is_significant(a, b, sd, n, m) -> None:
    one, other = Mean(a, sd, n), Mean(b, 1.0, m)
    interval, tested = difference_of_means(one, other, 0.95), welch(one, other)
    assert tested is not None
    if abs(tested.p - 0.05) > 1e-9:
        assert (interval.low > 0 or interval.high < 0) == (tested.p < 0.05)


def test_means_of_samples_that_do_not_vary_have_a_difference_without_width() -> None:
    assert difference_of_means(Mean(3.0, 0.0, 5), Mean(1.0, 0.0, 5)) == Interval(2.0, 2.0)
    assert welch(Mean(3.0, 0.0, 5), Mean(1.0, 0.0, 5)) is None


@pytest.mark.parametrize(
    ("arguments", "pointer"),
    [
        ((float("nan"), 1.0, 5), "/value"),
        ((0.0, float("inf"), 5), "/sd"),
        ((0.0, -1.0, 5), "/sd"),
        ((0.0, 1.0, 1), "/n"),
    ],
)
def test_an_impossible_mean_is_refused_by_name(arguments, pointer) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Mean(*arguments)
    assert pointers(refusal) == [pointer]
