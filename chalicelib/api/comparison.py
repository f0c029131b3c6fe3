"""Comparing versions over HTTP."""

from dataclasses import asdict
from typing import Any

from chalicelib.api.call import Answer, Call
from chalicelib.api.route import Routes
from chalicelib.api.schemas.comparison import CompareVersions, ComparisonView
from chalicelib.domain.access import Action
from chalicelib.domain.comparison import Comparison
from chalicelib.domain.version import Version
from chalicelib.registry.comparison import compare_versions

routes = Routes(__name__)


@routes.get("/v1/models/{model}/compare", Action.READ, answers={200: ComparisonView})
def compare_model_versions(call: Call, model: str, query: CompareVersions) -> Answer:
    """Compare two to five versions, by number or @alias."""
    return Answer(comparison_document(model, compare_versions(call.services, model, query.refs())))


def comparison_document(model: str, made: Comparison) -> dict[str, Any]:
    sections = {name: getattr(made, name) for name in Comparison.__dataclass_fields__ if name not in _OF_ITS_OWN}
    return {
        "model": model,
        "versions": [_version(version) for version in made.versions],
        **{name: [asdict(row) for row in rows] for name, rows in sections.items()},
        "truncated": list(made.truncated),
    }


_OF_ITS_OWN = frozenset({"versions", "truncated"})


def _version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "label": version.description.label,
        "status": version.status.value,
        "stage": version.stage,
        "aliases": list(version.aliases),
        "digest": version.digest,
        "file_count": version.file_count,
        "total_size": version.total_size,
        "created_at": version.created_at,
        "created_by": version.created_by,
    }
