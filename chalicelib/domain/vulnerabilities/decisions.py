"""Deciding about the vulnerabilities of a version: what was found anew, and what people state."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from chalicelib.domain.evidence.reporting import Reporting
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.statement import (
    Statement,
    StatementGiven,
    VexStatementNotFoundError,
    bounded,
    stated,
    vulnerability_id,
)

# What evidence rules and gates call what is said of a version's vulnerabilities.
CHECK: Final = "vulnerabilities"
# Ids that one event names.
_TOLD: Final = 100


def assess(
    model: Model, version: Version, present: Assessment, found: Matched, stamp: Stamp, trigger: Trigger
) -> Outcome[Assessment]:
    """Keep what an index says of a READY version. One that was current before that of the last match changes nothing.

    Its events name what was found and what was resolved; one that names nothing says only that newer data was looked
    at. Of a version without requirements, that is said once: no data has anything on it. A locked version is assessed
    too: that changes what is known of it, not the version.
    """
    number = ready(version).number
    last = present.matched
    if last is not None and (found == last or found.index < last.index or not found.requirements):
        return NoChange(present, str(number))
    before = frozenset() if last is None else last.ids
    about = {"index": found.sha256, "published_at": found.published_at}
    events = []
    if found.ids - before:
        new = _named(found.ids - before)
        events.append(EventDraft(event_types.VULNERABILITY_FOUND, None, new | about, number, trigger=trigger))
    if before - found.ids:
        gone = _named(before - found.ids)
        events.append(EventDraft(event_types.VULNERABILITY_RESOLVED, gone, about, number, trigger=trigger))
    if not events:
        events.append(EventDraft(event_types.VULNERABILITY_MATCHED, None, about, number, trigger=trigger))
    saved = replace(present, matched=found, matched_at=stamp.time)
    decision = decided(saved, model, events[-1], Put(saved), subject=str(number))
    return replace(decision, earlier=tuple(events[:-1]))


def state(
    model: Model,
    version: Version,
    present: Assessment,
    name: str,
    given: StatementGiven,
    stamp: Stamp,
    reporting: Reporting,
) -> Decision[Assessment]:
    """State how a READY version stands to a vulnerability, in place of what was stated of it before.

    The vulnerability need not have been found. Raises InvalidNameError, InvalidInputError, LimitExceededError, and
    ReporterRefusedError or SeparationOfDutiesError where the scheme's evidence rules of the check ``vulnerabilities``
    want somebody else.
    """
    vulnerability_id(name)
    check_not_locked(model, ready(version).number)
    reporter = reporting.checked(f"what is stated of {name} in {model.name!r}", version, stamp)
    saved = replace(present, statements=bounded({**present.statements, name: stated(given, reporter, stamp.time)}))
    before = present.statements.get(name)
    event = EventDraft(
        event_types.VULNERABILITY_STATED,
        None if before is None else _told(name, before),
        _told(name, saved.statements[name]),
        version=version.number,
    )
    return decided(saved, model, event, Put(saved), subject=str(version.number))


def unstate(
    model: Model, version: Version, present: Assessment, name: str, stamp: Stamp, reporting: Reporting
) -> Decision[None]:
    """Take back what was stated of a vulnerability. Its events stay. Raises VexStatementNotFoundError.

    Where the scheme's evidence rules say whose statements count, nobody else takes one back.
    """
    statement = existing(model.name, version.number, present, name)
    if reporting.expected.rules:
        reporting.checked(f"what is stated of {name} in {model.name!r}", version, stamp)
    check_not_locked(model, version.number)
    kept = {other: one for other, one in present.statements.items() if other != name}
    event = EventDraft(event_types.VULNERABILITY_UNSTATED, _told(name, statement), None, version=version.number)
    return decided(None, model, event, Put(replace(present, statements=kept)))


def existing(model: str, number: int, present: Assessment, name: str) -> Statement:
    """What was stated of a vulnerability. Raises VexStatementNotFoundError."""
    statement = present.statements.get(name)
    if statement is None:
        raise VexStatementNotFoundError(f"Nothing was stated of {name!r} for version {number} of {model!r}.")
    return statement


def _named(ids: Iterable[str]) -> dict[str, object]:
    listed = sorted(ids)
    return {"ids": listed[:_TOLD], "count": len(listed)}


def _told(name: str, statement: Statement) -> dict[str, object]:
    return {"id": name, **statement.document()}
