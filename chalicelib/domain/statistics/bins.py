"""Bins with enough in them to be compared."""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.statistics.special import beta_share

_LEAST_EXPECTED: Final = 5
# Rarer than any level that a monitor is likely to judge at, so that such a bin alarms nobody by chance.
_BEYOND_CHANCE: Final = 1e-6
_EMPTY: Final = 0.5


def merged_bins(baseline: Sequence[int], current: Sequence[int], *, ordered: bool) -> tuple[list[int], list[int]]:
    """The counts over bins that can each be compared.

    At least 5 values are expected in the smaller of the two, by the shares of the baseline or of both together. Or
    fewer are, but so many came that chance does not explain them: what never occurred before must not vanish in
    another bin.

    The emptiest of the other bins joins a neighbour if the bins are ordered, else the next emptiest, until none is
    left. How empty a bin is, both say together: bins that are chosen by the baseline alone hold more in the window.
    If a single bin is left, the fullest is compared with all others, or if these together cannot be, with nothing.
    """
    n, m = sum(baseline), sum(current)
    # A bin that is empty in both says nothing, whichever it joins.
    pairs = [pair for pair in zip(baseline, current, strict=True) if pair != (0, 0)]
    if len(pairs) > 1 and _enough(min(pairs)[0], n, m):
        return [a for a, _ in pairs], [b for _, b in pairs]
    rows = [(a, b, _can_be_compared(a, b, n, m)) for a, b in pairs]
    while len(rows) > 1 and not all(enough for _, _, enough in rows):
        sparse = [index for index, (_, _, enough) in enumerate(rows) if not enough]
        emptiest = min(sparse, key=lambda index: rows[index][0] + rows[index][1])
        a, b, _ = rows.pop(emptiest)
        # After the removal, the neighbours are at ``emptiest - 1`` and ``emptiest``.
        near = range(max(0, emptiest - 1), min(len(rows), emptiest + 1)) if ordered else range(len(rows))
        receiver = min(near, key=lambda index: rows[index][0] + rows[index][1])
        into, beside, enough = rows[receiver]
        rows[receiver] = (into + a, beside + b, enough or _can_be_compared(into + a, beside + b, n, m))
    if len(rows) > 1:
        return [a for a, _, _ in rows], [b for _, b, _ in rows]
    fullest = max(range(len(baseline)), key=baseline.__getitem__)
    a, b = n - baseline[fullest], m - current[fullest]
    return ([n - a, a], [m - b, b]) if _can_be_compared(a, b, n, m) else ([n, 0], [m, 0])


def without_gaps(baseline: Sequence[int], current: Sequence[int]) -> tuple[list[float], list[float]]:
    """The counts, where half a value stands for a bin that is empty in only one of the two."""
    pairs = zip(baseline, current, strict=True)
    filled = [(a, b) if bool(a) == bool(b) else (a or _EMPTY, b or _EMPTY) for a, b in pairs]
    return [a for a, _ in filled], [b for _, b in filled]


def _can_be_compared(a: int, b: int, n: int, m: int) -> bool:
    """Whether a bin has enough in it, with ``a`` of ``n`` values of the baseline and ``b`` of ``m`` of the window."""
    if _enough(a, n, m) or (a + b) * min(n, m) >= _LEAST_EXPECTED * (n + m):
        return True
    # With the same shares, each value of the bin is one of the window with probability m/(n+m).
    return b * n > a * m and beta_share(m / (n + m), b, a + 1) < _BEYOND_CHANCE


def _enough(a: int, n: int, m: int) -> bool:
    """Whether the baseline alone lets enough values be expected in a bin."""
    return a * min(n, m) >= _LEAST_EXPECTED * n
