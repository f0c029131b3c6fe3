"""Schemas of evaluations."""

from typing import Literal

from pydantic import Field

from chalicelib.api.document import Body, GivenTime, Time, View
from chalicelib.api.versions.schemas import Dataset
from chalicelib.domain.documents import MAX_ENTRIES
from chalicelib.domain.evidence.evaluation import MAX_GROUP, MAX_SLICES, Kind, Slice
from chalicelib.domain.evidence.evaluation_decisions import Measurement


class NewSlice(Body):
    """The metrics of one group of the data, such as ``{"country": "FR"}``."""

    group: dict[str, bool | int | float | str] = Field(min_length=1, max_length=MAX_GROUP)
    metrics: dict[str, int | float] = Field(min_length=1, max_length=MAX_ENTRIES)


class RecordEvaluation(Body):
    """``measured_at`` defaults to now."""

    kind: Literal["offline", "online", "system"]
    metrics: dict[str, int | float] = Field(min_length=1, max_length=MAX_ENTRIES)
    slices: list[NewSlice] = Field(default_factory=list, max_length=MAX_SLICES)
    dataset: Dataset | None = None
    measured_at: GivenTime | None = None

    def measurement(self) -> Measurement:
        return Measurement(
            Kind(self.kind),
            self.metrics,
            [Slice(part.group, part.metrics) for part in self.slices],
            None if self.dataset is None else self.dataset.model_dump(exclude_none=True),
            self.measured_at,
        )


class SliceView(View):
    group: dict[str, bool | int | float | str]
    metrics: dict[str, int | float]


class DatasetView(View):
    name: str
    version: str | None = None
    digest: str | None = None


class EvaluationView(View):
    name: str
    kind: Literal["offline", "online", "system"]
    metrics: dict[str, int | float]
    slices: list[SliceView]
    dataset: DatasetView | None
    measured_at: Time
    reported_at: Time
    reported_by: str
