"""Whether a window differs from its baseline: by enough to matter, and by more than chance explains.

Fixed thresholds alone mislead. Without any change, the population stability index of 100 values in 20 bins exceeds 0.1
nineteen times in twenty. And with many values, changes that matter to nobody are significant. So a verdict of drift
needs both: the score reaches ``effect``, and it exceeds the threshold that chance exceeds with probability ``alpha``.

Without change, the index is distributed as ``1/n + 1/m`` times chi-square with a degree of freedom less than bins (B.
Yurdakul and J. Naranjo, 2020); the Jensen-Shannon divergence and the squared Hellinger distance are an eighth of it.
The square of the effect size w is so by its definition. The approximation needs 5 expected values in a bin, so bins
with less are merged. But for w, an empty bin counts as half a value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt
from sys import float_info
from typing import Final

from chalicelib.domain.statistics import distances
from chalicelib.domain.statistics.bins import merged_bins, without_gaps
from chalicelib.domain.statistics.histogram import Histogram, Kind, over
from chalicelib.domain.statistics.homogeneity import effect_size
from chalicelib.domain.statistics.means import Mean, welch
from chalicelib.domain.statistics.refusals import refused
from chalicelib.domain.statistics.special import (
    chi_square_critical,
    chi_square_tail,
    kolmogorov_critical,
    kolmogorov_tail,
    student_critical,
)
from chalicelib.domain.statistics.statistic import (
    DEFAULT_ALPHA,
    DEFAULT_EFFECTS,
    DEFAULT_MIN_N,
    OF_NUMBERS,
    Statistic,
    unfit,
)
from chalicelib.domain.statistics.transport import chance, moved


class Verdict(StrEnum):
    """What a window says of drift. ``insufficient``: it, or its baseline, has too few values to say anything."""

    STABLE = "stable"
    DRIFT = "drift"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Drift:
    """A window beside its baseline.

    ``relevant`` says whether the score reaches ``effect``, ``significant`` whether it exceeds ``threshold``, which
    chance alone exceeds with probability ``alpha``. ``p`` is the probability of such a score by chance. The three are
    None where the verdict is ``insufficient``, and so is the score.
    """

    statistic: Statistic
    effect: float
    alpha: float
    score: float | None
    threshold: float | None
    p: float | None
    baseline_n: int
    n: int

    @property
    def relevant(self) -> bool:
        return self.score is not None and self.score >= self.effect

    @property
    def significant(self) -> bool:
        return self.score is not None and self.threshold is not None and self.score > self.threshold

    @property
    def verdict(self) -> Verdict:
        if self.score is None:
            return Verdict.INSUFFICIENT
        return Verdict.DRIFT if self.relevant and self.significant else Verdict.STABLE


@dataclass(frozen=True, slots=True)
class _Compared:
    score: float
    threshold: float
    p: float


@dataclass(frozen=True, slots=True)
class _Measure:
    """A distance of counts: ``scale`` times its ``power`` is distributed as the population stability index is."""

    distance: Callable[[Sequence[int], Sequence[int]], float]
    power: int
    scale: float


def _filled(
    distance: Callable[[Sequence[float], Sequence[float]], float],
) -> Callable[[Sequence[int], Sequence[int]], float]:
    """A distance of shares, of which none is 0 in one of the two alone."""
    return lambda baseline, current: distance(*without_gaps(baseline, current))


_MEASURES: Final[Mapping[Statistic, _Measure]] = {
    Statistic.PSI: _Measure(_filled(distances.psi), 1, 1),
    Statistic.JS: _Measure(_filled(distances.js_distance), 2, 8 * log(2)),
    Statistic.HELLINGER: _Measure(_filled(distances.hellinger), 2, 8),
    Statistic.CHI_SQUARE: _Measure(effect_size, 2, 1),
}


def judge(
    baseline: Histogram,
    current: Histogram,
    statistic: Statistic,
    effect: float | None = None,
    alpha: float = DEFAULT_ALPHA,
    min_n: int = DEFAULT_MIN_N,
) -> Drift:
    """Compare a window of a feature with its baseline. ``effect`` defaults to the statistic's own.

    Raises InvalidInputError for different features or edges, for values that the window does not count by themselves,
    for ``ks``, ``mean`` and ``wasserstein`` of categories, for ``wasserstein`` over a single edge, and for limits that
    are out of range.
    """
    least = DEFAULT_EFFECTS[statistic] if effect is None else effect
    _check_limits(least, alpha, min_n)
    _check_comparable(baseline, current, statistic)
    if baseline.kind is Kind.CATEGORICAL:
        current = over(current, baseline.values)
    n, m = _sizes(baseline, current, statistic)
    compared = None
    # Without a single value, there are no shares even if no number is asked for.
    if min(n, m) >= max(min_n, 1):
        compared = _compared(baseline, current, statistic, alpha)
    if compared is None:
        return Drift(statistic, least, alpha, None, None, None, n, m)
    return Drift(statistic, least, alpha, compared.score, compared.threshold, compared.p, n, m)


def _check_limits(effect: float, alpha: float, min_n: int) -> None:
    if not 0 <= effect < float("inf"):
        raise refused("/effect", "must be a finite number that is not negative")
    if not 0 < alpha < 1:
        raise refused("/alpha", "must lie between 0 and 1")
    if min_n < 0:
        raise refused("/min_n", "must not be negative")


def _check_comparable(baseline: Histogram, current: Histogram, statistic: Statistic) -> None:
    for field in ("name", "kind", "edges"):
        if getattr(baseline, field) != getattr(current, field):
            raise refused(f"/{field}", f"must be that of the baseline of {baseline.name!r}")
    problem = unfit(baseline, statistic)
    if problem is not None:
        raise refused("/statistic", f"must not be {statistic}: {problem}")


def _sizes(baseline: Histogram, current: Histogram, statistic: Statistic) -> tuple[int, int]:
    if statistic in OF_NUMBERS:
        return baseline.n, current.n
    return baseline.n + baseline.missing, current.n + current.missing


def _compared(baseline: Histogram, current: Histogram, statistic: Statistic, alpha: float) -> _Compared | None:
    if statistic is Statistic.KS:
        return _by_order(baseline, current, alpha)
    if statistic is Statistic.MEAN:
        return _by_means(baseline, current, alpha)
    if statistic is Statistic.WASSERSTEIN:
        return _by_distance(baseline, current, alpha)
    return _by_shares(baseline, current, statistic, alpha)


def _by_shares(baseline: Histogram, current: Histogram, statistic: Statistic, alpha: float) -> _Compared:
    measure = _MEASURES[statistic]
    rows = merged_bins(
        (*baseline.counts, baseline.missing),
        (*current.counts, current.missing),
        ordered=baseline.kind is Kind.NUMERIC,
    )
    unit = 1 / sum(rows[0]) + 1 / sum(rows[1])
    df = len(rows[0]) - 1
    score = measure.distance(*rows)
    return _Compared(
        score,
        (unit * chi_square_critical(alpha, df) / measure.scale) ** (1 / measure.power),
        chi_square_tail(measure.scale * score**measure.power / unit, df),
    )


def _by_order(baseline: Histogram, current: Histogram, alpha: float) -> _Compared:
    score = distances.ks(baseline.counts, current.counts)
    # Binned, the statistic is less than that of the values, so chance exceeds the threshold even less often.
    scale = sqrt(baseline.n * current.n / (baseline.n + current.n))
    return _Compared(score, kolmogorov_critical(alpha) / scale, kolmogorov_tail(score * scale))


def _by_distance(baseline: Histogram, current: Histogram, alpha: float) -> _Compared | None:
    """None if it is not known how much the baseline varies, or if it does not: then a distance has no unit."""
    unit = baseline.sd
    if not unit:
        return None
    by_chance = chance(baseline.edges, baseline.counts, current.counts)
    if by_chance is None:
        # All values lie in one bin, so none of them has moved.
        return _Compared(0.0, 0.0, 1.0)
    distance = moved(baseline.edges, baseline.counts, current.counts)
    return _Compared(distance / unit, by_chance.critical(alpha) / unit, by_chance.tail(distance))


def _by_means(baseline: Histogram, current: Histogram, alpha: float) -> _Compared | None:
    """None if the moments are not known, or if the baseline does not vary: then a distance has no unit."""
    unit = baseline.sd
    if not unit or current.sd is None or baseline.mean is None or current.mean is None:
        return None
    before = Mean(baseline.mean, unit, baseline.n)
    after = Mean(current.mean, current.sd, current.n)
    tested = welch(after, before)
    if tested is None:
        return None
    # For the smallest levels and very unlike deviations, it may be more than a double holds.
    threshold = min(student_critical(alpha, tested.df) * sqrt(before.variance + after.variance) / unit, float_info.max)
    return _Compared(abs(after.value - before.value) / unit, threshold, tested.p)
