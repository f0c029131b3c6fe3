"""Events: one or more a commit, numbered without gaps and chained by hash within a ledger.

A ledger is a model's sequence of events (``model:<name>``) or the registry's own (``registry``: who may do
what, webhooks).
The hash of an event is the SHA-256 of the canonical JSON of the whole event without its ``hash``; it includes
``previous_hash``, the hash of the event before, so that no event can be changed, dropped or inserted unseen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.instants import Instant

GENESIS: Final = "0" * 64
REGISTRY_LEDGER: Final = "registry"
SCHEMA_VERSION: Final = 1


class Trigger(StrEnum):
    """What set a change off: a caller's request, a rule, a roll-back, the keeper's schedule, broken glass."""

    REQUEST = "request"
    RULE = "rule"
    ROLLBACK = "rollback"
    KEEPER = "keeper"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a ledger: how many events it has, and the id, hash and time of the last."""

    revision: int = 0
    hash: str = GENESIS
    event_id: str = ""
    time: Instant = Instant("")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who asks for a change, when, and in which request: what a commit puts on everything that it writes.

    ``event_id`` is a hexadecimal number, fresh for every event. ``time`` is never before that of the ledger's last
    event, even if two writers' clocks differ. ``revision`` is the ledger's after the event: its sequence number.
    ``person`` is who acts, if that is somebody else than ``actor`` says. ``correlation_id`` is the same for a request
    and for all that follows from it.
    """

    actor: str
    request_id: str
    event_id: str
    time: Instant
    revision: int
    person: str = ""
    correlation_id: str = ""

    def next(self) -> "Stamp":
        """The stamp of the next event of the same commit. Its id is the next number, so it sorts after this one's."""
        event_id = f"{int(self.event_id, 16) + 1:0{len(self.event_id)}x}"
        return replace(self, event_id=event_id, revision=self.revision + 1)


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What a decision says has happened. Committing makes an event of it.

    ``before`` and ``after`` hold the fields that changed: ``before`` is None for something created, ``after`` for
    something deleted. ``subject`` is the id of a token, a webhook, a request or a comment. ``details`` say why it was
    allowed: the scheme, the request, the approvals, the gates that held. The history of a moved pointer keeps them.
    ``correlation_id`` is that of what the event goes on with, if that is not the request that makes it.
    """

    type: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    version: int | None = None
    alias: str | None = None
    subject: str | None = None
    trigger: Trigger = Trigger.REQUEST
    reason: str | None = None
    details: Mapping[str, Any] | None = None
    correlation_id: str = ""


def model_ledger(name: str) -> str:
    return f"model:{name}"


def chain(
    ledger: str, head: Head, happening: EventDraft, stamp: Stamp, records: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The event that follows ``head``, as the JSON document that is stored, sent and hashed.

    ``records`` is what the commit saves, as ``domain/ledger/facts.py`` says it. Events of earlier releases lack it, and
    ``correlation_id`` too.
    """
    event: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "id": stamp.event_id,
        "ledger": ledger,
        "sequence": head.revision + 1,
        "type": happening.type,
        "time": stamp.time,
        "actor": stamp.actor,
        "request_id": stamp.request_id,
        "correlation_id": happening.correlation_id or stamp.correlation_id,
        "model": ledger.removeprefix("model:") if ledger != REGISTRY_LEDGER else None,
        "version": happening.version,
        "alias": happening.alias,
        "subject": happening.subject,
        "trigger": happening.trigger.value,
        "reason": happening.reason,
        "details": happening.details,
        "before": happening.before,
        "after": happening.after,
        "records": dict(records or {}),
        "previous_hash": head.hash,
    }
    return {**event, "hash": event_hash(event)}


def head_of(event: Mapping[str, Any]) -> Head:
    """The end of a ledger whose last event this is."""
    return Head(event["sequence"], event["hash"], event["id"], event["time"])


def correlation_of(event: Mapping[str, Any]) -> str:
    """What an event belongs to. An event of an earlier release begins something of its own."""
    return str(event.get("correlation_id") or event["request_id"])


def event_hash(event: Mapping[str, Any]) -> str:
    return sha256_hex(canonical_json({key: value for key, value in event.items() if key != "hash"}))


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain does not hold."""

    sequence: int
    reason: str


def verify_chain(ledger: str, events: Iterable[Mapping[str, Any]], after: int, previous_hash: str) -> Fault | None:
    """The first fault of the events that should follow event ``after`` of a ledger, whose hash is ``previous_hash``."""
    expected = after + 1
    for event in events:
        if event["sequence"] != expected:
            return Fault(expected, f"event {expected} is missing: found {event['sequence']} in its place")
        if event["ledger"] != ledger:
            return Fault(expected, f"the event belongs to the ledger {event['ledger']!r}, not to {ledger!r}")
        if event["previous_hash"] != previous_hash:
            return Fault(expected, "previous_hash is not the hash of the event before")
        if event["hash"] != event_hash(event):
            return Fault(expected, "the hash does not match the content")
        previous_hash = event["hash"]
        expected += 1
    return None
