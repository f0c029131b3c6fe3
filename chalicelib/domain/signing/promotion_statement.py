"""Promotion statements: what a move of a version was, for whoever does not ask the registry.

A statement is made of the move's event and of nothing else, so the same event always gives the same statement.
docs/guides/verifying.md documents the predicate.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.signing.dsse import STATEMENT_TYPE

PREDICATE_TYPE: Final = "urn:moorage:promotion/v1"
_GATE_FIELDS: Final = ("gate", "kind", "holds", "actual", "needed", "reason")
_EVENT_FIELDS: Final = ("ledger", "sequence", "id", "type", "time", "actor", "previous_hash", "hash")


def promotion_statement(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The in-toto statement about the move that an event tells of.

    None if the event is of another type, or moves an alias that is not protected.
    """
    if event["type"] not in event_types.MOVES:
        return None
    stage = event["type"] == event_types.VERSION_TRANSITIONED
    if not stage and not _is_protected(event, event["alias"]):
        return None
    model, version, digest = event["model"], event["version"], event["after"]["digest"]
    details = event["details"] or {}
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": f"{model}/{version}", "digest": {"sha256": digest}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "model": model,
            "version": version,
            "digest": digest,
            **(_stage_move(event) if stage else _alias_move(event)),
            "trigger": event["trigger"],
            "reason": event["reason"],
            "scheme": details.get("scheme"),
            "tier": details.get("tier"),
            "gates": [{name: gate[name] for name in _GATE_FIELDS} for gate in details.get("gates", ())],
            "overridden": list(details.get("overridden", ())),
            "request": details.get("request"),
            "approvals": list(_approvals(details)),
            "event": {name: event[name] for name in _EVENT_FIELDS},
        },
    }


def _stage_move(event: Mapping[str, Any]) -> dict[str, Any]:
    before, after = event["before"], event["after"]
    displaced = after.get("displaced")
    return {
        "from": {"stage": before["stage"]},
        "to": {"stage": after["stage"], "aliases": list(after.get("aliases", ()))},
        "displaced": None if displaced is None else {"version": displaced, "to": after["displaced_to"]},
    }


def _alias_move(event: Mapping[str, Any]) -> dict[str, Any]:
    before, alias = event["before"] or {}, event["alias"]
    # The event of a promoted challenger names each alias with its version; that of one alias has the version alone.
    former = before.get(alias if event["type"] == event_types.CHALLENGER_PROMOTED else "version")
    displaced = None if former in (None, event["version"]) else {"version": former, "to": None}
    return {"from": {"stage": None}, "to": {"stage": None, "aliases": [alias]}, "displaced": displaced}


def _is_protected(event: Mapping[str, Any], alias: str) -> bool:
    """Whether the alias was protected when the event moved it. Events of earlier releases do not tell."""
    told = (event.get("records") or {}).get(f"alias/{alias}") or {}
    return bool((told.get("new") or {}).get("protected"))


def _approvals(details: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Who approved, when, and the hash of all that it was given for. Of events of earlier releases, who is known."""
    votes = {vote["principal"]: vote for vote in details.get("votes", ())}
    for principal in details.get("approvals", ()):
        vote = votes.get(principal, {})
        yield {
            "principal": principal,
            "person": vote.get("person"),
            "at": vote.get("at"),
            "bound_to": vote.get("binding"),
        }
