"""Versions and models as a search sees them."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search.entries import run_id, searchable_metrics
from chalicelib.domain.search.evaluation import Record
from chalicelib.domain.versions.version import Version

_NOTHING: Final[Mapping[str, Any]] = {}


def version_record(version: Version) -> Record:
    """``author`` is who the version says made it, or else who registered it."""
    described = version.description
    provenance = described.provenance
    return {
        "name": version.model,
        "version": version.number,
        "label": described.label,
        "description": described.description or None,
        "stage": version.stage,
        "status": version.status.value,
        "alias": version.aliases,
        "author": provenance.get("author") or version.created_by,
        "created_by": version.created_by,
        "created_at": version.created_at,
        "updated_at": version.revised_at,
        "run_id": run_id(version),
        "framework": (described.framework or _NOTHING).get("name"),
        "source_commit": _inner(provenance, "source").get("commit"),
        "source": _inner(provenance, "artifact_source").get("uri"),
        "tags": described.tags,
        "metadata": described.metadata,
        "parameters": described.parameters,
        "metrics": searchable_metrics(version),
    }


def model_record(state: ModelState) -> Record:
    """``stage``: those in which some version stands."""
    model, profile = state.model, state.profile
    return {
        "name": model.name,
        "description": profile.description or None,
        "owner": profile.owner or None,
        "tags": profile.tags,
        "metadata": profile.metadata,
        "alias": tuple(name for name, pointer in model.aliases.items() if pointer.version is not None),
        "stage": tuple(model.standing),
        "created_at": model.created_at,
        "created_by": model.created_by,
        "updated_at": model.revised_at,
    }


def _inner(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return document.get(name) or _NOTHING
