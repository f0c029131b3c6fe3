"""Schemes, requests and what gates found, as the JSON documents that answers carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.domain.promotion.transition_request import request_document

if TYPE_CHECKING:
    from chalicelib.domain.models.model import Model
    from chalicelib.domain.promotion.examination import Examination
    from chalicelib.domain.promotion.simulation import Simulation
    from chalicelib.domain.promotion.transition_request import TransitionRequest
    from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
    from chalicelib.domain.schemes.saved_scheme import SavedScheme
    from chalicelib.registry.promotion.requests import RequestExplanation
    from chalicelib.registry.promotion.stages import DryRun


def scheme(saved: SavedScheme) -> dict[str, Any]:
    return {
        "name": saved.document["name"],
        "version": saved.version,
        "builtin": saved.builtin,
        "saved_at": saved.saved_at,
        "saved_by": saved.saved_by,
        "document": dict(saved.document),
    }


def scheme_revision(saved: SavedScheme) -> int:
    return saved.revision


def model_scheme(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": document["name"], "version": document["version"], "document": dict(document)}


def assigned_scheme(assigned: AssignedScheme) -> dict[str, Any]:
    return {**model_scheme(assigned.document), "follows": assigned.follows}


def tier(model: Model) -> dict[str, Any]:
    return {"tier": model.tier.value, "scheme": model.scheme.document()}


def request(asked: TransitionRequest) -> dict[str, Any]:
    return {field: value for field, value in request_document(asked).items() if field != "revision"}


def request_revision(asked: TransitionRequest) -> int:
    return asked.revision


def dry_run(found: DryRun) -> dict[str, Any]:
    return {
        "model": found.version.model,
        "version": found.version.number,
        "from_stage": found.version.stage,
        "to_stage": found.to_stage,
        "scheme": found.scheme.ref.document(),
        "tier": found.tier,
        "allowed": not found.blockers,
        "blockers": list(found.blockers),
        "gates": _gates(found.examination),
        "approvals": _approvals(found.examination),
        "request": found.request,
    }


def request_standing(found: RequestExplanation) -> dict[str, Any]:
    standing = None if found.examination is None else found.examination.standing
    return {
        "request": request(found.request),
        "scheme": found.scheme.ref.document(),
        "executable": not found.blockers,
        "blockers": list(found.blockers),
        "gates": _gates(found.examination),
        "approvals": _approvals(found.examination),
        "rejected_by": [] if standing is None else list(standing.rejected_by),
        "void_votes": [] if standing is None else list(standing.void),
    }


def simulation(found: Simulation) -> dict[str, Any]:
    moves = [
        {
            "sequence": move.sequence,
            "time": move.time,
            "actor": move.actor,
            "version": move.version,
            "from_stage": move.from_stage,
            "to_stage": move.to_stage,
            "trigger": move.trigger,
            "allowed": not move.blockers,
            "blockers": list(move.blockers),
        }
        for move in found.moves
    ]
    refused = sum(1 for move in found.moves if move.blockers)
    return {"model": found.model, "moves": moves, "refused": refused, "complete": found.complete}


def _gates(found: Examination | None) -> list[dict[str, Any]]:
    return [] if found is None else [verdict.document() for verdict in found.verdicts]


def _approvals(found: Examination | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    return [
        {
            "needed": tally.needed.described(),
            "count": tally.needed.count,
            "approved_by": list(tally.approved_by),
            "met": tally.met,
        }
        for tally in found.standing.tallies
    ]
