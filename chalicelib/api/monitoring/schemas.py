"""Schemas of monitors and windows."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.api.document import Body, Digest, GivenTime, Paging, Query, Time, VersionNumber, View
from chalicelib.domain.documents import MAX_KEY
from chalicelib.domain.instants import Instant
from chalicelib.domain.monitoring.deeds import MAX_DEEDS, MAX_PLACE, Act, Deed
from chalicelib.domain.monitoring.evidence_baseline import BaselineFile
from chalicelib.domain.monitoring.monitor import (
    MAX_DESCRIPTION,
    MAX_FEATURES,
    MAX_METRICS,
    MAX_N,
    MAX_OF,
    MAX_ORIGIN,
    MAX_SILENT_AFTER,
    Bounds,
    Definition,
    Watched,
)
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.window import DEFAULT_SOURCE, MAX_BATCH, Measured, NewWindow, WindowRange
from chalicelib.domain.statistics.histogram import MAX_BINS, MAX_COUNT, MAX_NAME, MAX_VALUE, MAX_VALUES, Histogram, Kind
from chalicelib.domain.statistics.statistic import DEFAULT_ALPHA, DEFAULT_EFFECTS, DEFAULT_MIN_N, Correction, Statistic

Number = int | float
Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]
Examples = Annotated[int, Field(ge=0, le=MAX_N)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_KEY)]
KindName = Literal["drift", "performance", "system"]
SpanName = Literal["hour", "day", "week"]
StatisticName = Literal["psi", "js", "hellinger", "chi_square", "ks", "mean", "wasserstein"]
CorrectionName = Literal["bonferroni", "benjamini_hochberg"]
VerdictName = Literal["ok", "warning", "alarm", "insufficient", "silent"]
WindowVerdict = Literal["ok", "breached", "insufficient"]
VersionRef = Annotated[str, StringConstraints(min_length=1, max_length=256), Field(examples=["7", "@champion"])]
SourceName = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class HistogramBody(Body):
    """Counts of one feature. A numeric one has ascending ``edges``, a categorical one ``values``.

    There is one count more: of what lies above the last edge, or of all other values. ``n`` is their sum.
    """

    name: str = Field(min_length=1, max_length=MAX_NAME)
    kind: Literal["numeric", "categorical"]
    edges: list[Number] = Field(default_factory=list, max_length=MAX_BINS - 1)
    values: list[Annotated[str, StringConstraints(max_length=MAX_VALUE)]] = Field(
        default_factory=list, max_length=MAX_VALUES
    )
    counts: list[Count] = Field(min_length=1, max_length=MAX_BINS)
    missing: Count = 0
    n: Count | None = None
    mean: Number | None = None
    m2: Number | None = Field(None, description="The sum of squared distances from the mean.")
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _sum(self) -> "HistogramBody":
        if self.n is not None and self.n != sum(self.counts):
            raise ValueError(f"n is {self.n}, and the counts make {sum(self.counts)}")
        return self

    def histogram(self) -> Histogram:
        return Histogram(
            self.name,
            Kind(self.kind),
            tuple(self.counts),
            self.missing,
            tuple(self.edges),
            tuple(self.values),
            self.mean,
            self.m2,
            self.min,
            self.max,
        )


class BaselineFrom(Body):
    """The windows of a version that begin from ``first`` to ``last``, both included, are the baseline together.

    Without them, all that are kept.
    """

    version: VersionNumber | VersionRef
    first: GivenTime | None = None
    last: GivenTime | None = None


class BaselineFileBody(Body):
    """An evidence file of a version of the model, of at most 64 KiB, is the baseline: its histograms as JSON."""

    version: VersionNumber | VersionRef
    evidence_file: str = Field(min_length=1, max_length=64, examples=["baseline.json"])


class BoundsBody(Body):
    """Where a metric must lie: at least one bound."""

    at_least: Number | None = None
    at_most: Number | None = None


class ActBody(Body):
    """What an alarm leads to. ``open_request`` and ``move`` need ``to_stage``, ``roll_back`` needs ``pointer``."""

    do: Literal["fail_check", "open_request", "move", "roll_back", "freeze"]
    to_stage: str | None = Field(None, min_length=1, max_length=64)
    pointer: str | None = Field(None, min_length=1, max_length=MAX_PLACE, examples=["alias:champion"])

    @model_validator(mode="after")
    def _place(self) -> "ActBody":
        wanted = {"open_request": "to_stage", "move": "to_stage", "roll_back": "pointer"}.get(self.do)
        for field in ("to_stage", "pointer"):
            if (getattr(self, field) is not None) != (field == wanted):
                raise ValueError(f"{self.do} {'needs' if field == wanted else 'takes no'} {field}")
        return self

    def act(self) -> Act:
        return Act(Deed(self.do), self.to_stage or self.pointer or "")


class SaveMonitor(Body):
    """What a monitor watches, and what it does.

    ``effect`` defaults to the statistic's own: 0.05 for ks, 0.1 for the others. Without ``baseline``, a monitor keeps
    the one that it has.
    """

    kind: KindName
    selector: str = Field(
        "@champion", min_length=1, max_length=256, description="A version's number, @ALIAS or stage:NAME."
    )
    window: SpanName = "hour"
    statistic: StatisticName = "psi"
    effect: Number | None = Field(None, ge=0)
    alpha: Number = Field(DEFAULT_ALPHA, gt=0, le=0.5, description="How often a window may breach by chance alone.")
    correction: CorrectionName = Field(
        "bonferroni",
        description="How alpha is shared by the features: equally, or with more for each the more of them differ.",
    )
    min_n: int = Field(DEFAULT_MIN_N, ge=1, le=MAX_N, description="Examples under which a window says nothing.")
    breaches: int = Field(2, ge=1, le=MAX_OF, description="How many of the last windows must breach for an alarm.")
    of: int = Field(3, ge=1, le=MAX_OF, description="How many windows are looked at.")
    silent_after: int = Field(2, ge=1, le=MAX_SILENT_AFTER, description="How many windows must be missing for silence.")
    features: list[Name] = Field(default_factory=list, max_length=MAX_FEATURES)
    baseline: list[HistogramBody] | BaselineFrom | BaselineFileBody | None = None
    baseline_from: str = Field(
        "", max_length=MAX_ORIGIN, description="Where the histograms of the baseline are from, for people."
    )
    metrics: dict[Name, BoundsBody] = Field(default_factory=dict, max_length=MAX_METRICS)
    on_alarm: list[ActBody] = Field(default_factory=list, max_length=MAX_DEEDS)
    description: str = Field("", max_length=MAX_DESCRIPTION)

    @model_validator(mode="after")
    def _origin(self) -> "SaveMonitor":
        if self.baseline_from and not isinstance(self.baseline, list):
            raise ValueError("baseline_from comes with the histograms of a baseline")
        return self

    def definition(self) -> Definition:
        statistic, correction = Statistic(self.statistic), Correction(self.correction)
        given = self.baseline if isinstance(self.baseline, list) else []
        return Definition(
            Watched(self.kind),
            self.selector,
            Span(self.window),
            statistic,
            DEFAULT_EFFECTS[statistic] if self.effect is None else self.effect,
            tuple(one.histogram() for one in given),
            self.baseline_from,
            features=tuple(self.features),
            alpha=self.alpha,
            metrics={name: Bounds(bounds.at_least, bounds.at_most) for name, bounds in self.metrics.items()},
            min_n=self.min_n,
            breaches=self.breaches,
            of=self.of,
            silent_after=self.silent_after,
            on_alarm=tuple(one.act() for one in self.on_alarm),
            description=self.description,
            corrected_by=None if correction is Correction.BONFERRONI else correction,
        )

    def taken(self) -> WindowRange | BaselineFile | None:
        """The windows or the evidence file that the baseline is to be taken from, if so asked."""
        if isinstance(self.baseline, BaselineFileBody):
            return BaselineFile(str(self.baseline.version), self.baseline.evidence_file)
        if not isinstance(self.baseline, BaselineFrom):
            return None
        return WindowRange(str(self.baseline.version), self.baseline.first, self.baseline.last)


class MeasuredBody(Body):
    """A metric and of how many examples it is the mean."""

    value: Number
    n: Examples


class PutWindow(Body):
    """What was counted. ``version`` defaults to the one that the monitor watches.

    ``measured_at`` is when it was counted: the end of the window, or for performance when the labels were known. A
    metric that is only a number is of all ``n`` examples.
    """

    n: Examples
    version: VersionNumber | VersionRef | None = None
    measured_at: GivenTime | None = None
    features: list[HistogramBody] = Field(default_factory=list, max_length=MAX_FEATURES)
    metrics: dict[Name, Number | MeasuredBody] = Field(default_factory=dict, max_length=MAX_METRICS)

    def window(self, start: Instant, source: str) -> NewWindow:
        return NewWindow(
            start,
            self.n,
            source,
            None if self.version is None else str(self.version),
            self.measured_at,
            tuple(one.histogram() for one in self.features),
            {
                name: Measured(one.value, one.n) if isinstance(one, MeasuredBody) else Measured(one, self.n)
                for name, one in self.metrics.items()
            },
        )


class BatchWindow(PutWindow):
    """A window of a batch, with when it begins and who counted it."""

    start: GivenTime
    source: SourceName = DEFAULT_SOURCE


class PutWindows(Body):
    windows: list[BatchWindow] = Field(min_length=1, max_length=MAX_BATCH)


class Source(Query):
    source: SourceName = Field(DEFAULT_SOURCE, description="Who counted it. Sources of a window are added up.")


class ListWindows(Paging):
    version: VersionRef | None = Field(None, description="A number or @ALIAS: the one that the monitor watches.")


class JudgeQuery(Query):
    version: VersionRef | None = Field(None, description="A number or @ALIAS: the one that the monitor watches.")
    windows: int | None = Field(
        None, ge=1, le=100, description="How many to show: as many as the monitor looks at. The verdict is over those."
    )


class HistogramView(View):
    name: str
    kind: Literal["numeric", "categorical"]
    edges: list[Number] = Field(default_factory=list)
    values: list[str] = Field(default_factory=list)
    counts: list[int]
    missing: int
    n: int
    mean: Number | None = None
    m2: Number | None = None
    min: Number | None = None
    max: Number | None = None


class BoundsView(View):
    at_least: Number | None
    at_most: Number | None


class ActView(View):
    do: Literal["fail_check", "open_request", "move", "roll_back", "freeze"]
    to_stage: str | None = None
    pointer: str | None = None


class ActedView(ActView):
    """An act, whether it was done, and what was done or why not."""

    done: bool
    detail: str


class StandingView(View):
    """A monitor's last verdict, and the version that it is about.

    ``window`` is the start of the newest window that it rests on, and ``digest`` the SHA-256 over all of them.
    ``worst`` is the feature or metric that breached most.
    """

    verdict: VerdictName
    version: VersionNumber | None
    since: Time | None
    window: Time | None
    digest: Digest | None
    worst: str | None
    score: Number | None
    threshold: Number | None


class MonitorSummaryView(View):
    """A monitor with its verdict, without its baseline. ``acted`` is what was done about the last alarm."""

    name: str
    model: str
    kind: KindName
    selector: str
    window: SpanName
    statistic: StatisticName
    effect: Number
    alpha: Number
    correction: CorrectionName
    min_n: int
    breaches: int
    of: int
    silent_after: int
    features: list[str]
    metrics: dict[str, BoundsView]
    baseline_from: str | None
    on_alarm: list[ActView]
    description: str
    standing: StandingView
    acted: list[ActedView]
    created_at: Time
    created_by: str
    updated_at: Time


class MonitorView(MonitorSummaryView):
    """A monitor with its baseline."""

    baseline: list[HistogramView]


class MeasuredView(View):
    value: Number
    n: int


class WindowView(View):
    """A window as one source reported it. ``digest`` is the SHA-256 of what was counted."""

    version: VersionNumber
    start: Time
    source: str
    n: int
    measured_at: Time
    features: list[HistogramView]
    metrics: dict[str, MeasuredView]
    digest: Digest
    received_at: Time
    received_by: str


class ReceivedWindowView(View):
    version: VersionNumber
    start: Time
    source: str
    digest: Digest


class ReceivedView(View):
    """The windows that were kept, and how the monitor stands after them."""

    windows: list[ReceivedWindowView]
    standing: StandingView


class FindingView(View):
    """What was found of a feature or metric. ``name`` is empty if it is about the whole window."""

    name: str
    verdict: WindowVerdict
    reason: str
    score: Number | None
    threshold: Number | None


class JudgedWindowView(View):
    """A window, added up over its sources."""

    start: Time
    sources: list[str]
    n: int
    measured_at: Time
    verdict: WindowVerdict
    findings: list[FindingView]


class JudgedView(View):
    """The windows of a version, oldest first, judged now. ``standing`` is what was recorded last.

    ``verdict`` and ``digest`` are over as many windows as the monitor looks at, however many are shown.
    """

    version: VersionNumber | None
    verdict: VerdictName | None
    digest: Digest | None
    windows: list[JudgedWindowView]
    standing: StandingView
