"""The summary of one feature: counts in bins, how many values are missing, and moments."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

NUMERIC: Final = "numeric"
CATEGORICAL: Final = "categorical"


@dataclass(frozen=True, slots=True)
class FeatureSummary:
    """What is known of a feature in a baseline or a window.

    ``kind`` is ``numeric`` or ``categorical``. Bin ``i`` of a numeric feature counts the values above edge ``i - 1``
    and up to edge ``i``, which is included; the first and the last bin are open. The counts of a categorical feature
    are those of its ``values``, and at the end that of all other values. ``m2`` is the sum of squared distances from
    the mean. Moments are None if they are not known.
    """

    name: str
    kind: str
    counts: tuple[int, ...]
    missing: int = 0
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
        """The summary as the registry takes it."""
        common = {"name": self.name, "kind": self.kind}
        counted = {"counts": list(self.counts), "missing": self.missing, "n": self.n}
        if self.kind == CATEGORICAL:
            return common | {"values": list(self.values)} | counted
        moments = {"mean": self.mean, "m2": self.m2, "min": self.min, "max": self.max}
        return common | {"edges": list(self.edges)} | counted | moments

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "FeatureSummary":
        """The summary that ``document`` gave, or that the registry keeps."""
        known = {field: document.get(field) for field in ("mean", "m2", "min", "max")}
        return cls(
            document["name"],
            document["kind"],
            tuple(document["counts"]),
            document["missing"],
            tuple(document.get("edges", ())),
            tuple(document.get("values", ())),
            **known,
        )

    def merged(self, other: "FeatureSummary") -> "FeatureSummary":
        """The summary of the data of both. Moments that one of them does not know are not known.

        Source of the moments: T. F. Chan, G. H. Golub and R. J. LeVeque (1979). Raises ValueError for summaries of
        different features or over different bins.
        """
        for field in ("name", "kind", "edges", "values"):
            if getattr(self, field) != getattr(other, field):
                raise ValueError(
                    f"the {field} of {self.name!r} and {other.name!r} differ: merge windows of the same baseline"
                )
        return FeatureSummary(
            self.name,
            self.kind,
            tuple(one + two for one, two in zip(self.counts, other.counts, strict=True)),
            self.missing + other.missing,
            self.edges,
            self.values,
            **_moments(self, other),
        )


def _moments(one: FeatureSummary, other: FeatureSummary) -> dict[str, float | None]:
    if not one.n or not other.n:
        filled = other if other.n else one
        return {"mean": filled.mean, "m2": filled.m2, "min": filled.min, "max": filled.max}
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
