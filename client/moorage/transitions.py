"""What the gates and approvals of a move find."""

from dataclasses import dataclass
from typing import Any

from moorage.results import SchemeRef


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate found: ``actual`` is what is there, ``needed`` what would satisfy it."""

    gate: str
    holds: bool
    needed: str
    reason: str
    actual: Any = None


@dataclass(frozen=True, slots=True)
class Tally:
    """A requirement of approvals, and who of the voters fills it."""

    needed: str
    count: int
    met: bool
    approved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a move would meet now. ``blockers`` is everything in the way; ``request`` asks for the move already."""

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
