"""Stages, transition requests and dry runs as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.promotion import transition_request

if TYPE_CHECKING:
    from chalicelib.domain.promotion.examination import Examination
    from chalicelib.domain.promotion.transition_request import TransitionRequest
    from chalicelib.registry.promotion.dry_runs import DryRun, NextMove
    from chalicelib.registry.promotion.inbox import Waiting
    from chalicelib.registry.promotion.requests import RequestExplanation
    from chalicelib.registry.promotion.stages import StageView


def stage_document(stage: StageView) -> dict[str, Any]:
    return {
        "name": stage.name,
        "exclusive": stage.exclusive,
        "protected": stage.protected,
        "next": list(stage.next),
        "version": stage.version,
    }


def request_document(request: TransitionRequest) -> dict[str, Any]:
    stored = transition_request.request_document(request)
    return {field: value for field, value in stored.items() if field != "revision"}


def dry_run_document(dry_run: DryRun) -> dict[str, Any]:
    return {
        "model": dry_run.version.model,
        "version": dry_run.version.number,
        "from_stage": dry_run.version.stage,
        "to_stage": dry_run.to_stage,
        "scheme": dry_run.scheme.ref.document(),
        "tier": dry_run.tier,
        "allowed": not dry_run.blockers,
        "blockers": list(dry_run.blockers),
        "gates": _gates(dry_run.examination),
        "approvals": _approvals(dry_run.examination),
        "request": dry_run.request,
    }


def next_move_document(move: NextMove) -> dict[str, Any]:
    return {
        **dry_run_document(move.dry_run),
        "way": None if move.way is None else move.way.value,
        "automatic": move.automatic,
    }


def request_explanation_document(explanation: RequestExplanation) -> dict[str, Any]:
    examination = explanation.examination
    return {
        "request": request_document(explanation.request),
        "scheme": explanation.scheme.ref.document(),
        "executable": not explanation.blockers,
        "blockers": list(explanation.blockers),
        "gates": _gates(examination),
        "approvals": _approvals(examination),
        "rejected_by": [] if examination is None else list(examination.approvals.rejected_by),
        "void_votes": [] if examination is None else list(examination.approvals.void),
    }


def waiting_document(waiting: Waiting) -> dict[str, Any]:
    explanation = waiting.explanation
    return {
        "request": request_document(explanation.request),
        "label": waiting.label,
        "waiting_for": list(waiting.waits_for),
        "approvals": _approvals(explanation.examination),
        "blockers": list(explanation.blockers),
    }


def _gates(examination: Examination | None) -> list[dict[str, Any]]:
    return [] if examination is None else [verdict.document() for verdict in examination.verdicts]


def _approvals(examination: Examination | None) -> list[dict[str, Any]]:
    if examination is None:
        return []
    return [
        {
            "needed": tally.needed.described(),
            "count": tally.needed.count,
            "approved_by": list(tally.approved_by),
            "met": tally.met,
        }
        for tally in examination.approvals.tallies
    ]
