"""Aliases, their past positions and the challenger as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api.evidence.presenters import comparison_document

if TYPE_CHECKING:
    from chalicelib.registry.aliases.aliases import AliasView, Protection
    from chalicelib.registry.aliases.challengers import ChallengerComparison
    from chalicelib.registry.audit.history import PointerAt
    from chalicelib.registry.audit.past import ModelAt


def alias_document(alias: AliasView) -> dict[str, Any]:
    return {
        "alias": alias.alias,
        "model": alias.model,
        "version": alias.version,
        "updated_at": alias.updated_at,
        "updated_by": alias.updated_by,
        "protected": alias.protected,
    }


def protection_document(protection: Protection) -> dict[str, Any]:
    return {"alias": protection.alias, "model": protection.model, "protected": protection.protected}


def pointer_document(pointer: PointerAt) -> dict[str, Any]:
    return {"pointer": pointer.pointer, "time": pointer.time, "version": pointer.version, "move": pointer.move}


def model_at_document(at: ModelAt) -> dict[str, Any]:
    return {"model": at.model, **pointer_document(at.pointer)}


def challenger_document(contest: ChallengerComparison) -> dict[str, Any]:
    comparison = contest.comparison
    return {
        "model": contest.model,
        "champion": contest.champion,
        "challenger": contest.challenger,
        "comparison": None if comparison is None else comparison_document(contest.model, comparison),
    }
