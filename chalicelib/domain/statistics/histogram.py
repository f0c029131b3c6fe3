"""The summary of one feature in a window or a baseline: counts in fixed bins, and moments. It merges exactly.

A numeric feature has ascending ``edges``. Bin ``i`` counts the values above edge ``i - 1`` and up to edge ``i``, which
is included, as in Prometheus. The first and the last bin are open. A categorical feature has ``values``; the count
after theirs is that of all other values. So there is one count more than edges or values.

``n`` counts the values that are present, ``missing`` those that are not. ``mean``, ``m2`` (the sum of squared
distances from the mean), ``min`` and ``max`` are None where they are not known, and for categories.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import pairwise
from math import sqrt
from typing import Any, Final

from chalicelib.domain.statistics.refusals import refused

MAX_BINS: Final = 101
MAX_VALUES: Final = 50
MAX_VALUE: Final = 250
MAX_NAME: Final = 250
# Every integer up to this is a double of its own, so that counts survive clients that know no others.
MAX_COUNT: Final = 2**53 - 1
# The squares of larger numbers, times MAX_COUNT, would not be finite.
MAX_MAGNITUDE: Final = 1e140
# How far moments may be off because of rounding, in relation to what they are compared with.
_ROUNDING: Final = 1e-9


class Kind(StrEnum):
    """Whether a feature's values are numbers, or categories."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"


@dataclass(frozen=True, slots=True)
class Histogram:
    """The summary of one feature. ``checked`` holds it to the limits and to itself."""

    name: str
    kind: Kind
    counts: tuple[int, ...]
    missing: int
    edges: tuple[float, ...] = ()
    values: tuple[str, ...] = ()
    mean: float | None = None
    m2: float | None = None
    min: float | None = None
    max: float | None = None

    @property
    def n(self) -> int:
        """How many values are present."""
        return sum(self.counts)

    @property
    def sd(self) -> float | None:
        """The standard deviation, with ``n - 1`` as divisor; None for less than two values, or if it is not known."""
        return None if self.m2 is None or self.n < 2 else sqrt(self.m2 / (self.n - 1))

    def document(self) -> dict[str, Any]:
        """The summary as it is sent and stored."""
        common = {"name": self.name, "kind": self.kind.value}
        counted = {"counts": list(self.counts), "missing": self.missing, "n": self.n}
        if self.kind is Kind.CATEGORICAL:
            return common | {"values": list(self.values)} | counted
        moments = {"mean": self.mean, "m2": self.m2, "min": self.min, "max": self.max}
        return common | {"edges": list(self.edges)} | counted | moments


def from_document(document: Mapping[str, Any]) -> Histogram:
    """The summary that ``document`` gave. The types of its fields are those of ``Histogram.document``.

    Raises InvalidInputError if ``n`` is not the sum of the counts; the rest is for ``checked``.
    """
    histogram = Histogram(
        name=document["name"],
        kind=Kind(document["kind"]),
        counts=tuple(document["counts"]),
        missing=document["missing"],
        edges=tuple(document.get("edges", ())),
        values=tuple(document.get("values", ())),
        mean=document.get("mean"),
        m2=document.get("m2"),
        min=document.get("min"),
        max=document.get("max"),
    )
    if document["n"] != histogram.n:
        raise refused("/n", f"must be the sum of the counts, which is {histogram.n}")
    return histogram


def checked(histogram: Histogram, pointer: str = "") -> Histogram:
    """A histogram within the limits that does not contradict itself. ``pointer`` says where it stands.

    At most 101 bins of a numeric feature, or 50 values of a categorical one. Raises InvalidInputError.
    """
    if not 1 <= len(histogram.name) <= MAX_NAME or not histogram.name.isprintable():
        raise refused(f"{pointer}/name", f"must be 1 to {MAX_NAME} printable characters")
    if histogram.kind is Kind.NUMERIC:
        _check_edges(histogram, pointer)
    else:
        _check_values(histogram, pointer)
    _check_counts(histogram, pointer)
    _check_moments(histogram, pointer)
    return histogram


def merge(histograms: Iterable[Histogram]) -> Histogram:
    """The summary of the data of all, in any order. Moments that one of them does not know are not known.

    Source of the moments: T. F. Chan, G. H. Golub and R. J. LeVeque (1979). Raises InvalidInputError for summaries of
    different features, or over different bins, and if there is none.
    """
    every = list(histograms)
    if not every:
        raise refused("/histograms", "must not be empty")
    return reduce(_merged, every)


def over(histogram: Histogram, values: tuple[str, ...]) -> Histogram:
    """A categorical summary over fewer values, in their order: the counts of the rest join the other values.

    Raises InvalidInputError if it does not count one of the values by itself.
    """
    if histogram.values == values:
        return histogram
    by_value = dict(zip(histogram.values, histogram.counts, strict=False))
    absent = [value for value in values if value not in by_value]
    if absent:
        raise refused("/values", f"must contain {absent[0]!r}, which the baseline counts")
    kept = [by_value[value] for value in values]
    return Histogram(
        histogram.name,
        Kind.CATEGORICAL,
        (*kept, histogram.n - sum(kept)),
        histogram.missing,
        values=values,
    )


def suppressed(histogram: Histogram, least: int = 5) -> Histogram:
    """A summary without categories that less than ``least`` rows have, so that it points at nobody.

    Their counts join the other values. A numeric summary loses the least and the largest value. With less than
    ``least`` values it loses its moments too, which would tell them: the mean of a single value is that value.
    """
    if histogram.kind is Kind.CATEGORICAL:
        pairs = zip(histogram.values, histogram.counts, strict=False)
        return over(histogram, tuple(value for value, count in pairs if count >= least))
    return Histogram(
        histogram.name,
        Kind.NUMERIC,
        histogram.counts,
        histogram.missing,
        edges=histogram.edges,
        mean=histogram.mean if histogram.n >= least else None,
        m2=histogram.m2 if histogram.n >= least else None,
    )


def _merged(one: Histogram, other: Histogram) -> Histogram:
    for field in ("name", "kind", "edges", "values"):
        if getattr(one, field) != getattr(other, field):
            raise refused(f"/{field}", f"must be the same to merge: {one.name!r} and {other.name!r} differ in it")
    return Histogram(
        one.name,
        one.kind,
        tuple(a + b for a, b in zip(one.counts, other.counts, strict=True)),
        one.missing + other.missing,
        one.edges,
        one.values,
        **_moments(one, other),
    )


def _moments(one: Histogram, other: Histogram) -> dict[str, float | None]:
    """The moments of both. What has no values adds nothing to them, and takes nothing from them."""
    if not one.n or not other.n:
        source = other if other.n else one
        return {"mean": source.mean, "m2": source.m2, "min": source.min, "max": source.max}
    moments: dict[str, float | None] = dict.fromkeys(("mean", "m2", "min", "max"))
    if one.mean is not None and other.mean is not None:
        n = one.n + other.n
        moments["mean"] = one.mean * (one.n / n) + other.mean * (other.n / n)
        if one.m2 is not None and other.m2 is not None:
            moments["m2"] = one.m2 + other.m2 + (one.mean - other.mean) ** 2 * (one.n * other.n / n)
    if one.min is not None and other.min is not None:
        moments["min"] = min(one.min, other.min)
    if one.max is not None and other.max is not None:
        moments["max"] = max(one.max, other.max)
    return moments


def _check_edges(histogram: Histogram, pointer: str) -> None:
    edges = histogram.edges
    if histogram.values:
        raise refused(f"{pointer}/values", "belongs to categorical features; a numeric one has edges")
    if not 1 <= len(edges) < MAX_BINS:
        raise refused(f"{pointer}/edges", f"must have 1 to {MAX_BINS - 1} entries")
    for index, edge in enumerate(edges):
        _check_magnitude(edge, f"{pointer}/edges/{index}")
    for index, (low, high) in enumerate(pairwise(edges), start=1):
        if low >= high:
            raise refused(f"{pointer}/edges/{index}", "must be more than the edge before it")


def _check_values(histogram: Histogram, pointer: str) -> None:
    values = histogram.values
    for field in ("edges", "mean", "m2", "min", "max"):
        if getattr(histogram, field) not in (None, ()):
            raise refused(f"{pointer}/{field}", "belongs to numeric features; a categorical one has values")
    if len(values) > MAX_VALUES:
        raise refused(f"{pointer}/values", f"must have at most {MAX_VALUES} entries; count the rest as other values")
    for index, value in enumerate(values):
        if len(value) > MAX_VALUE:
            raise refused(f"{pointer}/values/{index}", f"has more than {MAX_VALUE} characters")
        if value in values[:index]:
            raise refused(f"{pointer}/values/{index}", "is the same as an earlier value")


def _check_counts(histogram: Histogram, pointer: str) -> None:
    bins = len(histogram.edges) + len(histogram.values) + 1
    if len(histogram.counts) != bins:
        raise refused(f"{pointer}/counts", f"must have {bins} entries, one more than the edges or values")
    for index, count in enumerate(histogram.counts):
        if count < 0:
            raise refused(f"{pointer}/counts/{index}", "must not be negative")
    if histogram.missing < 0:
        raise refused(f"{pointer}/missing", "must not be negative")
    if histogram.n + histogram.missing > MAX_COUNT:
        raise refused(f"{pointer}/counts", f"must not exceed {MAX_COUNT} with the missing values")


def _check_moments(histogram: Histogram, pointer: str) -> None:
    for field in ("mean", "min", "max"):
        number = getattr(histogram, field)
        if number is not None:
            if not histogram.n:
                raise refused(f"{pointer}/{field}", "must be null where there are no values")
            _check_magnitude(number, f"{pointer}/{field}")
    if histogram.m2 is not None:
        _check_m2(histogram, histogram.m2, pointer)
    _check_range(histogram, pointer)


def _check_m2(histogram: Histogram, m2: float, pointer: str) -> None:
    if histogram.mean is None:
        raise refused(f"{pointer}/m2", "needs the mean")
    # At most a quarter of the squared range for each value (T. Popoviciu, 1935).
    largest = histogram.n * MAX_MAGNITUDE**2
    if histogram.min is not None and histogram.max is not None:
        spread = histogram.max - histogram.min
        size = max(abs(histogram.min), abs(histogram.max))
        largest = histogram.n * (spread * spread / 4 + _ROUNDING * size * size)
    if not 0 <= m2 <= largest * (1 + _ROUNDING):
        raise refused(f"{pointer}/m2", "must be a sum of squares that min, max and n allow")


def _check_range(histogram: Histogram, pointer: str) -> None:
    """The least value lies in the first bin that is not empty, the largest in the last, and the mean between them."""
    filled = [index for index, count in enumerate(histogram.counts) if count]
    low, high = histogram.min, histogram.max
    if low is not None and bisect_left(histogram.edges, low) != filled[0]:
        raise refused(f"{pointer}/min", "must lie in the first bin that is not empty")
    if high is not None and bisect_left(histogram.edges, high) != filled[-1]:
        raise refused(f"{pointer}/max", "must lie in the last bin that is not empty")
    if low is not None and high is not None and low > high:
        raise refused(f"{pointer}/min", "must not be more than max")
    if histogram.mean is not None:
        slack = _ROUNDING * max(abs(low or 0), abs(high or 0))
        if (low is not None and histogram.mean < low - slack) or (high is not None and histogram.mean > high + slack):
            raise refused(f"{pointer}/mean", "must lie between min and max")


def _check_magnitude(number: float, pointer: str) -> None:
    if not abs(number) <= MAX_MAGNITUDE:
        raise refused(pointer, f"must be a finite number of at most {MAX_MAGNITUDE}")
