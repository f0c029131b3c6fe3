"""Comparing versions over HTTP."""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.evidence.comparison_schemas import CompareVersions, ComparisonView
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.evidence.comparison import Comparison, EvaluationRow, Measure
from chalicelib.domain.versions.version import Version

routes = Routes("comparison")

_ROWS: Final = (
    "checks",
    "parameters",
    "provenance",
    "datasets",
    "requirements",
    "framework",
    "signature",
    "files",
)


@routes.get("/v1/models/{model}/compare", Action.READ, answers={200: ComparisonView})
def compare_model_versions(call: Call, model: str, query: CompareVersions) -> Answer:
    """Compare two to five versions, by number or @alias."""
    return Answer(
        comparison_document(model, registry.evidence.comparison.compare_versions(call.services, model, query.refs()))
    )


def comparison_document(model: str, made: Comparison) -> dict[str, Any]:
    return {
        "model": model,
        "versions": [_version(version) for version in made.versions],
        "metrics": _measures(made.metrics),
        "evaluations": [_evaluation(row) for row in made.evaluations],
        **{name: [{"name": row.name, "values": row.values} for row in getattr(made, name)] for name in _ROWS},
        "truncated": made.truncated,
    }


def _evaluation(row: EvaluationRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "kinds": row.kinds,
        "measured_at": row.measured_at,
        "datasets": row.datasets,
        "metrics": _measures(row.metrics),
        "slices": [{"group": part.group, "metrics": _measures(part.metrics)} for part in row.slices],
    }


def _measures(measures: Iterable[Measure]) -> list[dict[str, Any]]:
    return [{"name": one.name, "values": one.values, "differences": one.differences} for one in measures]


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
