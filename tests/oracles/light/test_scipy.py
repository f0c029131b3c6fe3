"""Every statistic beside SciPy's, over random inputs."""

from math import isinf, sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special as functions
from scipy import stats
from scipy.spatial.distance import jensenshannon

from chalicelib.domain.statistics import distances, special
from chalicelib.domain.statistics.homogeneity import chi_square
from chalicelib.domain.statistics.means import Mean, difference_of_means, welch
from chalicelib.domain.statistics.multiplicity import benjamini_hochberg, holm, level_of_each
from chalicelib.domain.statistics.paired import mcnemar_exact
from chalicelib.domain.statistics.proportions import clopper_pearson, newcombe, wilson
from chalicelib.domain.statistics.transport import chance, moved

EXACT = 1e-12
# SciPy's own beta and Student's distributions lose digits in places: of no success among 3,753, Clopper and Pearson's
# bound at level 0.5 is 1 - 0.25 ** (1 / 3753), from which SciPy's differs in the tenth digit.
SCIPYS_BETA = 1e-8
# It looks for Clopper and Pearson's bounds with brentq, which is content with this.
BRENTQ = 2e-12
# A bound of a million examples is as exact as a double: so exact is the probability that defines it.
DEFINED = 1e-8
sizes = st.integers(1, 1_000_000)
levels = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
alphas = st.floats(1e-12, 0.999)
rows = st.integers(2, 30).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(0, 100_000), min_size=size, max_size=size).filter(any)] * 2)
)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(sizes)
    return draw(st.integers(0, n)), n


@st.composite
def means(draw: st.DrawFn) -> Mean:
    return Mean(draw(st.floats(-1e3, 1e3)), draw(st.floats(1e-3, 1e3)), draw(st.integers(2, 100_000)))


def near(value: float, rel: float = EXACT, absolute: float = 1e-14) -> object:
    return pytest.approx(float(value), rel=rel, abs=absolute)


@given(counts(), levels)
def test_wilson(counted: tuple[int, int], level: float) -> None:
    interval, oracle = wilson(*counted, level), stats.binomtest(*counted).proportion_ci(level, "wilson")
    assert (interval.low, interval.high) == (near(oracle.low), near(oracle.high))


@given(counts(), levels)
def test_clopper_pearson(counted: tuple[int, int], level: float) -> None:
    interval, oracle = clopper_pearson(*counted, level), stats.binomtest(*counted).proportion_ci(level, "exact")
    low, high = (near(bound, SCIPYS_BETA, absolute=BRENTQ) for bound in (oracle.low, oracle.high))
    assert (interval.low, interval.high) == (low, high)
    # What makes a bound one: so far out, what was counted is as rare as this.
    (k, n), rare = counted, (1 - level) / 2
    assert k == 0 or stats.binom.sf(k - 1, n, interval.low) == near(rare, DEFINED)
    assert k == n or stats.binom.cdf(k, n, interval.high) == near(rare, DEFINED)


@given(counts(), counts(), levels)
def test_newcombe(one: tuple[int, int], other: tuple[int, int], level: float) -> None:
    """SciPy has no such interval, but the two of which it is made."""
    mine, others = (stats.binomtest(*each).proportion_ci(level, "wilson") for each in (one, other))
    p, q = one[0] / one[1], other[0] / other[1]
    low = p - q - sqrt((p - mine.low) ** 2 + (others.high - q) ** 2)
    high = p - q + sqrt((mine.high - p) ** 2 + (q - others.low) ** 2)
    interval = newcombe(*one, *other, level)
    assert (interval.low, interval.high) == (near(low, absolute=1e-12), near(high, absolute=1e-12))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_mcnemar(this: int, other: int) -> None:
    assume(this + other)
    assert mcnemar_exact(this, other) == near(stats.binomtest(this, this + other).pvalue, 1e-10)


@given(means(), means(), levels)
def test_welch(one: Mean, other: Mean, level: float) -> None:
    oracle = stats.ttest_ind_from_stats(one.value, one.sd, one.n, other.value, other.sd, other.n, equal_var=False)
    tested = welch(one, other)
    assert tested is not None
    assert (tested.t, tested.p) == (near(oracle.statistic), near(oracle.pvalue, 1e-9))
    reach = stats.t.ppf((1 + level) / 2, tested.df) * sqrt(one.variance + other.variance)
    interval = difference_of_means(one, other, level)
    assert interval.high - interval.low == near(2 * reach, 1e-9, absolute=1e-10)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg(ps: list[float]) -> None:
    assert list(benjamini_hochberg(ps)) == near_all(stats.false_discovery_control(ps))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(1e-4, 0.5))
def test_the_level_of_each(ps: list[float], alpha: float) -> None:
    adjusted = stats.false_discovery_control(ps)
    assume(np.abs(adjusted - alpha).min() > 1e-9)
    level = level_of_each(ps, alpha)
    assert sum(p <= level * (1 + 1e-9) for p in ps) == int((adjusted <= alpha).sum())


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm(ps: list[float]) -> None:
    """By its definition: the largest of what the smaller ones were multiplied to."""
    order = np.argsort(ps, kind="stable")
    stepped = np.minimum(1, np.maximum.accumulate(np.array(ps)[order] * np.arange(len(ps), 0, -1)))
    oracle = np.empty(len(ps))
    oracle[order] = stepped
    assert list(holm(ps)) == near_all(oracle)


@given(rows)
def test_psi(pair: tuple[list[int], list[int]]) -> None:
    p, q = (np.array(row) / sum(row) for row in pair)
    forth, back = functions.rel_entr(p, q).sum(), functions.rel_entr(q, p).sum()
    if isinf(forth + back):
        assert isinf(distances.psi(*pair))
    else:
        assert distances.psi(*pair) == near(forth + back, absolute=1e-13)


@given(rows)
def test_jensen_shannon(pair: tuple[list[int], list[int]]) -> None:
    for base in (2, np.e):
        # Of what is nearly the same, SciPy's root may be NaN, for rounding made its divergence negative.
        oracle = np.nan_to_num(jensenshannon(*pair, base=base) ** 2)
        assert distances.js_divergence(*pair, base=base) == near(oracle, absolute=1e-15)


@given(rows)
def test_hellinger(pair: tuple[list[int], list[int]]) -> None:
    p, q = (np.array(row) / sum(row) for row in pair)
    assert distances.hellinger(*pair) == near(np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2), absolute=1e-13)


@given(rows, st.lists(st.floats(-1e6, 1e6), min_size=30, max_size=30))
def test_wasserstein(pair: tuple[list[int], list[int]], positions: list[float]) -> None:
    places = sorted(positions[: len(pair[0])])
    oracle = stats.wasserstein_distance(places, places, *pair)
    assert distances.wasserstein(*pair, places) == near(oracle, absolute=1e-8)


@given(rows, st.lists(st.integers(-1_000_000, 1_000_000), min_size=30, max_size=30, unique=True))
def test_how_far_values_moved(pair: tuple[list[int], list[int]], numbers: list[int]) -> None:
    """Each value in the middle of its bin, those of the open ones at their only edge."""
    assume(len(pair[0]) > 2)
    edges = np.sort(np.array(numbers[: len(pair[0]) - 1], dtype=float))
    places = [edges[0], *((edges[1:] + edges[:-1]) / 2), edges[-1]]
    assert moved(edges.tolist(), *pair) == near(stats.wasserstein_distance(places, places, *pair), absolute=1e-8)


@pytest.mark.parametrize("edges", [np.arange(-2, 2.1, 0.5), stats.norm.ppf(np.arange(1, 20) / 20), [-1.0, 0.0, 1.0]])
@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.001])
def test_how_far_chance_moves_values(edges: list[float], alpha: float) -> None:
    """Of 400,000 Brownian bridges at the shares of the edges, about as many exceed the threshold as alpha says."""
    shares = stats.norm.cdf(edges)
    counts = np.rint(np.diff(shares, prepend=0, append=1) * 10**9).astype(int).tolist()
    steps = np.random.default_rng(5).standard_normal((400_000, len(shares) + 1))
    walks = np.cumsum(steps * np.sqrt(np.diff(shares, prepend=0, append=1)), axis=1)
    bridges = walks[:, :-1] - walks[:, -1:] * shares
    widths = np.diff([edges[0], *((np.array(edges[1:]) + edges[:-1]) / 2), edges[-1]])
    by_chance = chance(list(edges), counts, counts)
    assert by_chance is not None
    threshold = by_chance.critical(alpha) / sqrt(2 / 10**9)
    assert 0.8 <= (np.abs(bridges) @ widths > threshold).mean() / alpha <= 1.5


@given(*[st.lists(st.integers(0, 9), min_size=5, max_size=200)] * 2)
def test_ks(one: list[int], other: list[int]) -> None:
    """Values that are their own bins have the same statistic as their counts."""
    counted = (np.bincount(each, minlength=10).tolist() for each in (one, other))
    assert distances.ks(*counted) == near(stats.ks_2samp(one, other, method="asymp").statistic)


@given(rows)
def test_homogeneity(pair: tuple[list[int], list[int]]) -> None:
    table = np.array(pair)[:, np.array(pair).any(axis=0)]
    assume(table.shape[1] > 1)
    oracle, tested = stats.chi2_contingency(table, correction=False), chi_square(*pair)
    assert (tested.statistic, tested.df) == (near(oracle.statistic, 1e-9), oracle.dof)
    assert tested.p == near(stats.chi2.sf(tested.statistic, tested.df))
    assert tested.cramers_v == near(stats.contingency.association(table, "cramer"), 1e-9)


@given(st.floats(0, 2_000), st.integers(1, 200))
def test_the_chi_square_tail(x: float, df: int) -> None:
    assert special.chi_square_tail(x, df) == near(stats.chi2.sf(x, df), absolute=1e-300)


@given(alphas, st.integers(1, 200))
def test_critical_values_of_chi_square(alpha: float, df: int) -> None:
    assert special.chi_square_critical(alpha, df) == near(stats.chi2.isf(alpha, df))


@given(st.floats(0, 10), st.floats(1e-4, 0.9999))
def test_kolmogorov(x: float, alpha: float) -> None:
    assert special.kolmogorov_tail(x) == near(functions.kolmogorov(x))
    assert special.kolmogorov_critical(alpha) == near(functions.kolmogi(alpha))


@given(st.floats(-30, 30), alphas)
def test_normal(z: float, alpha: float) -> None:
    assert special.normal_tail(z) == near(stats.norm.sf(z), absolute=1e-300)
    assert special.normal_critical(alpha) == near(stats.norm.isf(alpha))


@given(st.floats(0, 50), st.floats(1, 1e6), alphas)
def test_student(t: float, df: float, alpha: float) -> None:
    assert special.student_two_sided(t, df) == near(2 * stats.t.sf(t, df), SCIPYS_BETA)
    assert special.student_critical(alpha, df) == near(stats.t.isf(alpha / 2, df), SCIPYS_BETA, absolute=1e-8)


@given(st.floats(0, 1), st.floats(0.5, 1e6), st.floats(0.5, 1e6))
def test_the_incomplete_beta_function(x: float, a: float, b: float) -> None:
    assert special.beta_share(x, a, b) == near(functions.betainc(a, b, x), 1e-10, absolute=1e-12)


def near_all(values: object) -> object:
    return pytest.approx(np.asarray(values).tolist(), rel=EXACT, abs=1e-14)
