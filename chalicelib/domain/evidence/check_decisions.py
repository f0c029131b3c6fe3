"""Reporting and withdrawing checks of a version."""

from dataclasses import dataclass

from chalicelib.domain import names
from chalicelib.domain.errors import CheckNotFoundError
from chalicelib.domain.evidence import check as bounds
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.latest import Checks
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What is reported of a check: ``expires_at`` or ``expires_in_days`` says how long it counts, neither: always."""

    passed: bool
    evidence: str | None = None
    details: str = ""
    expires_at: Instant | None = None
    expires_in_days: int | None = None


def report(
    model: Model, version: Version, present: Checks, name: str, given: CheckReport, stamp: Stamp
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
    before = present.by_name.get(name)
    latest = Checks(version.number, bounds.bounded({**present.by_name, name: check}))
    return decided(
        latest,
        model,
        EventDraft(
            event_types.CHECK_REPORTED,
            None if before is None else _event_fields(name, before),
            _event_fields(name, check),
            version=version.number,
        ),
        Put(latest),
        subject=str(version.number),
    ).map(lambda saved: saved.by_name[name])


def withdraw(model: Model, version: Version, present: Checks, name: str) -> Decision[None]:
    """Take the check ``name`` back. Raises CheckNotFoundError."""
    check = existing(version, present, name)
    check_not_locked(model, version.number)
    rest = {other: kept for other, kept in present.by_name.items() if other != name}
    return decided(
        None,
        model,
        EventDraft(event_types.CHECK_WITHDRAWN, _event_fields(name, check), None, version=version.number),
        Put(Checks(version.number, rest)),
    )


def existing(version: Version, present: Checks, name: str) -> Check:
    """The check of this name. Raises CheckNotFoundError."""
    check = present.by_name.get(name)
    if check is None:
        raise CheckNotFoundError(f"Version {version.number} of {version.model!r} has no check {name!r}.")
    return check


def _event_fields(name: str, check: Check) -> dict[str, object]:
    return {"check": name, **check.document()}
