"""Monitors: what is watched of a version in use, the windows that reporters put, and the verdicts on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, time_text
from moorage.listing import Listing, WholeList
from moorage.paths import VersionKey, segment


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of one feature. A numeric one has ``edges``, a categorical one ``values``.

    There is one count more than edges or values: of what lies above the last edge, or of all other values. ``missing``
    counts what is not there. ``m2`` is the sum of squared distances from the mean.
    """

    name: str
    kind: str
    counts: tuple[int, ...]
    missing: int = 0
    n: int = 0
    edges: tuple[float, ...] = ()
    values: tuple[str, ...] = ()
    mean: float | None = None
    m2: float | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class MetricBounds:
    """Where a metric must lie."""

    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What an alarm leads to: ``fail_check``, ``open_request``, ``move``, ``roll_back`` or ``freeze``.

    ``done`` and ``detail`` say what became of it; they are None in a definition.
    """

    do: str
    to_stage: str | None = None
    pointer: str | None = None
    done: bool | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict of a monitor as it was last recorded, and the version that it is about.

    ``verdict`` is ``ok``, ``warning``, ``alarm``, ``insufficient`` or ``silent``. ``window`` is the start of the newest
    window that it rests on, and ``digest`` the SHA-256 over all of them. ``worst`` breached most.
    """

    verdict: str
    version: int | None = None
    since: datetime | None = None
    window: datetime | None = None
    digest: str | None = None
    worst: str | None = None
    score: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Monitor:
    """A monitor. ``baseline`` is empty in lists. ``acted`` is what was done about the last alarm."""

    name: str
    model: str
    kind: str
    selector: str
    window: str
    statistic: str
    effect: float
    alpha: float
    min_n: int
    breaches: int
    of: int
    silent_after: int
    standing: Standing
    features: tuple[str, ...] = ()
    metrics: dict[str, MetricBounds] = field(default_factory=dict)
    baseline: tuple[Histogram, ...] = ()
    baseline_from: str | None = None
    on_alarm: tuple[Act, ...] = ()
    acted: tuple[Act, ...] = ()
    description: str = ""
    correction: str = "bonferroni"
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class MeasuredMetric:
    """A metric of a window, and of how many examples it is the mean."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Window:
    """A window as one source reported it."""

    version: int
    start: datetime
    source: str
    digest: str
    n: int = 0
    measured_at: datetime | None = None
    features: tuple[Histogram, ...] = ()
    metrics: dict[str, MeasuredMetric] = field(default_factory=dict)
    received_at: datetime | None = None
    received_by: str | None = None


@dataclass(frozen=True, slots=True)
class ReceivedWindows:
    """The windows that were kept, without what was counted, and how the monitor stands after them."""

    windows: tuple[Window, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a feature or metric in a window: ``ok``, ``breached`` or ``insufficient``, and why."""

    name: str
    verdict: str
    reason: str
    score: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class JudgedWindow:
    """A window, added up over its sources, and what was found in it."""

    start: datetime
    sources: tuple[str, ...]
    n: int
    measured_at: datetime
    verdict: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class MonitorJudgement:
    """The last windows of a version, oldest first, judged now. ``standing`` is what was recorded last."""

    windows: tuple[JudgedWindow, ...]
    standing: Standing
    version: int | None = None
    verdict: str | None = None
    digest: str | None = None


class MonitorContent(TypedDict, total=False):
    """The definition of a monitor. What is left out has its default, but for the baseline, which is kept.

    ``selector`` is a version's number, ``@ALIAS`` or ``stage:NAME``; ``window`` is ``hour``, ``day`` or ``week``.
    ``baseline`` is a list of histograms; or the ``version`` whose windows it is taken from, with the times ``first``
    and ``last``; or the ``version`` that has it in its ``evidence_file``. ``baseline_from`` says in words where
    histograms are from. ``metrics`` maps names to ``at_least`` and ``at_most``. ``on_alarm`` lists what to ``do``.
    """

    selector: str
    window: str
    statistic: str
    effect: float
    alpha: float
    correction: str
    min_n: int
    breaches: int
    of: int
    silent_after: int
    features: Sequence[str]
    baseline: Sequence[Mapping[str, Any]] | Mapping[str, Any]
    baseline_from: str
    metrics: Mapping[str, Mapping[str, float]]
    on_alarm: Sequence[Mapping[str, Any]]
    description: str


class WindowContent(TypedDict, total=False):
    """What was counted in a window.

    ``features`` are histograms. A metric is a number, or has a ``value`` and of how many examples ``n`` it is.
    ``version`` defaults to the one that the monitor watches, ``source`` to ``default``, and ``measured_at`` to the end
    of the window.
    """

    version: VersionKey
    source: str
    measured_at: datetime | str
    features: Sequence[Mapping[str, Any]]
    metrics: Mapping[str, float | Mapping[str, float]]


class Monitors:
    """The monitors of each model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str) -> WholeList[Monitor]:
        """The monitors of a model, by name."""
        return self._connection.whole(Monitor, _path(model))

    def get(self, model: str, monitor: str) -> Monitor:
        return self._connection.get(Monitor, _path(model, monitor))

    def save(
        self, model: str, monitor: str, kind: str, *, if_match: str | None = None, **content: Unpack[MonitorContent]
    ) -> Monitor:
        """Create a monitor, or give it another definition. ``kind`` is ``drift``, ``performance`` or ``system``."""
        body: dict[str, Any] = {"kind": kind, **content}
        if isinstance(body.get("baseline"), Mapping):
            body["baseline"] = _with_times(body["baseline"], "first", "last")
        return decode(Monitor, self._connection.write("PUT", _path(model, monitor), body, if_match=if_match))

    def delete(self, model: str, monitor: str) -> None:
        """Delete a monitor. A check that it has failed stays."""
        self._connection.write("DELETE", _path(model, monitor))

    def put_window(
        self, model: str, monitor: str, start: datetime | str, n: int, **content: Unpack[WindowContent]
    ) -> ReceivedWindows:
        """Report what was counted of ``n`` examples in the window that begins at ``start``.

        Reporting a window again replaces it, so a call that failed can be made again.
        """
        window = _window({**content, "n": n})
        source = window.pop("source", "default")
        path = f"{_path(model, monitor)}/windows/{segment(time_text(start))}?source={segment(source)}"
        return decode(ReceivedWindows, self._connection.write("PUT", path, window))

    def put_windows(self, model: str, monitor: str, windows: Sequence[Mapping[str, Any]]) -> ReceivedWindows:
        """Report up to 25 windows, each with its ``start``, its ``n`` and the fields of ``put_window``.

        All are kept, or none.
        """
        return self._connection.post(
            ReceivedWindows, f"{_path(model, monitor)}/windows", {"windows": [_window(one) for one in windows]}
        )

    def windows(
        self, model: str, monitor: str, *, version: VersionKey | None = None, limit: int | None = None
    ) -> Listing[Window]:
        """The windows of a version as they were reported, newest first."""
        key = None if version is None else paths.version_key(version)
        return self._connection.items(Window, f"{_path(model, monitor)}/windows", limit, version=key)

    def judge(
        self, model: str, monitor: str, *, version: VersionKey | None = None, windows: int | None = None
    ) -> MonitorJudgement:
        """Judge a version now, and show its last ``windows``. Nothing is recorded.

        The verdict is over as many windows as the monitor looks at, however many are shown.
        """
        key = None if version is None else paths.version_key(version)
        return self._connection.get(
            MonitorJudgement, f"{_path(model, monitor)}/judgement", version=key, windows=windows
        )


def _window(given: Mapping[str, Any]) -> dict[str, Any]:
    """A window as the API has it."""
    window = dict(given)
    if "version" in window:
        key = paths.version_key(window["version"])
        window["version"] = int(key) if key.isdigit() else key
    return _with_times(window, "start", "measured_at")


def _with_times(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The mapping with the times of these names as the API has them."""
    return {name: time_text(value) if name in names and value is not None else value for name, value in given.items()}


def _path(model: str, monitor: str | None = None) -> str:
    base = f"{paths.model(model)}/monitors"
    return base if monitor is None else f"{base}/{segment(monitor)}"
