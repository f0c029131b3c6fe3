"""The difference of a metric between two versions: its interval, and how probable it is by chance alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, sqrt
from typing import Final

from chalicelib.domain.evidence.measure import Measure
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.means import Mean, difference_of_means, welch
from chalicelib.domain.statistics.paired import mcnemar_exact, paired_difference
from chalicelib.domain.statistics.proportions import newcombe, wilson
from chalicelib.domain.statistics.special import normal_critical, normal_tail

LEVEL: Final = 0.95
# Larger values cannot be squared, nor even always be subtracted, without leaving what doubles hold.
_LARGEST: Final = 1e150


class Method(StrEnum):
    """How the difference was estimated: on the same examples, from two shares, two means, or two intervals."""

    PAIRED = "paired"
    NEWCOMBE = "newcombe"
    WELCH = "welch"
    INTERVALS = "intervals"


@dataclass(frozen=True, slots=True)
class Sample:
    """The value of a metric in one version, and what it rests on."""

    value: float
    measure: Measure


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value minus the other version's, its interval at ``level``, and ``p``: its probability without a difference."""

    difference: float
    interval: Interval
    level: float
    p: float
    method: Method


def estimate(this: Sample, other: Sample, paired: Paired | None = None) -> Estimate | None:
    """The difference of two samples; None if what they rest on does not tell how certain it is.

    ``paired`` compares this version with the other one. It is used for the metric that is the share of right answers.
    """
    if any(number > _LARGEST for sample in (this, other) for number in _sizes(sample)):
        return None
    if paired is not None and _is_share_of(paired, this):
        return _of_pairs(paired)
    if _is_share(this) and _is_share(other):
        return _of_shares(this.measure, other.measure)
    mine, others = _mean(this), _mean(other)
    if mine is not None and others is not None:
        return _of_means(mine, others)
    return _of_intervals(this, other)


def _sizes(sample: Sample) -> Iterator[float]:
    yield abs(sample.value)
    if sample.measure.sd is not None:
        yield sample.measure.sd
    if sample.measure.interval is not None:
        yield abs(sample.measure.interval.low)
        yield abs(sample.measure.interval.high)


def _is_share(sample: Sample) -> bool:
    return sample.measure.successes is not None


def _is_share_of(paired: Paired, sample: Sample) -> bool:
    right = paired.both_right + paired.only_this
    return (sample.measure.n, sample.measure.successes) == (paired.n, right)


def _of_pairs(paired: Paired) -> Estimate:
    difference = (paired.only_this - paired.only_other) / paired.n
    interval = paired_difference(**paired.counts(), level=LEVEL)
    p = mcnemar_exact(paired.only_this, paired.only_other)
    return Estimate(difference, interval, LEVEL, p, Method.PAIRED)


def _of_shares(this: Measure, other: Measure) -> Estimate:
    """Newcombe's interval, and the probability of the score test, which pools the two shares."""
    successes, n = this.successes or 0, this.n or 0
    other_successes, other_n = other.successes or 0, other.n or 0
    difference = successes / n - other_successes / other_n
    pooled = (successes + other_successes) / (n + other_n)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    p = 1.0 if spread == 0 else min(1.0, 2 * normal_tail(abs(difference) / spread))
    interval = newcombe(successes, n, other_successes, other_n, LEVEL)
    return Estimate(difference, interval, LEVEL, p, Method.NEWCOMBE)


def _mean(sample: Sample) -> Mean | None:
    sd, n = sample.measure.sd, sample.measure.n
    return None if sd is None or n is None or n < 2 else Mean(sample.value, sd, n)


def _of_means(this: Mean, other: Mean) -> Estimate:
    difference, tested = this.value - other.value, welch(this, other)
    # If neither sample varies, any difference is certain.
    p = (1.0 if difference == 0 else 0.0) if tested is None else tested.p
    return Estimate(difference, difference_of_means(this, other, LEVEL), LEVEL, p, Method.WELCH)


def _of_intervals(this: Sample, other: Sample) -> Estimate | None:
    """From two intervals of the same level, reported or Wilson's.

    Source: G. Y. Zou and A. Donner (2008), Statistics in Medicine 27, 1693-1702. The probability takes the intervals
    for those of normal distributions.
    """
    given = [one.measure.interval for one in (this, other) if one.measure.interval is not None]
    if not given:
        return None
    level = given[0].level
    mine, others = _interval(this, level), _interval(other, level)
    critical = normal_critical((1 - level) / 2)
    if mine is None or others is None or critical <= 0:
        # An interval whose level is next to nothing tells nothing.
        return None
    difference = this.value - other.value
    low = difference - hypot(this.value - mine.low, others.high - other.value)
    high = difference + hypot(mine.high - this.value, other.value - others.low)
    spread = hypot(mine.high - mine.low, others.high - others.low) / (2 * critical)
    certain = 1.0 if difference == 0 else 0.0
    p = certain if spread == 0 else min(1.0, 2 * normal_tail(abs(difference) / spread))
    return Estimate(difference, Interval(low, high), level, p, Method.INTERVALS)


def _interval(sample: Sample, level: float) -> Interval | None:
    """The interval of a sample at a level; None if it has none there."""
    measure = sample.measure
    if measure.interval is not None:
        at_level = measure.interval.level == level
        return Interval(measure.interval.low, measure.interval.high) if at_level else None
    if measure.successes is None or measure.n is None:
        return None
    return wilson(measure.successes, measure.n, level)
