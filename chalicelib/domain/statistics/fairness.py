"""Rates of a group from its confusion counts. Whether they are alike in all groups is judged by the fairness gate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.statistics.confusion import Confusion
from chalicelib.domain.statistics.rate import Rate


@dataclass(frozen=True, slots=True)
class Proportion:
    """``successes`` among the ``n`` examples that a rate is about, such as all positives."""

    successes: int
    n: int

    @property
    def value(self) -> float | None:
        """The rate; None without examples."""
        return self.successes / self.n if self.n else None


def rate(counts: Confusion, which: Rate) -> Proportion:
    """A rate of a group, with the counts that it rests on."""
    return _PROPORTIONS[which](counts)


_PROPORTIONS: Final[Mapping[Rate, Callable[[Confusion], Proportion]]] = {
    Rate.SELECTION: lambda counts: Proportion(counts.tp + counts.fp, counts.n),
    Rate.TRUE_POSITIVE: lambda counts: Proportion(counts.tp, counts.tp + counts.fn),
    Rate.FALSE_POSITIVE: lambda counts: Proportion(counts.fp, counts.fp + counts.tn),
    Rate.PRECISION: lambda counts: Proportion(counts.tp, counts.tp + counts.fp),
    Rate.ACCURACY: lambda counts: Proportion(counts.tp + counts.tn, counts.n),
}
