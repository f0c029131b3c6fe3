"""Results of evaluating moves to stages: gates, approvals and dry runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage.results import SchemeRef


@dataclass(frozen=True, slots=True)
class AwaitedReport:
    """A report that a gate waits for: since when, until when, and where it is being made.

    ``reporters`` are patterns of the principals who are expected to report. Without any, it is everybody who may.
    """

    since: datetime
    until: datetime
    reporters: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """The result of one gate. ``actual`` is what the gate found, ``needed`` is what it requires.

    ``kind`` is what the gate looks at, such as ``metric``, ``check`` or ``documentation``. ``awaited`` is there while
    the gate waits for a pending check.
    """

    gate: str
    holds: bool
    needed: str
    reason: str
    kind: str = ""
    actual: Any = None
    awaited: AwaitedReport | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """One required number of approvals: ``count`` people as ``needed`` describes, and who of them has approved."""

    needed: str
    count: int
    met: bool
    approved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """The result of trying a move without making it.

    ``blockers`` lists everything that prevents the move. ``request`` is the number of an open request for it, if any.
    """

    model: str
    version: int
    from_stage: str
    to_stage: str
    scheme: SchemeRef
    tier: str
    allowed: bool
    blockers: tuple[str, ...] = ()
    gates: tuple[GateResult, ...] = ()
    approvals: tuple[Tally, ...] = ()
    request: int | None = None


@dataclass(frozen=True, slots=True)
class NextMove(DryRun):
    """A move that the scheme allows from where a version stands, tried without making it.

    ``way`` is ``call`` if you may make the move as soon as it is allowed, ``request`` if you must ask for it, None if
    you can do neither. ``automatic`` is True if the registry makes it by itself.
    """

    way: str | None = None
    automatic: bool = False
