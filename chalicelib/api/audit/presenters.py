"""Events, ledgers, anchors and usage as JSON documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.aws.audit.anchor_store import StoredAnchor
    from chalicelib.domain.audit.anchor import ChainHead
    from chalicelib.domain.audit.state import Stored
    from chalicelib.domain.audit.usage import Usage
    from chalicelib.domain.ledger.changes import FieldChange
    from chalicelib.domain.ledger.rebuilding import Rebuilt
    from chalicelib.registry.audit.anchors import AnchorLink
    from chalicelib.registry.audit.audit import Verification
    from chalicelib.registry.audit.stored_bytes import FileBytes


def change_document(change: FieldChange) -> dict[str, Any]:
    event = change.event
    return {
        "sequence": event["sequence"],
        "event_id": event["id"],
        **{name: event[name] for name in ("type", "time", "actor", "trigger", "reason")},
        "version": change.version,
        "field": change.field,
        "before": change.before,
        "after": change.after,
    }


def verification_document(verification: Verification) -> dict[str, Any]:
    fault = verification.fault
    return {
        "ledger": verification.ledger,
        "checked": verification.checked,
        "from_sequence": verification.from_sequence,
        "through_sequence": verification.through_sequence,
        "head_hash": verification.head_hash,
        "complete": verification.complete,
        "intact": fault is None,
        "fault": None if fault is None else {"sequence": fault.sequence, "reason": fault.reason},
    }


def told_document(verification: Verification, told: Rebuilt) -> dict[str, Any]:
    """A verification with what its events tell of the state."""
    facts = {place: known.document() for place, known in told.places.items()}
    return {**verification_document(verification), "facts": facts, "proven": told.proven}


def stored_document(stored: Stored) -> dict[str, Any]:
    return asdict(stored)


def file_bytes_document(file: FileBytes) -> dict[str, Any]:
    return asdict(file)


def ledger_document(head: ChainHead) -> dict[str, Any]:
    return asdict(head)


def anchor_document(anchor: StoredAnchor) -> dict[str, Any]:
    return anchor._asdict()


def anchor_link_document(link: AnchorLink) -> dict[str, Any]:
    return asdict(link)


def usage_document(usage: Usage) -> dict[str, Any]:
    return asdict(usage)
