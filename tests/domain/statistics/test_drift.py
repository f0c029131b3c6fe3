"""Drift: a verdict needs a change that matters and that chance does not explain, and enough data to say anything."""

from dataclasses import replace
from math import comb, isclose, isfinite, nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.statistics import distances
from chalicelib.domain.statistics.bins import merged_bins
from chalicelib.domain.statistics.drift import Verdict, judge
from chalicelib.domain.statistics.histogram import Histogram, Kind
from chalicelib.domain.statistics.statistic import DEFAULT_EFFECTS, Statistic
from tests.domain.statistics.build import categorical, numeric, pointers

EDGES = tuple(step / 4 for step in range(-6, 7))
COUNTRIES = ("FR", "DE", "IT")
bin_counts = st.lists(st.integers(0, 2_000), min_size=4, max_size=4).filter(any)


def normal(n: int, mean: float, seed: int) -> Histogram:
    random = Random(seed)
    return numeric([random.gauss(mean, 1) for _ in range(n)], EDGES)


def counted(counts, missing: int = 0) -> Histogram:
    return Histogram("country", Kind.CATEGORICAL, tuple(counts), missing, values=COUNTRIES)


def binned(counts) -> Histogram:
    return Histogram("age", Kind.NUMERIC, tuple(counts), 0, edges=(1.0, 2.0, 3.0))


BASELINE = normal(20_000, 0, 1)
SHARES = [Statistic.PSI, Statistic.JS, Statistic.HELLINGER, Statistic.CHI_SQUARE]


@pytest.mark.parametrize("statistic", Statistic)
def test_a_shift_is_drift_and_none_is_stable(statistic: Statistic) -> None:
    assert judge(BASELINE, normal(2_000, 1, 2), statistic).verdict is Verdict.DRIFT
    assert judge(BASELINE, normal(2_000, 0, 2), statistic).verdict is Verdict.STABLE


@pytest.mark.parametrize("statistic", Statistic)
def test_a_change_that_is_significant_but_small_is_stable(statistic: Statistic) -> None:
    judged = judge(normal(60_000, 0, 1), normal(60_000, 0.05, 2), statistic)
    assert judged.significant and not judged.relevant and judged.verdict is Verdict.STABLE


def test_a_change_that_is_large_but_not_significant_is_stable() -> None:
    judged = judge(BASELINE, normal(30, 0.3, 4), Statistic.MEAN, min_n=30)
    assert judged.relevant and not judged.significant and judged.verdict is Verdict.STABLE


@pytest.mark.parametrize("statistic", Statistic)
@pytest.mark.parametrize("small", ["baseline", "window"])
def test_few_values_are_insufficient_and_get_no_number(statistic: Statistic, small: str) -> None:
    few, many = normal(199, 3, 1), normal(500, 0, 2)
    judged = judge(few, many, statistic) if small == "baseline" else judge(many, few, statistic)
    assert judged.verdict is Verdict.INSUFFICIENT
    assert judged.score is judged.threshold is judged.p is None
    assert not judged.relevant and not judged.significant
    assert judge(many, normal(200, 3, 1), statistic).verdict is Verdict.DRIFT


@pytest.mark.parametrize("statistic", Statistic)
def test_empty_windows_are_insufficient_even_if_no_number_is_asked_for(statistic: Statistic) -> None:
    assert judge(BASELINE, numeric([], EDGES), statistic, min_n=0).verdict is Verdict.INSUFFICIENT


def test_the_score_is_the_index_and_the_threshold_its_calibrated_one() -> None:
    baseline, window = counted((20_000, 30_000, 50_000, 0)), counted((300, 300, 400, 0))
    judged = judge(baseline, window, Statistic.PSI)
    assert isclose(judged.score, 0.06286086594223739, rel_tol=1e-12)
    # The 99th percentile of chi-square with 2 degrees of freedom is -2 log 0.01.
    assert isclose(judged.threshold, (1 / 100_000 + 1 / 1_000) * 9.210340371976184, rel_tol=1e-12)


@pytest.mark.parametrize("n", [100, 1_000, 10_000])
def test_thresholds_of_ten_bins_are_those_of_the_published_table(n: int) -> None:
    ten = Histogram("x", Kind.NUMERIC, (10_000,) * 10, 0, edges=tuple(map(float, range(1, 10))))
    judged = judge(ten, replace(ten, counts=(n // 10,) * 10), Statistic.PSI, min_n=100)
    expected = {100: 0.2169, 1_000: 0.0219, 10_000: 0.0024}[n]
    assert round(judged.threshold, 4) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("statistic", SHARES)
@given(one=bin_counts, other=bin_counts)
def test_a_judged_window_has_finite_numbers_that_agree(statistic, one, other) -> None:
    judged = judge(counted(one), counted(other), statistic, effect=0, min_n=1)
    assert isfinite(judged.score) and judged.score >= 0 and judged.threshold > 0 and 0 <= judged.p <= 1
    if abs(judged.p - 0.01) > 1e-9:
        assert judged.significant == (judged.p < 0.01)
        assert (judged.verdict is Verdict.DRIFT) == judged.significant


@given(one=bin_counts, other=bin_counts)
def test_the_order_of_values_does_not_matter_for_shares_but_for_cumulated_ones(one, other) -> None:
    judged = judge(binned(one), binned(other), Statistic.KS, min_n=1)
    assert judged.score == distances.ks(one, other)
    turned = judge(binned(one[::-1]), binned(other[::-1]), Statistic.KS, min_n=1)
    assert turned.score == pytest.approx(judged.score, abs=1e-12)


@pytest.mark.parametrize("statistic", Statistic)
@given(sizes=st.tuples(st.integers(200, 100_000), st.integers(200, 100_000)))
def test_the_threshold_falls_with_more_data_and_with_a_larger_alpha(statistic, sizes) -> None:
    low, high = sorted(sizes)
    window = normal(300, 0, 7)

    def threshold(times: int, alpha: float) -> float:
        more = replace(window, counts=tuple(count * times for count in window.counts), m2=window.m2 * times)
        return judge(BASELINE, more, statistic, alpha=alpha).threshold

    assert threshold(low, 0.01) >= threshold(high, 0.01)
    assert threshold(low, 0.001) > threshold(low, 0.01)


@given(bin_counts, bin_counts, st.booleans())
def test_merged_bins_keep_every_value_and_have_enough_expected(one, other, ordered: bool) -> None:
    merged, beside = merged_bins(one, other, ordered=ordered)
    assert (sum(merged), sum(beside)) == (sum(one), sum(other)) and len(merged) == len(beside) >= 2
    n, m = sum(one), sum(other)
    for a, b in zip(merged, beside, strict=True):
        expected = max(a / n, (a + b) / (n + m)) * min(n, m)
        # Each value of the bin is one of the window with this probability, if both have the same shares.
        assert expected >= 5 or b == 0 or at_least(b, a + b, m / (n + m)) < 1e-6
        assert expected >= 5 or len(merged) == 2 or b > 0


def at_least(successes: int, n: int, share: float) -> float:
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(successes, n + 1))


def test_ordered_bins_merge_with_a_neighbour_and_others_with_the_next_emptiest() -> None:
    assert merged_bins((100, 2, 90, 10), (100, 3, 90, 10), ordered=True) == ([100, 92, 10], [100, 93, 10])
    assert merged_bins((100, 2, 90, 10), (100, 3, 90, 10), ordered=False) == ([100, 90, 12], [100, 90, 13])


def test_a_constant_that_begins_to_vary_is_drift_in_either_direction() -> None:
    constant = counted((0, 5_000, 0, 0))
    for changed in ((400, 600, 0, 0), (0, 600, 0, 400)):
        assert judge(constant, counted(changed), Statistic.PSI).verdict is Verdict.DRIFT
    assert judge(constant, counted((1, 999, 0, 0)), Statistic.PSI).verdict is Verdict.STABLE
    assert judge(constant, counted((0, 1_000, 0, 0)), Statistic.PSI).score == 0


@pytest.mark.parametrize("statistic", SHARES)
@pytest.mark.parametrize(
    ("baseline", "window"),
    [
        (counted((5_000, 3_000, 2_000, 0)), counted((500, 300, 0, 200))),
        (counted((6_000, 4_000, 0, 0)), counted((600, 0, 0, 0), missing=400)),
        (binned((0, 7_000, 3_000, 0)), binned((0, 700, 0, 300))),
        (binned((2_500, 2_500, 2_500, 2_500)), replace(binned((250, 250, 250, 0)), missing=250)),
    ],
    ids=["a category renamed", "a category missing", "a number beyond the last edge", "the largest numbers missing"],
)
def test_values_that_become_something_new_are_drift_whichever_they_were(statistic, baseline, window) -> None:
    """Nothing of the baseline lies where they are now, and they are as many as before."""
    assert judge(baseline, window, statistic).verdict is Verdict.DRIFT


@pytest.mark.parametrize("statistic", SHARES)
@pytest.mark.parametrize(("n", "m"), [(10_000, 200), (1_000, 1_000)])
@pytest.mark.parametrize("share", [0.0001, 0.0003, 0.001])
def test_a_rare_value_beside_a_constant_is_no_drift(statistic, n: int, m: int, share: float) -> None:
    random = Random(n + m)

    def counts(size: int) -> Histogram:
        rare = sum(random.random() < share for _ in range(size))
        return counted((size - rare, rare, 0, 0))

    judged = [judge(counts(n), counts(m), statistic, effect=0, alpha=0.0005) for _ in range(100)]
    assert sum(one.verdict is Verdict.DRIFT for one in judged) <= 1


def test_values_that_begin_to_be_missing_are_drift() -> None:
    whole = counted((2_000, 2_000, 1_000, 0))
    assert judge(whole, counted((280, 280, 140, 0), missing=300), Statistic.PSI).verdict is Verdict.DRIFT


def test_a_mean_without_a_unit_or_without_moments_is_insufficient() -> None:
    constant = numeric([1.0] * 300, EDGES)
    assert judge(constant, BASELINE, Statistic.MEAN).verdict is Verdict.INSUFFICIENT
    assert judge(BASELINE, replace(BASELINE, m2=None), Statistic.MEAN).verdict is Verdict.INSUFFICIENT


def test_the_threshold_of_a_mean_is_finite_at_any_level_and_for_any_deviations() -> None:
    still = Histogram("x", Kind.NUMERIC, (2, 3), 0, edges=(0.0,), mean=-1.0, m2=1e-300)
    wild = replace(still, m2=1e271)
    judged = judge(still, wild, Statistic.MEAN, effect=0, alpha=5e-324, min_n=1)
    assert isfinite(judged.threshold) and judged.verdict is Verdict.STABLE


def test_the_mean_shift_is_in_standard_deviations_of_the_baseline() -> None:
    baseline = numeric([10.0 * number for number in range(100)] * 5, EDGES)
    judged = judge(baseline, replace(baseline, mean=baseline.mean + 2 * baseline.sd), Statistic.MEAN)
    assert isclose(judged.score, 2)


def test_a_window_may_count_more_values_by_themselves_than_its_baseline() -> None:
    window = categorical(["FR"] * 150 + ["ES"] * 150, ("ES", "IT", "DE", "FR"))
    judged = judge(counted((500, 10, 10, 500)), window, Statistic.PSI, min_n=1)
    assert judged.verdict is Verdict.STABLE


@pytest.mark.parametrize(
    ("window", "statistic", "pointer"),
    [
        (replace(counted((1, 1, 1, 1)), name="city"), Statistic.PSI, "/name"),
        (numeric([1.0], EDGES, name="country"), Statistic.PSI, "/kind"),
        (categorical(["FR"], ("FR",)), Statistic.PSI, "/values"),
        (counted((1, 1, 1, 1)), Statistic.KS, "/statistic"),
        (counted((1, 1, 1, 1)), Statistic.MEAN, "/statistic"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_place(window, statistic, pointer) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        judge(counted((1, 1, 1, 1)), window, statistic)
    assert pointers(refusal) == [pointer]


def test_a_window_over_other_edges_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        judge(BASELINE, numeric([1.0], (0.0, 1.0)), Statistic.PSI)
    assert pointers(refusal) == ["/edges"]


@pytest.mark.parametrize(
    ("limits", "pointer"),
    [
        ({"effect": -0.1}, "/effect"),
        ({"effect": nan}, "/effect"),
        ({"alpha": 0.0}, "/alpha"),
        ({"alpha": 1.0}, "/alpha"),
        ({"min_n": -1}, "/min_n"),
    ],
)
def test_limits_out_of_range_are_refused_by_name(limits, pointer) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        judge(BASELINE, BASELINE, Statistic.PSI, **limits)
    assert pointers(refusal) == [pointer]


def test_the_least_effects_are_the_recommended_ones() -> None:
    assert DEFAULT_EFFECTS[Statistic.PSI] == 0.1 and DEFAULT_EFFECTS[Statistic.KS] == 0.05
    assert set(DEFAULT_EFFECTS) == set(Statistic)
