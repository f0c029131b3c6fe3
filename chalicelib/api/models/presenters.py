"""Models as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.models.decisions import classified
from chalicelib.domain.schemes.promotion_rule import rule_document

if TYPE_CHECKING:
    from chalicelib.domain.models.decisions import ModelState
    from chalicelib.domain.models.model import Model
    from chalicelib.registry.models.listing import ListedModel


def listed_model_document(model: ListedModel) -> dict[str, Any]:
    return {
        "name": model.name,
        **model.profile.document(),
        "created_at": model.created_at,
        "created_by": model.created_by,
    }


def model_document(state: ModelState) -> dict[str, Any]:
    model = state.model
    return {
        "name": model.name,
        **state.profile.document(),
        "created_at": model.created_at,
        "created_by": model.created_by,
        "updated_at": model.updated_at,
        "revised_at": model.revised_at,
        "last_version": model.last_version,
        "versions": model.versions,
        "aliases": {name: alias.version for name, alias in model.aliases.items() if alias.version is not None},
        "stages": {
            name: {"version": stage.version} for name, stage in model.stages.items() if stage.version is not None
        },
        "protected_aliases": list(model.protected_aliases),
        "promotion_rule": None if model.rule is None else rule_document(model.rule),
        "scheme": model.scheme.document(),
        "tier": model.tier.value,
        **classified(model.classification),
        "retention": None if model.retention is None else model.retention.document(),
        "frozen": None if model.frozen is None else model.frozen.document(),
    }


def classification_document(model: Model) -> dict[str, Any]:
    return classified(model.classification)


def model_revision(state: ModelState) -> int:
    return state.model.head.revision
