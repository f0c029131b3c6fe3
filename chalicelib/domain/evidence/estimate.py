"""The difference of a metric between two versions: its interval, and how probable it is by chance alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, sqrt
from typing import Final

from chalicelib.domain.evidence.measure import MAX_COUNT, ROUNDING, Measure
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.statistics.differences import square_and_add
from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.means import Mean, difference_of_means, welch
from chalicelib.domain.statistics.paired import mcnemar_exact, paired_difference
from chalicelib.domain.statistics.proportions import newcombe, wilson
from chalicelib.domain.statistics.roc import auc_interval, hanley_mcneil
from chalicelib.domain.statistics.special import normal_critical, normal_tail

LEVEL: Final = 0.95
# Names of the area under a ROC curve, and of the metrics that count the examples of each class.
AREAS: Final = frozenset({"auc", "auroc", "roc_auc"})
CLASSES: Final = ("positives", "negatives")
# Larger values cannot be squared, nor even always be subtracted, without leaving what doubles hold.
_LARGEST: Final = 1e150


class Method(StrEnum):
    """How the difference was estimated: on the same examples, from shares, means, areas under a curve, or intervals."""

    PAIRED = "paired"
    NEWCOMBE = "newcombe"
    WELCH = "welch"
    HANLEY_MCNEIL = "hanley-mcneil"
    INTERVALS = "intervals"


@dataclass(frozen=True, slots=True)
class Sample:
    """The value of a metric in one version, and what it rests on.

    ``classes`` are the numbers of positive and negative examples, if the value is an area under a ROC curve.
    """

    value: float
    measure: Measure
    classes: tuple[int, int] | None = None


def classes_of(metric: str, metrics: Mapping[str, float]) -> tuple[int, int] | None:
    """How many positive and negative examples an area under a ROC curve rests on; None if that is not known.

    An evaluation says it with the metrics ``positives`` and ``negatives``.
    """
    counts = [metrics.get(name) for name in CLASSES]
    if metric.lower() not in AREAS or not 0 <= metrics[metric] <= 1:
        return None
    whole = [int(count) for count in counts if count is not None and 1 <= count <= MAX_COUNT and count == int(count)]
    return (whole[0], whole[1]) if len(whole) == len(CLASSES) else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value minus the other version's, its interval at ``level``, and ``p``: its probability without a difference."""

    difference: float
    interval: Interval
    level: float
    p: float
    method: Method


def estimate(this: Sample, other: Sample, paired: Paired | None = None, level: float | None = None) -> Estimate | None:
    """The difference of two samples; None if what they rest on does not tell how certain it is.

    ``paired`` compares this version with the other one. It is used for the metric that is the share of right answers.
    ``level`` is that of the interval: 95 % if it is not given, or what reported intervals have. With it, reported
    intervals of another level do not count.
    """
    wanted = LEVEL if level is None else level
    if any(number > _LARGEST for sample in (this, other) for number in _sizes(sample)):
        return None
    if paired is not None and _are_shares_of(paired, this, other):
        return _of_pairs(paired, wanted)
    if _is_share(this) and _is_share(other):
        return _of_shares(this.measure, other.measure, wanted)
    mine, others = _mean(this), _mean(other)
    if mine is not None and others is not None:
        return _of_means(mine, others, wanted)
    if this.classes is not None and other.classes is not None:
        return _of_areas((this.value, *this.classes), (other.value, *other.classes), wanted)
    return _of_intervals(this, other, level)


def _sizes(sample: Sample) -> Iterator[float]:
    yield abs(sample.value)
    if sample.measure.sd is not None:
        yield sample.measure.sd
    if sample.measure.interval is not None:
        yield abs(sample.measure.interval.low)
        yield abs(sample.measure.interval.high)


def _is_share(sample: Sample) -> bool:
    return sample.measure.successes is not None


def _are_shares_of(paired: Paired, this: Sample, other: Sample) -> bool:
    """Whether the metric is the share of right answers: the counts agree, of the other at least with its value."""
    right, others_right = paired.both_right + paired.only_this, paired.both_right + paired.only_other
    return (this.measure.n, this.measure.successes) == (paired.n, right) and (
        abs(other.value - others_right / paired.n) <= ROUNDING
        if other.measure.successes is None
        else (other.measure.n, other.measure.successes) == (paired.n, others_right)
    )


def _of_pairs(paired: Paired, level: float) -> Estimate:
    difference = (paired.only_this - paired.only_other) / paired.n
    interval = paired_difference(**paired.counts(), level=level)
    p = mcnemar_exact(paired.only_this, paired.only_other)
    return Estimate(difference, interval, level, p, Method.PAIRED)


def _of_shares(this: Measure, other: Measure, level: float) -> Estimate:
    """Newcombe's interval, and the probability of the score test, which pools the two shares."""
    successes, n = this.successes or 0, this.n or 0
    other_successes, other_n = other.successes or 0, other.n or 0
    difference = successes / n - other_successes / other_n
    pooled = (successes + other_successes) / (n + other_n)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    p = 1.0 if spread == 0 else min(1.0, 2 * normal_tail(abs(difference) / spread))
    interval = newcombe(successes, n, other_successes, other_n, level)
    return Estimate(difference, interval, level, p, Method.NEWCOMBE)


def _mean(sample: Sample) -> Mean | None:
    sd, n = sample.measure.sd, sample.measure.n
    return None if sd is None or n is None or n < 2 else Mean(sample.value, sd, n)


def _of_means(this: Mean, other: Mean, level: float) -> Estimate:
    difference, tested = this.value - other.value, welch(this, other)
    # If neither sample varies, any difference is certain.
    p = (1.0 if difference == 0 else 0.0) if tested is None else tested.p
    return Estimate(difference, difference_of_means(this, other, level), level, p, Method.WELCH)


def _of_areas(this: tuple[float, int, int], other: tuple[float, int, int], level: float) -> Estimate:
    """Two areas as if measured on different examples. On the same ones, the interval is wider than it need be."""
    difference = this[0] - other[0]
    interval = square_and_add(this[0], auc_interval(*this, level), other[0], auc_interval(*other, level))
    p = min(1.0, 2 * normal_tail(abs(difference) / hypot(_error_of(this), _error_of(other))))
    return Estimate(difference, interval, level, p, Method.HANLEY_MCNEIL)


def _error_of(area: tuple[float, int, int]) -> float:
    """The standard error of an area. Where it would be 0, it is what gives the reach of the interval."""
    error = hanley_mcneil(*area)
    if error > 0:
        return error
    interval = auc_interval(*area, LEVEL)
    return (interval.high - interval.low) / normal_critical((1 - LEVEL) / 2)


def _of_intervals(this: Sample, other: Sample, wanted: float | None) -> Estimate | None:
    """From two intervals of the same level, reported or Wilson's.

    The probability takes the intervals for those of normal distributions.
    """
    given = [one.measure.interval for one in (this, other) if one.measure.interval is not None]
    if not given:
        return None
    level = given[0].level if wanted is None else wanted
    mine, others = _interval(this, level), _interval(other, level)
    critical = normal_critical((1 - level) / 2)
    if mine is None or others is None or critical <= 0:
        # An interval whose level is next to nothing tells nothing.
        return None
    difference = this.value - other.value
    interval = square_and_add(this.value, mine, other.value, others)
    spread = hypot(mine.high - mine.low, others.high - others.low) / (2 * critical)
    certain = 1.0 if difference == 0 else 0.0
    p = certain if spread == 0 else min(1.0, 2 * normal_tail(abs(difference) / spread))
    return Estimate(difference, interval, level, p, Method.INTERVALS)


def _interval(sample: Sample, level: float) -> Interval | None:
    """The interval of a sample at a level; None if it has none there."""
    measure = sample.measure
    if measure.interval is not None:
        at_level = measure.interval.level == level
        return Interval(measure.interval.low, measure.interval.high) if at_level else None
    if measure.successes is None or measure.n is None:
        return None
    return wilson(measure.successes, measure.n, level)
