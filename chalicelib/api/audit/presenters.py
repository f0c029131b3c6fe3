"""Events, ledgers, anchors and usage as JSON documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.aws.audit.anchor_store import StoredAnchor
    from chalicelib.domain.audit.anchor import ChainHead
    from chalicelib.domain.audit.usage import Usage
    from chalicelib.domain.ledger.changes import FieldChange
    from chalicelib.registry.audit.anchors import AnchorLink
    from chalicelib.registry.audit.audit import Verification


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


def ledger_document(head: ChainHead) -> dict[str, Any]:
    return asdict(head)


def anchor_document(anchor: StoredAnchor) -> dict[str, Any]:
    return anchor._asdict()


def anchor_link_document(link: AnchorLink) -> dict[str, Any]:
    return asdict(link)


def usage_document(usage: Usage) -> dict[str, Any]:
    return asdict(usage)
