"""Bins with enough in them to be compared."""

from collections.abc import Sequence
from typing import Final

_LEAST_EXPECTED: Final = 5
_EMPTY: Final = 0.5


def merged_bins(baseline: Sequence[int], current: Sequence[int], *, ordered: bool) -> tuple[list[int], list[int]]:
    """The counts over bins in which the baseline lets at least 5 values be expected in the smaller of the two.

    The emptiest bin joins a neighbour if the bins are ordered, else the next emptiest, until all have enough. What is
    left is never a single bin, in which nothing could differ: then the fullest bin stands against all others.
    """
    rows = list(zip(baseline, current, strict=True))
    n, m = sum(baseline), sum(current)
    needed = _LEAST_EXPECTED * n / min(n, m)
    while len(rows) > 1 and min(a for a, _ in rows) < needed:
        emptiest = min(range(len(rows)), key=lambda index: rows[index][0])
        a, b = rows.pop(emptiest)
        # After the removal, the neighbours are at ``emptiest - 1`` and ``emptiest``.
        near = range(max(0, emptiest - 1), min(len(rows), emptiest + 1)) if ordered else range(len(rows))
        receiver = min(near, key=lambda index: rows[index][0])
        rows[receiver] = (rows[receiver][0] + a, rows[receiver][1] + b)
    if len(rows) == 1:
        fullest = max(range(len(baseline)), key=baseline.__getitem__)
        rows = [(baseline[fullest], current[fullest]), (n - baseline[fullest], m - current[fullest])]
    return [a for a, _ in rows], [b for _, b in rows]


def without_gaps(baseline: Sequence[int], current: Sequence[int]) -> tuple[list[float], list[float]]:
    """The counts, where half a value stands for a bin that is empty in only one of the two."""
    pairs = zip(baseline, current, strict=True)
    filled = [(a, b) if bool(a) == bool(b) else (a or _EMPTY, b or _EMPTY) for a, b in pairs]
    return [a for a, _ in filled], [b for _, b in filled]
