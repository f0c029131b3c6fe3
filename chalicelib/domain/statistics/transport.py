"""How far values moved: Wasserstein's distance on bins, and how far chance alone moves them.

The values of a bin count as if they lay in its middle. The two open bins have none, so what lies beyond an outer edge
counts as if it lay on it.

Without any change, the differences of the cumulated shares at the edges are, divided by ``sqrt(1/n + 1/m)``, those of a
Brownian bridge at these shares, and the distance is a weighted sum of their absolute values. Chance exceeds it as the
likelier of two does. One is the chi variable of the same mean and mean square, which fits the middle: for normal
variables with deviations ``s`` and ``t`` and the correlation ``r``, the mean of the product of their absolute values is
``2/pi s t (sqrt(1 - r^2) + r asin r)`` (S. Nabeya, 1951). The other is the sum without absolute values, which is normal
and never larger; it fits the tail, where all differences have the same sign. Where one share varies alone, both are the
exact distribution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from math import asin, exp, fsum, lgamma, pi, sqrt
from typing import Final

from chalicelib.domain.statistics.distances import wasserstein
from chalicelib.domain.statistics.special import (
    chi_square_critical,
    chi_square_tail,
    normal_critical,
    normal_tail,
)

# With more degrees of freedom, a chi variable hardly varies.
_MOST_FREEDOM: Final = 1e6
_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Chance:
    """How far chance moves values.

    ``size`` is the root of the mean square, ``df`` are the degrees of freedom of the chi variable, and ``deviation`` is
    that of the sum without absolute values.
    """

    size: float
    df: float
    deviation: float

    def critical(self, alpha: float) -> float:
        """The distance that chance exceeds with probability ``alpha``."""
        middle = self.size * sqrt(chi_square_critical(alpha, self.df) / self.df)
        return max(middle, self.deviation * normal_critical(alpha / 2))

    def tail(self, distance: float) -> float:
        """The probability that chance moves values further than ``distance``."""
        middle = chi_square_tail(self.df * (distance / self.size) ** 2, self.df)
        return max(middle, 2 * normal_tail(distance / self.deviation))


def moved(edges: Sequence[float], baseline: Sequence[int], current: Sequence[int]) -> float:
    """How far the values of a window lie from those of its baseline, on average, in their unit.

    There are two edges at least, and one count more in each row. Raises InvalidInputError as ``wasserstein`` does.
    """
    return wasserstein(baseline, current, _positions(edges))


def chance(edges: Sequence[float], baseline: Sequence[int], current: Sequence[int]) -> Chance | None:
    """How far chance moves as many values between these bins; None if there is no distance between those with any."""
    n, m = sum(baseline), sum(current)
    pooled = accumulate(a + b for a, b in zip(baseline[:-1], current[:-1], strict=True))
    shares = [count / (n + m) for count in pooled]
    widths = [high - low for low, high in pairwise(_positions(edges))]
    # Of each term of the sum, its deviation and the root of the odds of its share.
    terms = [
        (width * sqrt(share * (1 - share)), sqrt(share / (1 - share)))
        for width, share in zip(widths, shares, strict=True)
        if 0 < share < 1
    ]
    # Relative to the largest, whose square can be neither too large nor nothing.
    largest = max((size for size, _ in terms), default=0.0)
    if largest == 0:
        return None
    terms = [(size / largest, odds) for size, odds in terms]
    signed = absolute = fsum(size * size for size, _ in terms)
    for index, (size, odds) in enumerate(terms):
        for other, later in terms[index + 1 :]:
            # The correlation of a Brownian bridge at two shares.
            r = odds / later
            signed += 2 * size * other * r
            absolute += 2 * size * other * _of_absolutes(r)
    mean = sqrt(2 / pi) * fsum(size for size, _ in terms)
    unit = largest * sqrt(1 / n + 1 / m)
    return Chance(unit * sqrt(absolute), _freedom(mean * mean / absolute), unit * sqrt(signed))


def _positions(edges: Sequence[float]) -> list[float]:
    return [edges[0], *((low + high) / 2 for low, high in pairwise(edges)), edges[-1]]


def _of_absolutes(r: float) -> float:
    """The mean of the product of the absolute values of two standard normal variables with the correlation ``r``."""
    return 2 / pi * (sqrt(1 - r * r) + r * asin(r))


@lru_cache(_REMEMBERED)
def _freedom(ratio: float) -> float:
    """The degrees of freedom of the chi variable whose squared mean has this ratio to its mean square, by bisection."""
    low, high = 1.0, _MOST_FREEDOM
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _ratio(middle) < ratio else (low, middle)
    return high


def _ratio(df: float) -> float:
    """It rises from 2/pi at one degree of freedom towards 1."""
    return 2 / df * exp(2 * (lgamma((df + 1) / 2) - lgamma(df / 2)))
