"""Targets, deployments and places as JSON documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib.domain.deployments import target_decisions

if TYPE_CHECKING:
    from chalicelib.domain.deployments.deployment import Deployment
    from chalicelib.domain.deployments.place import Serving
    from chalicelib.domain.deployments.target import Target
    from chalicelib.registry.deployments.places import PlaceNow, PlaceThen
    from chalicelib.registry.deployments.recalling import Recalled


def target_document(target: Target) -> dict[str, Any]:
    document = target_decisions.public_document(target)
    return {**document, "stage": target.stage or None, "alias": target.alias or None}


def deployment_document(deployment: Deployment) -> dict[str, Any]:
    return {
        "model": deployment.model,
        "number": deployment.number,
        "target": deployment.target,
        "kind": deployment.kind_name,
        "environment": deployment.environment,
        "version": deployment.version,
        "digest": deployment.digest,
        "status": deployment.status.value,
        "attempt": deployment.attempt,
        "cause": asdict(deployment.cause),
        "opened_at": deployment.opened_at,
        "opened_by": deployment.opened_by,
        "reason": deployment.reason,
        "waited_for": deployment.waited_for or None,
        "rolls_back": deployment.rolls_back or None,
        "rolled_back_by": deployment.rolled_back_by or None,
        "superseded_by": deployment.superseded_by or None,
        "started_at": deployment.started_at,
        "ended_at": deployment.ended_at,
        "reported_by": deployment.reported_by or None,
        "detail": deployment.detail,
        "links": dict(deployment.links),
        "correlation_id": deployment.correlation_id or None,
    }


def place_document(now: PlaceNow) -> dict[str, Any]:
    """A place. What the target said last is newer than what the ledger knows, unless a report came since."""
    place, said = now.place, now.heartbeat
    serving = None if place is None else place.serving
    if said is not None and (serving is None or said.seen_at >= serving.since):
        serving = said.serving
    return {
        "model": now.model,
        "target": now.target,
        "wanted": None if place is None else {"version": place.wanted, "digest": place.wanted_digest},
        "serving": None if serving is None else _serving_document(serving),
        "good": None if place is None or not place.good else {"version": place.good, "digest": place.good_digest},
        "active": (place and place.active) or None,
        "waiting": (place and place.waiting) or None,
        "last": None if place is None else place.last,
        "drifting": place is not None and place.drifts,
        "seen_at": None if said is None else said.seen_at,
    }


def place_then_document(then: PlaceThen) -> dict[str, Any]:
    return asdict(then)


def recalled_document(recalled: Recalled) -> dict[str, Any]:
    return {**asdict(recalled), "found": list(recalled.found)}


def _serving_document(serving: Serving) -> dict[str, Any]:
    return {"version": serving.version, "digest": serving.digest or None, "since": serving.since, "by": serving.by}
