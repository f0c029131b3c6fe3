"""Overviews as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api.evidence.presenters import check_document, evaluation_document, metric_row_documents, row_documents
from chalicelib.api.models.presenters import model_document, model_revision
from chalicelib.api.versions.presenters import version_document, version_summary_document

if TYPE_CHECKING:
    from chalicelib.domain.evidence.comparison import Differences
    from chalicelib.domain.instants import Instant
    from chalicelib.domain.overviews.card_summary import CardSummary
    from chalicelib.domain.promotion.transition_request import TransitionRequest
    from chalicelib.registry.overviews.model_overview import ModelOverview, StageOverview
    from chalicelib.registry.overviews.version_overview import VersionOverview


def model_overview_document(overview: ModelOverview) -> dict[str, Any]:
    contest = overview.contest
    return {
        "model": model_document(overview.state),
        "locked": list(overview.state.model.locked),
        "stages": [_stage(stage) for stage in overview.stages],
        "champion": version_summary_document(contest.champion),
        "challenger": version_summary_document(contest.challenger),
        "differences": _differences(contest.differences),
        "requests": [_request(request) for request in overview.requests],
        "card": _card(overview.card),
        "directions": dict(overview.directions),
        "monitors": [
            {"name": name, "verdict": health.verdict, "version": health.version, "since": health.since}
            for name, health in sorted(overview.state.model.monitors.items())
        ],
    }


def model_overview_revision(overview: ModelOverview) -> int:
    return model_revision(overview.state)


def version_overview_document(overview: VersionOverview, now: Instant) -> dict[str, Any]:
    base = overview.base
    return {
        "version": version_document(overview.version),
        "checks": [check_document(named, now) for named in overview.checks],
        "evaluations": [evaluation_document(named) for named in overview.evaluations],
        "compared_to": None
        if base is None
        else {"pointer": base.pointer, "version": version_summary_document(base.version)},
        "differences": None if base is None else _differences(base.differences),
        "requests": [_request(request) for request in overview.requests],
        "directions": dict(overview.directions),
    }


def _differences(differences: Differences | None) -> dict[str, Any] | None:
    if differences is None:
        return None
    return {
        "metrics": metric_row_documents(differences.metrics),
        "parameters": row_documents(differences.parameters),
    }


def _stage(overview: StageOverview) -> dict[str, Any]:
    stage = overview.stage
    return {
        "name": stage.name,
        "description": stage.description,
        "exclusive": stage.exclusive,
        "protected": stage.protected,
        "terminal": stage.terminal,
        "holding": stage.holding,
        "aliases": list(stage.aliases),
        "next": list(overview.next),
        "count": overview.count,
        "version": overview.holder,
        "versions": [version_summary_document(version) for version in overview.versions],
    }


def _request(request: TransitionRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "version": request.version,
        "from_stage": request.from_stage,
        "to_stage": request.to_stage,
        "state": request.state.value,
        "requested_by": request.requested_by,
        "requested_at": request.requested_at,
        "reason": request.reason,
        "due_at": request.due_at,
        "reviewers": list(request.reviewers),
        # Without reasons: with them, the votes of fifty requests can be too long for one answer.
        "votes": [
            {"principal": vote.principal, "approve": vote.approve, "at": vote.at, "void": vote.void}
            for vote in request.votes
        ],
    }


def _card(summary: CardSummary) -> dict[str, Any]:
    return {
        "revision": summary.card.revision,
        "updated_at": summary.card.updated_at,
        "updated_by": summary.card.updated_by,
        "introduction": summary.introduction,
        "introduction_cut": summary.cut,
        "sections": [
            {"name": section.name, "characters": section.characters, "needed": section.needed}
            for section in summary.sections
        ],
    }
