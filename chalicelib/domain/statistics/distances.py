"""Distances between two distributions over the same bins.

Each takes the counts or the shares of a baseline and of what is compared with it, and scales both to shares. Raises
InvalidInputError for sequences of different lengths, for negative and infinite numbers, and for sums of 0. Where a bin
is empty in one of the two, ``psi`` is infinite, as its definition says.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from math import fsum, inf, isfinite, log, sqrt
from typing import Final

from chalicelib.domain.statistics.refusals import refused

# Sums of larger numbers may not be finite.
_LARGEST: Final = 1e300


def psi(baseline: Sequence[float], current: Sequence[float]) -> float:
    """The population stability index: the sum of both Kullback-Leibler divergences, in nats."""
    return _total(lambda p, q: 0.0 if p == q else inf if p == 0 or q == 0 else (q - p) * log(q / p), baseline, current)


def js_divergence(baseline: Sequence[float], current: Sequence[float], base: float = 2) -> float:
    """The Jensen-Shannon divergence: 0 to 1 with logarithms of base 2. Source: J. Lin (1991)."""
    nats = _total(lambda p, q: (_surplus(p, q) + _surplus(q, p)) / 2, baseline, current)
    return max(0.0, nats / log(base))


def js_distance(baseline: Sequence[float], current: Sequence[float], base: float = 2) -> float:
    """The root of the Jensen-Shannon divergence, which is a metric."""
    return sqrt(js_divergence(baseline, current, base))


def hellinger(baseline: Sequence[float], current: Sequence[float]) -> float:
    """Hellinger's distance, 0 to 1."""
    return min(1.0, sqrt(_total(lambda p, q: (sqrt(p) - sqrt(q)) ** 2, baseline, current) / 2))


def ks(baseline: Sequence[float], current: Sequence[float]) -> float:
    """Kolmogorov and Smirnov's statistic, 0 to 1: the largest difference of the cumulated shares of ordered bins.

    The statistic of the values themselves is never less.
    """
    return min(1.0, max(abs(gap) for gap in _gaps(baseline, current)))


def wasserstein(baseline: Sequence[float], current: Sequence[float], positions: Sequence[float]) -> float:
    """The earth mover's distance of shares that lie at ``positions``, in their unit. Positions ascend."""
    gaps = _gaps(baseline, current)
    if len(positions) != len(gaps):
        raise refused("/positions", f"must have one entry for each of the {len(gaps)} bins")
    if not all(map(isfinite, positions)) or any(low > high for low, high in pairwise(positions)):
        raise refused("/positions", "must be finite and ascend")
    return fsum(abs(gap) * (high - low) for gap, (low, high) in zip(gaps[:-1], pairwise(positions), strict=True))


def _total(term: Callable[[float, float], float], baseline: Sequence[float], current: Sequence[float]) -> float:
    p, q = _shares(baseline, current)
    return fsum(term(one, other) for one, other in zip(p, q, strict=True))


def _surplus(share: float, other: float) -> float:
    return share * log(2 * share / (share + other)) if share else 0.0


def _gaps(baseline: Sequence[float], current: Sequence[float]) -> list[float]:
    p, q = _shares(baseline, current)
    return [one - other for one, other in zip(accumulate(p), accumulate(q), strict=True)]


def _shares(baseline: Sequence[float], current: Sequence[float]) -> tuple[list[float], list[float]]:
    if len(baseline) != len(current):
        raise refused("/current", f"must have as many bins as the baseline, which has {len(baseline)}")
    return _scaled(baseline, "/baseline"), _scaled(current, "/current")


def _scaled(bins: Sequence[float], pointer: str) -> list[float]:
    for index, size in enumerate(bins):
        if not 0 <= size <= _LARGEST:
            raise refused(f"{pointer}/{index}", f"must be a number from 0 to {_LARGEST}")
    total = fsum(bins)
    if total == 0:
        raise refused(pointer, "must not be empty")
    return [size / total for size in bins]
