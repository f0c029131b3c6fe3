"""Schemas of comparisons of versions."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.document import Digest, Query, Time, VersionNumber, View
from chalicelib.api.evidence.evaluation_schemas import DatasetView, IntervalView
from chalicelib.api.schemes.field_schemas import Directions

_MAX_REFERENCES = 1_500

Number = int | float


class CompareVersions(Query):
    versions: str = Field(
        max_length=_MAX_REFERENCES,
        description="Two to five versions, by number or @alias, separated by commas.",
        examples=["3,@champion"],
    )

    def refs(self) -> list[str]:
        return [ref.strip() for ref in self.versions.split(",")]


class ComparedVersionView(View):
    number: VersionNumber
    label: str | None
    status: Literal["PENDING", "READY"]
    stage: str
    aliases: list[str]
    digest: Digest
    file_count: int
    total_size: int
    created_at: Time
    created_by: str


class VerdictView(View):
    """Whether a version is better than the first one in a metric, with the interval of the difference.

    ``adjusted_p`` is ``p`` adjusted for the number of slices, by Holm's method.
    """

    verdict: Literal["better", "worse", "no difference shown", "measured on different data", "insufficient"]
    difference: Number | None = None
    interval: IntervalView | None = None
    p: Number | None = None
    adjusted_p: Number | None = None
    reason: str | None = None


class MetricRowView(View):
    """A metric's value in each version, in the order of the versions, and its difference from the first version's.

    ``verdicts`` is left out for metrics that are not part of an evaluation.
    """

    name: str
    values: list[Number | None]
    differences: list[Number | None]
    verdicts: list[VerdictView | None] = Field(default_factory=list)


class SliceRowView(View):
    group: dict[str, bool | int | float | str]
    metrics: list[MetricRowView]


class EvaluationRowView(View):
    """The evaluations with one name, one for each version."""

    name: str
    kinds: list[str | None]
    measured_at: list[Time | None]
    datasets: list[DatasetView | None]
    metrics: list[MetricRowView]
    slices: list[SliceRowView]


class RowView(View):
    """A difference: its name and its value in each version. A version without a value has null."""

    name: str
    values: list[Any]


class CheckRowView(View):
    name: str
    values: list[Literal["passed", "failed", "pending", "expired"] | None]


class ComparisonView(View):
    """All metrics, evaluations and checks side by side, and of everything else what differs from the first version.

    ``files`` has SHA-256 digests by path. ``truncated`` names the sections that were too long to be shown whole.
    """

    model: str
    versions: list[ComparedVersionView]
    metrics: list[MetricRowView]
    evaluations: list[EvaluationRowView]
    checks: list[CheckRowView]
    parameters: list[RowView]
    provenance: list[RowView]
    datasets: list[RowView]
    requirements: list[RowView]
    framework: list[RowView]
    signature: list[RowView]
    files: list[RowView]
    truncated: list[str]
    directions: Directions
