"""Monitors: what of a model in use is watched, against what it is held, and what an alarm leads to."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Self

from chalicelib.domain import names
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.deeds import Act, Acted, Deed
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.verdict import Standing
from chalicelib.domain.statistics.histogram import Histogram
from chalicelib.domain.statistics.statistic import DEFAULT_ALPHA, DEFAULT_MIN_N, Correction, Statistic

# The head of the model shows them all.
MAX_MONITORS: Final = 20
MAX_FEATURES: Final = 100
MAX_METRICS: Final = 20
MAX_DESCRIPTION: Final = 1_000
MAX_OF: Final = 10
MAX_ORIGIN: Final = 500
MAX_SILENT_AFTER: Final = 100
MAX_N: Final = 10**9
MAX_BASELINE_BYTES: Final = 64 * 1024

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Watched(StrEnum):
    """What a monitor watches: the distribution of data, the quality of predictions, or the system that serves."""

    DRIFT = "drift"
    PERFORMANCE = "performance"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a metric must lie: at least, at most, or both."""

    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a monitor is asked to do.

    ``selector`` says which version it watches: a number, ``@<alias>``, or ``stage:<name>``. Features of ``baseline``
    are compared with those of each window by ``statistic``; ``features`` narrows them down, and without it all are. A
    feature breaches if the difference is significant at ``alpha``, corrected for the number of features, and at least
    ``effect``. A metric breaches if it lies outside its bounds. A window breaches if one of its features or metrics
    does, and says nothing with fewer than ``min_n`` examples. It takes ``breaches`` windows of the last ``of`` to make
    an alarm, and ``silent_after`` windows that are missing to make silence. ``baseline_from`` says where the baseline
    was taken from.
    """

    watched: Watched
    selector: str
    window: Span
    statistic: Statistic
    effect: float
    baseline: tuple[Histogram, ...] = ()
    baseline_from: str = ""
    features: tuple[str, ...] = ()
    alpha: float = DEFAULT_ALPHA
    metrics: Mapping[str, Bounds] = field(default_factory=dict, hash=False)
    min_n: int = DEFAULT_MIN_N
    breaches: int = 2
    of: int = 3
    silent_after: int = 2
    on_alarm: tuple[Act, ...] = ()
    description: str = ""
    # None is Bonferroni's: events of releases that knew no other do not tell it.
    corrected_by: Correction | None = None

    @property
    def correction(self) -> Correction:
        """How the level is corrected for the number of features."""
        return self.corrected_by or Correction.BONFERRONI

    @property
    def compared(self) -> tuple[Histogram, ...]:
        """The histograms of the baseline that windows are compared with."""
        if not self.features:
            return self.baseline
        return tuple(histogram for histogram in self.baseline if histogram.name in self.features)

    def silent_at(self, heard_at: Instant) -> Instant:
        """When a monitor falls silent that heard last at ``heard_at``."""
        return later(heard_at, self.silent_after * self.window.length)

    def does(self, deed: Deed) -> bool:
        """Whether an alarm leads to the deed."""
        return any(act.deed is deed for act in self.on_alarm)


@dataclass(frozen=True, slots=True)
class Monitor(Record, kind="monitor"):
    """A monitor of a model. ``standing`` is its last verdict.

    ``acted`` is what was done about the event ``acted_on``, the last alarm, silence or recovery that led to something.
    ``revision`` is that of the model at the monitor's last change.
    """

    model: str
    name: str
    definition: Definition
    created_at: Instant
    created_by: str
    standing: Standing = Standing()
    acted_on: str = ""
    acted: tuple[Acted, ...] = ()
    updated_at: Instant = Instant("")
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (Monitor, self.name)

    @property
    def check(self) -> str:
        """The name of the check that says whether the monitor is well."""
        return check_of(self.name)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        standing = self.standing.stamped(None if before is None else before.standing, stamp)
        return replace(self, standing=standing, updated_at=stamp.time, revision=stamp.revision)


def check_of(monitor: str) -> str:
    """The name of the check that a monitor reports."""
    return f"monitor.{monitor}"


def selector(given: str) -> str:
    """A selector: a version's number, ``@<alias>`` or ``stage:<name>``. Raises InvalidInputError, InvalidNameError."""
    if given.startswith("@"):
        names.alias_name(given[1:])
    elif not given.removeprefix("stage:") or not (given.startswith("stage:") or _NUMBER.fullmatch(given)):
        raise invalid("/selector", "must be a version's number, @ALIAS or stage:NAME")
    return given


def selected(model: Model, given: str) -> int | None:
    """The version that a selector stands for now; None if there is none."""
    if given.startswith("@"):
        pointer = model.aliases.get(given[1:])
        return None if pointer is None else pointer.version
    if given.startswith("stage:"):
        return model.holder(given.removeprefix("stage:"))
    return int(given)


def public_document(monitor: Monitor) -> dict[str, Any]:
    """What is shown of a monitor, but for its baseline."""
    return {
        "name": monitor.name,
        "model": monitor.model,
        **definition_document(monitor.definition),
        "standing": monitor.standing.document(),
        "acted": [one.document() for one in monitor.acted],
        "created_at": monitor.created_at,
        "created_by": monitor.created_by,
        "updated_at": monitor.updated_at,
    }


def definition_document(given: Definition) -> dict[str, Any]:
    """What is shown of a definition, and what events say: of the baseline only the names of its features."""
    return {
        "kind": given.watched.value,
        "selector": given.selector,
        "window": given.window.value,
        "statistic": given.statistic.value,
        "effect": given.effect,
        "alpha": given.alpha,
        "correction": given.correction.value,
        "min_n": given.min_n,
        "breaches": given.breaches,
        "of": given.of,
        "silent_after": given.silent_after,
        "features": [histogram.name for histogram in given.compared] or list(given.features),
        "metrics": {name: asdict(bounds) for name, bounds in given.metrics.items()},
        "baseline_from": given.baseline_from or None,
        "on_alarm": [act.document() for act in given.on_alarm],
        "description": given.description,
    }


def invalid(pointer: str, message: str) -> InvalidInputError:
    """The error for a field of a monitor or a window that is not valid."""
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
