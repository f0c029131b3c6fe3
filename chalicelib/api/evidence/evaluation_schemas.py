"""Schemas of evaluations."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from chalicelib.api.document import Body, GivenTime, Time, VersionNumber, View
from chalicelib.api.faults import NUMBER_FORM, OBJECT_FORM
from chalicelib.api.schemes.field_schemas import Directions
from chalicelib.api.search.schemas import MetricNames
from chalicelib.api.versions.schemas import Dataset
from chalicelib.domain.documents import MAX_ENTRIES
from chalicelib.domain.evidence.estimate import LEVEL
from chalicelib.domain.evidence.evaluation import MAX_GROUP, MAX_SLICES, Kind, Slice
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.evidence.measure import MAX_COUNT, Measure, MeasuredInterval
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.evidence.share_interval import ShareMethod, share_interval
from chalicelib.domain.schemes.directions import Direction
from chalicelib.domain.statistics.confusion import Confusion

Number = int | float
DirectionName = Literal["up", "down"]
Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]


class NewInterval(Body):
    """An interval that the reporter computed: ``level`` is 0.95 for 95 %, ``method`` is such as ``bootstrap``.

    Without ``low`` and ``high``, the registry computes that of ``successes`` among ``n``, by the ``method`` ``wilson``
    or ``clopper_pearson``, at 95 % unless ``level`` says otherwise.
    """

    low: Number | None = None
    high: Number | None = None
    level: Number | None = None
    method: str

    @model_validator(mode="after")
    def _given_or_asked_for(self) -> "NewInterval":
        missing = [name for name in ("low", "high", "level") if getattr(self, name) is None]
        if self.is_asked_for and self.method not in set(ShareMethod):
            raise ValueError(f"give low and high, or one of the methods {', '.join(ShareMethod)}")
        if self.is_asked_for and not 0 < (LEVEL if self.level is None else self.level) < 1:
            raise ValueError("level must be more than 0 and less than 1, such as 0.95")
        if not self.is_asked_for and missing:
            raise ValueError(f"{missing[0]} is missing")
        return self

    @property
    def is_asked_for(self) -> bool:
        """Whether the registry is to compute it."""
        return self.low is None and self.high is None

    def interval(self, successes: int | None, n: int | None) -> MeasuredInterval:
        level = LEVEL if self.level is None else self.level
        if self.low is None or self.high is None:
            return share_interval(ShareMethod(self.method), successes or 0, n or 0, level)
        return MeasuredInterval(self.low, self.high, level, self.method)


class NewMeasure(Body):
    """A metric with what its value rests on.

    ``n`` is the number of observations, ``successes`` how many of them succeeded, and ``sd`` the standard deviation of
    one observation.
    """

    value: Number
    n: Count | None = None
    successes: Count | None = None
    sd: Number | None = None
    interval: NewInterval | None = None
    direction: DirectionName | None = None

    @model_validator(mode="after")
    def _share(self) -> "NewMeasure":
        if self.interval is not None and self.interval.is_asked_for:
            if self.n is None or self.successes is None:
                raise ValueError("an interval that the registry computes needs n and successes")
            if not 0 < self.n >= self.successes:
                raise ValueError("n must be at least 1, and successes at most n")
        return self

    def measure(self) -> Measure:
        return Measure(
            self.n,
            self.successes,
            self.sd,
            None if self.interval is None else self.interval.interval(self.successes, self.n),
            None if self.direction is None else Direction(self.direction),
        )


def _form(given: Any) -> str:
    return OBJECT_FORM if isinstance(given, dict | NewMeasure) else NUMBER_FORM


NewMetric = Annotated[
    Annotated[Number, Tag(NUMBER_FORM)] | Annotated[NewMeasure, Tag(OBJECT_FORM)], Discriminator(_form)
]


class NewConfusion(Body):
    """True and false positives, false and true negatives."""

    tp: Count
    fp: Count
    fn: Count
    tn: Count


class NewSlice(Body):
    """The metrics of one group of the data, such as ``{"country": "FR"}``, or its confusion counts, or both."""

    group: dict[str, bool | int | float | str] = Field(min_length=1, max_length=MAX_GROUP)
    metrics: dict[str, NewMetric] = Field(default_factory=dict, max_length=MAX_ENTRIES)
    n: Count | None = None
    counts: NewConfusion | None = None

    def slice(self) -> Slice:
        counts = None if self.counts is None else Confusion(**self.counts.model_dump())
        return Slice(self.group, _values(self.metrics), self.n, counts, _measures(self.metrics))


class NewPaired(Body):
    """This version and the version ``against``, on the same examples: how many each got right alone."""

    against: VersionNumber
    both_right: Count
    only_this: Count
    only_other: Count
    both_wrong: Count


class RecordEvaluation(Body):
    """``measured_at`` defaults to now."""

    kind: Literal["offline", "online", "system"]
    metrics: dict[str, NewMetric] = Field(min_length=1, max_length=MAX_ENTRIES)
    slices: list[NewSlice] = Field(default_factory=list, max_length=MAX_SLICES)
    dataset: Dataset | None = None
    paired: NewPaired | None = None
    measured_at: GivenTime | None = None

    def measurement(self) -> Measurement:
        return Measurement(
            Kind(self.kind),
            _values(self.metrics),
            [part.slice() for part in self.slices],
            None if self.dataset is None else self.dataset.model_dump(exclude_none=True),
            self.measured_at,
            _measures(self.metrics),
            None if self.paired is None else Paired(**self.paired.model_dump()),
        )


def _values(metrics: dict[str, NewMetric]) -> dict[str, float]:
    return {name: one.value if isinstance(one, NewMeasure) else one for name, one in metrics.items()}


def _measures(metrics: dict[str, NewMetric]) -> dict[str, Measure]:
    return {name: one.measure() for name, one in metrics.items() if isinstance(one, NewMeasure)}


class IntervalView(View):
    low: Number
    high: Number
    level: Number
    method: str


class MeasureView(View):
    """A metric with what its value rests on, as far as that is known."""

    value: Number
    n: int | None = None
    successes: int | None = None
    sd: Number | None = None
    interval: IntervalView | None = None
    direction: DirectionName | None = None


class ConfusionView(View):
    tp: int
    fp: int
    fn: int
    tn: int


class SliceView(View):
    group: dict[str, bool | int | float | str]
    metrics: dict[str, Number]
    n: int | None = None
    counts: ConfusionView | None = None
    measures: dict[str, MeasureView] = Field(default_factory=dict)


class DatasetView(View):
    name: str
    version: str | None = None
    digest: str | None = None


class PairedView(View):
    against: VersionNumber
    both_right: int
    only_this: int
    only_other: int
    both_wrong: int


class EvaluationView(View):
    """An evaluation. ``metrics`` has all values; ``measures`` has those that were given with more than the value.

    ``person`` is who recorded it, ``roles`` their roles on the model then. ``claims`` are those that the scheme asked
    for. All three are empty for evaluations that earlier releases took.
    """

    name: str
    kind: Literal["offline", "online", "system"]
    metrics: dict[str, Number]
    measures: dict[str, MeasureView]
    slices: list[SliceView]
    dataset: DatasetView | None
    paired: PairedView | None
    measured_at: Time
    reported_at: Time
    reported_by: str
    person: str
    roles: list[str]
    claims: dict[str, list[str]]


class RecordedEvaluationView(EvaluationView):
    """An evaluation in the history of its name."""

    version: VersionNumber
    withdrawn_at: Time | None
    withdrawn_by: str | None


class EvaluationSeries(MetricNames):
    version: int | None = Field(
        None, ge=1, le=999_999_999, description="Only the evaluations of this version. Without it, those of all."
    )
    limit: int = Field(200, ge=1, le=1_000, description="How many evaluations at most, those of the newest versions.")


class PointView(MeasureView):
    version: VersionNumber
    measured_at: Time


class EvaluationSeriesView(View):
    """For each metric its values by the time of measurement, oldest first."""

    model: str
    evaluation: str
    metrics: dict[str, list[PointView]]
    directions: Directions
