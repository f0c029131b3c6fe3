"""Opening, reporting and withdrawing checks of a version."""

from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain import names
from chalicelib.domain.errors import CheckNotFoundError
from chalicelib.domain.evidence import check as bounds
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.kind import EvidenceKind
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.evidence.reporting import ANYBODY, Reporting
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp, Trigger
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


@dataclass(frozen=True, slots=True)
class CheckOpening:
    """What is awaited: ``due_at`` or ``due_in_minutes`` says how long, neither: a day. ``link`` is where it runs."""

    link: str | None = None
    due_at: Instant | None = None
    due_in_minutes: int | None = None


def open_check(
    model: Model,
    version: Version,
    present: Latest[Check],
    name: str,
    given: CheckOpening,
    stamp: Stamp,
    trigger: Trigger = Trigger.REQUEST,
    reason: str | None = None,
) -> Decision[Check]:
    """Await a report of the check ``name``. The last report stays on record, but does not count until a new one comes.

    A check that is pending already is extended: it keeps since when it is, and gets the new deadline, and the new link
    if there is one. That is an event of another type, so that what ``check.opened`` starts is not started twice.
    READY versions only, as for reports.
    """
    names.check_name(name)
    check_not_locked(model, ready(version).number)
    last = present.by_name.get(name) or Check(False, None, None, None, None)
    extended = last.pending(stamp.time)
    link = None if given.link is None else bounds.link(given.link)
    check = replace(
        last,
        opened_at=last.opened_at if extended else stamp.time,
        opened_by=last.opened_by if extended else stamp.actor,
        due_at=bounds.due(stamp.time, given.due_at, given.due_in_minutes),
        link=link or (last.link if extended else None),
    )
    latest = Checks(version.number, bounds.bounded({**present.by_name, name: check}))
    event_type = event_types.CHECK_EXTENDED if extended else event_types.CHECK_OPENED
    return CHECKS.record(model, version, present, name, latest, event_type, trigger, reason)


def report(
    model: Model,
    version: Version,
    present: Latest[Check],
    name: str,
    given: CheckReport,
    stamp: Stamp,
    reporting: Reporting = ANYBODY,
) -> Decision[Check]:
    """Put the latest verdict of the check ``name`` in the place of the one before, and end the wait for it.

    ``reporting`` says whose reports count. Raises ReporterRefusedError, SeparationOfDutiesError.

    READY versions only: a verdict is on bytes, and those of a PENDING version are not proved and may yet change.
    Each report is an event, even one that says the same again: that it was looked at anew is what counts. One that
    comes after the deadline counts too: it is a verdict on the same bytes.
    """
    names.check_name(name)
    reporter = reporting.checked(f"the check {name!r} of {model.name!r}", version, stamp)
    check_not_locked(model, ready(version).number)
    check = Check(
        passed=given.passed,
        evidence=None if given.evidence is None else bounds.evidence(given.evidence),
        expires_at=bounds.expiry(stamp.time, given.expires_at, given.expires_in_days),
        reported_at=stamp.time,
        reported_by=stamp.actor,
        person=reporter.person,
        roles=reporter.roles,
        claims=reporter.claims,
        details=bounds.details(given.details),
    )
    latest = Checks(version.number, bounds.bounded({**present.by_name, name: check}))
    return CHECKS.record(model, version, present, name, latest)
