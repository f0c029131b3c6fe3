"""Windows: what a reporter counted of a version in one hour, day or week, as summaries and never as single values."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain import documents
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import BodyTooLargeError, InvalidNameError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.monitoring.cells import comparable
from chalicelib.domain.monitoring.monitor import MAX_FEATURES, MAX_METRICS, MAX_N, Definition, Watched, invalid
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.statistics import histogram as histograms
from chalicelib.domain.statistics.histogram import Histogram

MAX_BYTES: Final = 64 * 1024
MAX_BATCH: Final = 25
MAX_SOURCES: Final = 20
DEFAULT_SOURCE: Final = "default"
# How far the reporter's clock may be ahead of the registry's.
CLOCK_SKEW: Final = timedelta(minutes=5)
# How long after it was measured a window may come.
LATEST: Final = timedelta(days=7)
# How long labels may take: a window of performance is measured when they are known.
LATEST_LABELS: Final = timedelta(days=92)

_SOURCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@\-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric of a window, and of how many examples it is the mean."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Window:
    """What one source counted of a version from ``start`` on, for the length ``span``, which the monitor had then.

    ``n`` counts the examples. ``measured_at`` is when it was counted: of performance, that may be weeks after the
    traffic, when the labels are known. ``received_at`` and ``received_by`` are the registry's own.
    """

    version: int
    monitor: str
    start: Instant
    source: str
    n: int
    measured_at: Instant
    received_at: Instant
    received_by: str
    span: Span
    features: tuple[Histogram, ...] = ()
    metrics: Mapping[str, Measured] = field(default_factory=dict, hash=False)

    def content(self) -> dict[str, Any]:
        """What was counted. Verdicts rest on it, so their digests are over it."""
        return {
            "version": self.version,
            "start": self.start,
            "source": self.source,
            "n": self.n,
            "measured_at": self.measured_at,
            "features": [feature.document() for feature in self.features],
            "metrics": {name: asdict(measured) for name, measured in self.metrics.items()},
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of what was counted."""
        return sha256_hex(canonical_json(self.content()))


@dataclass(frozen=True, slots=True)
class NewWindow:
    """A window as a reporter gives it.

    ``version`` is a number or an alias; None stands for the one that the monitor watches. ``measured_at`` is the end of
    the window if it is not given.
    """

    start: Instant
    n: int
    source: str = DEFAULT_SOURCE
    version: str | None = None
    measured_at: Instant | None = None
    features: tuple[Histogram, ...] = ()
    metrics: Mapping[str, Measured] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class WindowRange:
    """The windows of a version, a number or an alias, that begin from ``first`` to ``last``, both included.

    None stands for the first that is kept, and for the last.
    """

    version: str
    first: Instant | None = None
    last: Instant | None = None


def source_name(source: str) -> str:
    """The name of a source: 1 to 64 of ``A-Z a-z 0-9 _ . : @ -``, a letter or digit first. Raises InvalidNameError."""
    if not _SOURCE.fullmatch(source):
        raise InvalidNameError(
            f"{source[:64]!r} is not the name of a source: 1 to 64 letters, digits, '_', '.', ':', '@' and '-', a "
            "letter or digit first."
        )
    return source


def checked(definition: Definition, window: Window, pointer: str = "") -> Window:
    """The window, if the monitor can take it. ``pointer`` is where it lies in the request.

    Raises InvalidInputError, InvalidNameError, BodyTooLargeError.
    """
    source_name(window.source)
    _check_time(definition, window, pointer)
    _check_features(definition, window, pointer)
    _check_metrics(window, pointer)
    if window.n and not (window.features or window.metrics):
        raise invalid(f"{pointer}/features", "must name a feature, unless there are metrics or n is 0")
    size = len(canonical_json(window.content()).encode())
    if size > MAX_BYTES:
        raise BodyTooLargeError(f"The window at {window.start} takes {size} bytes; a window has at most {MAX_BYTES}.")
    return window


def _check_time(definition: Definition, window: Window, pointer: str) -> None:
    span, now = definition.window, window.received_at
    if not span.begins_at(window.start):
        raise invalid(f"{pointer}/start", f"is not where a window of one {span.value} begins, in UTC")
    end = span.end(window.start)
    if end > later(now, CLOCK_SKEW):
        raise invalid(f"{pointer}/start", f"is of a window that ends at {end}, in the future")
    if not later(end, -CLOCK_SKEW) <= window.measured_at <= later(now, CLOCK_SKEW):
        raise invalid(f"{pointer}/measured_at", "must lie between the end of the window and now")
    labelled = definition.watched is Watched.PERFORMANCE
    if (window.measured_at if labelled else end) < later(now, -LATEST):
        field = "measured_at" if labelled else "start"
        raise invalid(f"{pointer}/{field}", f"is more than {LATEST.days} days ago, so it would not be judged")
    if end < later(now, -LATEST_LABELS):
        raise invalid(f"{pointer}/start", f"is more than {LATEST_LABELS.days} days ago, so it would not be judged")


def _check_features(definition: Definition, window: Window, pointer: str) -> None:
    if len(window.features) > MAX_FEATURES:
        raise invalid(f"{pointer}/features", f"has more than {MAX_FEATURES} entries")
    baseline = {histogram.name: histogram for histogram in definition.baseline}
    seen: set[str] = set()
    for index, feature in enumerate(window.features):
        place = f"{pointer}/features/{index}"
        histograms.checked(feature, place)
        if feature.name in seen:
            raise invalid(f"{place}/name", f"names {feature.name!r} a second time")
        seen.add(feature.name)
        if feature.n + feature.missing > window.n:
            raise invalid(
                f"{place}/n", f"and missing are {feature.n + feature.missing}, more than the {window.n} of the window"
            )
        held_against = baseline.get(feature.name)
        if held_against is not None and not comparable(held_against, feature):
            cells = "edges" if held_against.kind is histograms.Kind.NUMERIC else "values"
            raise invalid(f"{place}/{cells}", f"do not have what the baseline of {feature.name!r} has")


def _check_metrics(window: Window, pointer: str) -> None:
    if len(window.metrics) > MAX_METRICS:
        raise invalid(f"{pointer}/metrics", f"has more than {MAX_METRICS} entries")
    documents.metrics({name: one.value for name, one in window.metrics.items()}, f"{pointer}/metrics")
    for name, measured in window.metrics.items():
        if not 0 <= measured.n <= MAX_N:
            raise invalid(f"{pointer}/metrics/{name}/n", f"must be from 0 to {MAX_N}")
