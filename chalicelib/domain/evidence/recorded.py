"""Evaluations as they were recorded, one after the other, and the series of their metrics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.evidence.measure import Measure
from chalicelib.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Recorded:
    """One evaluation in the history of its name. It may have been replaced since, or withdrawn."""

    name: str
    version: int
    evaluation: Evaluation
    withdrawn_at: Instant | None = None
    withdrawn_by: str | None = None

    def document(self) -> dict[str, Any]:
        return {
            "name": self.name,
            **self.evaluation.document(),
            "withdrawn_at": self.withdrawn_at,
            "withdrawn_by": self.withdrawn_by,
        }


@dataclass(frozen=True, slots=True)
class MeasuredPoint:
    """The value of a metric at a time, and what it rests on."""

    version: int
    measured_at: Instant
    value: float
    measure: Measure


def points(history: Iterable[Recorded], metrics: Sequence[str]) -> dict[str, tuple[MeasuredPoint, ...]]:
    """Each metric over the time of measurement, oldest first. Evaluations that were withdrawn are left out."""
    standing = [one for one in history if one.withdrawn_at is None]
    standing.sort(key=lambda one: (one.evaluation.measured_at, one.version, one.evaluation.revision))
    return {
        metric: tuple(_point(one, metric) for one in standing if metric in one.evaluation.metrics) for metric in metrics
    }


def _point(one: Recorded, metric: str) -> MeasuredPoint:
    evaluation = one.evaluation
    measure = evaluation.measures.get(metric, Measure())
    return MeasuredPoint(one.version, evaluation.measured_at, evaluation.metrics[metric], measure)
