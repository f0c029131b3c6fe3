"""Fairness between groups, from the confusion counts of each: rates, their gaps and ratios, and how sure these are.

Definitions as in Fairlearn: demographic parity compares how often each group is selected, equal opportunity the true
positive rates, equalized odds the true and the false positive rates.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.statistics.confusion import Confusion
from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.proportions import newcombe, wilson
from chalicelib.domain.statistics.rate import DEFAULT_MIN_N, Rate
from chalicelib.domain.statistics.refusals import check_level, refused

# The least ratio by the rule of the Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D.
FOUR_FIFTHS: Final = 0.8


class Criterion(StrEnum):
    """What must be the same in all groups."""

    DEMOGRAPHIC_PARITY = "demographic_parity"
    EQUAL_OPPORTUNITY = "equal_opportunity"
    EQUALIZED_ODDS = "equalized_odds"
    PREDICTIVE_PARITY = "predictive_parity"
    ACCURACY_PARITY = "accuracy_parity"


RATES: Final[Mapping[Criterion, tuple[Rate, ...]]] = {
    Criterion.DEMOGRAPHIC_PARITY: (Rate.SELECTION,),
    Criterion.EQUAL_OPPORTUNITY: (Rate.TRUE_POSITIVE,),
    Criterion.EQUALIZED_ODDS: (Rate.TRUE_POSITIVE, Rate.FALSE_POSITIVE),
    Criterion.PREDICTIVE_PARITY: (Rate.PRECISION,),
    Criterion.ACCURACY_PARITY: (Rate.ACCURACY,),
}


@dataclass(frozen=True, slots=True)
class Proportion:
    """``successes`` among the ``n`` examples that a rate is about, such as all positives."""

    successes: int
    n: int

    @property
    def value(self) -> float | None:
        """The rate; None without examples."""
        return self.successes / self.n if self.n else None

    def interval(self, level: float = 0.95) -> Interval | None:
        """Wilson's interval of the rate; None without examples."""
        return wilson(self.successes, self.n, level) if self.n else None


@dataclass(frozen=True, slots=True)
class Gap:
    """The groups that are furthest apart in a rate. ``interval`` is that of the difference.

    The groups are chosen because they are far apart, so the interval covers the true gap between these two less often
    than its level says if there are many groups. ``ratio`` is 1 if both rates are 0.
    """

    rate: Rate
    highest: str
    lowest: str
    difference: float
    ratio: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Fairness:
    """What the groups tell of a criterion: a gap for each of its rates.

    ``insufficient`` names the groups that have too few examples for one of the rates; the gaps leave them out. A rate
    with less than two groups left has no gap.
    """

    criterion: Criterion
    gaps: tuple[Gap, ...]
    insufficient: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether each rate of the criterion has a gap."""
        return len(self.gaps) == len(RATES[self.criterion])

    @property
    def difference(self) -> float | None:
        """The largest gap; None unless complete."""
        return max(gap.difference for gap in self.gaps) if self.complete else None

    @property
    def ratio(self) -> float | None:
        """The smallest ratio; None unless complete."""
        return min(gap.ratio for gap in self.gaps) if self.complete else None

    @property
    def highest_bound(self) -> float | None:
        """The upper bound of the largest gap: what the gap is not proven to stay under. None unless complete."""
        return max(gap.interval.high for gap in self.gaps) if self.complete else None

    @property
    def lowest_bound(self) -> float | None:
        """The lower bound of the largest gap: what the gap is proven to exceed. None unless complete."""
        return max(gap.interval.low for gap in self.gaps) if self.complete else None


def rate(counts: Confusion, which: Rate) -> Proportion:
    """A rate of a group, with the counts that it rests on."""
    return _PROPORTIONS[which](counts)


def fairness(
    groups: Mapping[str, Confusion], criterion: Criterion, min_n: int = DEFAULT_MIN_N, level: float = 0.95
) -> Fairness:
    """Compare groups by name. A group needs ``min_n`` examples of what a rate is about, such as positives.

    Raises InvalidInputError for a level outside of 0 to 1, and for a ``min_n`` under 1.
    """
    check_level(level)
    if min_n < 1:
        raise refused("/min_n", "must be at least 1")
    gaps: list[Gap] = []
    insufficient: set[str] = set()
    for which in RATES[criterion]:
        rates = {name: rate(counts, which) for name, counts in groups.items()}
        enough = {name: one for name, one in rates.items() if one.n >= min_n}
        insufficient |= rates.keys() - enough.keys()
        if len(enough) > 1:
            gaps.append(_gap(which, enough, level))
    return Fairness(criterion, tuple(gaps), tuple(sorted(insufficient)))


def _gap(which: Rate, rates: Mapping[str, Proportion], level: float) -> Gap:
    # By name among equals, so that the answer does not depend on the order of the groups.
    ascending = sorted(rates, key=lambda name: (rates[name].successes / rates[name].n, name))
    lowest, highest = ascending[0], ascending[-1]
    low, high = rates[lowest], rates[highest]
    return Gap(
        which,
        highest,
        lowest,
        high.successes / high.n - low.successes / low.n,
        (low.successes / low.n) / (high.successes / high.n) if high.successes else 1.0,
        newcombe(high.successes, high.n, low.successes, low.n, level),
    )


_PROPORTIONS: Final[Mapping[Rate, Callable[[Confusion], Proportion]]] = {
    Rate.SELECTION: lambda counts: Proportion(counts.tp + counts.fp, counts.n),
    Rate.TRUE_POSITIVE: lambda counts: Proportion(counts.tp, counts.tp + counts.fn),
    Rate.FALSE_POSITIVE: lambda counts: Proportion(counts.fp, counts.fp + counts.tn),
    Rate.PRECISION: lambda counts: Proportion(counts.tp, counts.tp + counts.fp),
    Rate.ACCURACY: lambda counts: Proportion(counts.tp + counts.tn, counts.n),
}
