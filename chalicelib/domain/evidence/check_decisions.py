"""Reporting and withdrawing checks of a version."""

from dataclasses import dataclass
from typing import Final

from chalicelib.domain import names
from chalicelib.domain.errors import CheckNotFoundError
from chalicelib.domain.evidence import check as bounds
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.kind import EvidenceKind
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version

CHECKS: Final = EvidenceKind(
    "check", event_types.CHECK_REPORTED, event_types.CHECK_WITHDRAWN, CheckNotFoundError, Check.document
)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What is reported of a check: ``expires_at`` or ``expires_in_days`` says how long it counts, neither: always."""

    passed: bool
    evidence: str | None = None
    details: str = ""
    expires_at: Instant | None = None
    expires_in_days: int | None = None


def report(
    model: Model, version: Version, present: Latest[Check], name: str, given: CheckReport, stamp: Stamp
) -> Decision[Check]:
    """Put the latest verdict of the check ``name`` in the place of the one before.

    READY versions only: a verdict is on bytes, and those of a PENDING version are not proved and may yet change.
    Each report is an event, even one that says the same again: that it was looked at anew is what counts.
    """
    names.check_name(name)
    check_not_locked(model, ready(version).number)
    check = Check(
        passed=given.passed,
        evidence=None if given.evidence is None else bounds.evidence(given.evidence),
        expires_at=bounds.expiry(stamp.time, given.expires_at, given.expires_in_days),
        reported_at=stamp.time,
        reported_by=stamp.actor,
        details=bounds.details(given.details),
    )
    latest = Checks(version.number, bounds.bounded({**present.by_name, name: check}))
    return CHECKS.record(model, version, present, name, latest)
