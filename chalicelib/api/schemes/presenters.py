"""Promotion schemes and their simulations as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.models.model import Model
    from chalicelib.domain.promotion.simulation import Simulation
    from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
    from chalicelib.domain.schemes.saved_scheme import SavedScheme


def scheme_document(saved: SavedScheme) -> dict[str, Any]:
    return {
        "name": saved.document["name"],
        "version": saved.version,
        "builtin": saved.builtin,
        "saved_at": saved.saved_at,
        "saved_by": saved.saved_by,
        "document": dict(saved.document),
    }


def model_scheme_document(scheme: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": scheme["name"], "version": scheme["version"], "document": dict(scheme)}


def assigned_scheme_document(assigned: AssignedScheme) -> dict[str, Any]:
    return {**model_scheme_document(assigned.document), "follows": assigned.follows}


def tier_document(model: Model) -> dict[str, Any]:
    return {"tier": model.tier.value, "scheme": model.scheme.document()}


def simulation_document(simulation: Simulation) -> dict[str, Any]:
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
            "unjudged": [{"gate": one.gate, "reason": one.reason} for one in move.unjudged],
        }
        for move in simulation.moves
    ]
    refused = sum(1 for move in simulation.moves if move.blockers)
    return {"model": simulation.model, "moves": moves, "refused": refused, "complete": simulation.complete}
