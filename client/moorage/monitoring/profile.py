"""Baselines and windows: the summaries of all features of some data."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import fsum, inf, nextafter
from typing import Any, Final

from moorage.monitoring.columns import Data, columns
from moorage.monitoring.feature import CATEGORICAL, NUMERIC, FeatureSummary

# Twenty bins show Kolmogorov and Smirnov's statistic to 0.002.
DEFAULT_BINS: Final = 20
MAX_BINS: Final = 100
# The registry counts so many categories by themselves, of texts up to this length, and takes numbers up to this one.
MAX_VALUES: Final = 50
MAX_VALUE: Final = 250
MAX_MAGNITUDE: Final = 1e140


@dataclass(frozen=True, slots=True)
class Profile:
    """The summaries of the features of a baseline or a window, in the order of the data's columns."""

    features: tuple[FeatureSummary, ...]

    def __getitem__(self, name: str) -> FeatureSummary:
        """The summary of the feature of this name. Raises KeyError if there is none."""
        for feature in self.features:
            if feature.name == name:
                return feature
        raise KeyError(name)

    def document(self) -> list[dict[str, Any]]:
        """The summaries as the registry takes them."""
        return [feature.document() for feature in self.features]

    @classmethod
    def from_document(cls, document: Iterable[Mapping[str, Any]]) -> "Profile":
        """The profile that ``document`` gave, or that the registry keeps."""
        return cls(tuple(FeatureSummary.from_document(feature) for feature in document))


def baseline(
    data: Data,
    *,
    names: Sequence[str] | None = None,
    bins: int = DEFAULT_BINS,
    categorical: Iterable[str] = (),
) -> Profile:
    """Summarise the data that later windows are compared with, and choose the bins of both.

    ``data`` is a mapping of columns, a list of rows, a frame of pandas, or an array with ``names`` for its columns.
    Numbers get ``bins`` bins that hold about as many values each; numbers of few different values, such as counts, get
    a bin for each. Other columns, and those that ``categorical`` names, are categories: the 50 most frequent are
    counted by themselves. Raises ValueError for data without values, and for a column of numbers and texts.
    """
    if not 1 < bins <= MAX_BINS:
        raise ValueError(f"bins is {bins}: give 2 to {MAX_BINS}")
    found = columns(data, names)
    as_categories = set(categorical)
    unknown = as_categories - found.keys()
    if unknown:
        raise ValueError(f"the data has no column {min(unknown)!r}, which categorical names")
    return Profile(
        tuple(
            _numeric_baseline(name, values, bins)
            if name not in as_categories and _are_numbers(name, values)
            else _categorical(name, values, _most_frequent(values))
            for name, values in found.items()
        )
    )


def window(data: Data, like: Profile, *, names: Sequence[str] | None = None) -> Profile:
    """Summarise data in the bins of the baseline ``like``. Columns that the baseline lacks are left out.

    Raises ValueError for a column that the baseline has and the data lacks, and for a text among numbers.
    """
    found = columns(data, names)
    if not found:
        found = {feature.name: [] for feature in like.features}
    summaries = []
    for feature in like.features:
        if feature.name not in found:
            raise ValueError(f"the data has no column {feature.name!r}, which the baseline has")
        values = found[feature.name]
        if feature.kind == CATEGORICAL:
            summaries.append(_categorical(feature.name, values, feature.values))
        else:
            _check_numbers(feature.name, values)
            summaries.append(_numeric(feature.name, values, feature.edges))
    return Profile(tuple(summaries))


def merge(profiles: Iterable[Profile]) -> Profile:
    """One window of several: the same as if their data had been summarised together, in any order.

    Raises ValueError for windows of different baselines, and if there is none.
    """
    every = list(profiles)
    if not every:
        raise ValueError("there is nothing to merge: give one window at least")
    return reduce(_merged, every)


def _merged(one: Profile, other: Profile) -> Profile:
    if len(one.features) != len(other.features):
        raise ValueError("the windows have different features: merge windows of the same baseline")
    return Profile(tuple(a.merged(b) for a, b in zip(one.features, other.features, strict=True)))


def _are_numbers(name: str, values: list[Any]) -> bool:
    present = [value for value in values if value is not None]
    if not present:
        raise ValueError(f"the column {name!r} has no values: leave it out of the baseline")
    numbers = sum(isinstance(value, float) for value in present)
    if 0 < numbers < len(present):
        odd = next(value for value in present if not isinstance(value, float))
        raise ValueError(f"the column {name!r} has numbers and {odd!r}: clean it, or name it in categorical=[…]")
    return numbers > 0


def _check_numbers(name: str, values: list[Any]) -> None:
    for value in values:
        if value is not None and not isinstance(value, float):
            raise ValueError(f"the column {name!r} has a {type(value).__name__}, but its baseline has numbers")


def _numeric_baseline(name: str, values: list[float | None], bins: int) -> FeatureSummary:
    ordered = sorted(value for value in values if value is not None and abs(value) <= MAX_MAGNITUDE)
    if not ordered:
        raise ValueError(f"the column {name!r} has no number of at most {MAX_MAGNITUDE}: leave it out of the baseline")
    distinct = sorted(set(ordered))
    if len(distinct) < bins:
        # A bin for each value, and one for what is less than all of them.
        edges = [nextafter(distinct[0], -inf), *distinct]
    else:
        # Up to each edge lie so many shares of the values; those of a frequent value may be the same edge.
        edges = sorted({ordered[-(-len(ordered) * step // bins) - 1] for step in range(1, bins)})
    return _numeric(name, values, tuple(edges))


def _numeric(name: str, values: list[float | None], edges: tuple[float, ...]) -> FeatureSummary:
    """Numbers that are too large to be squared are missing, like infinite ones."""
    ordered = sorted(value for value in values if value is not None and abs(value) <= MAX_MAGNITUDE)
    missing = len(values) - len(ordered)
    up_to = [0, *(bisect_right(ordered, edge) for edge in edges), len(ordered)]
    counts = tuple(above - below for below, above in pairwise(up_to))
    if not ordered:
        return FeatureSummary(name, NUMERIC, counts, missing, edges)
    # Rounding could put the mean of equal values beside them.
    mean = min(max(fsum(ordered) / len(ordered), ordered[0]), ordered[-1])
    m2 = fsum((value - mean) ** 2 for value in ordered)
    return FeatureSummary(name, NUMERIC, counts, missing, edges, (), mean, m2, ordered[0], ordered[-1])


def _most_frequent(values: list[Any]) -> tuple[str, ...]:
    counted = Counter(_text(value) for value in values if value is not None)
    frequent = sorted(counted, key=lambda value: (-counted[value], value))
    return tuple(value for value in frequent if len(value) <= MAX_VALUE)[:MAX_VALUES]


def _categorical(name: str, values: list[Any], categories: tuple[str, ...]) -> FeatureSummary:
    present = [_text(value) for value in values if value is not None]
    counted = Counter(present)
    counts = [counted[category] for category in categories]
    return FeatureSummary(
        name, CATEGORICAL, (*counts, len(present) - sum(counts)), len(values) - len(present), values=categories
    )


def _text(value: Any) -> str:
    """A category's text. Whole numbers are written without a point, and truth values as in JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
