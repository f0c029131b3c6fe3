"""Comparisons of versions over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.evidence.comparison_schemas import CompareVersions, ComparisonView
from chalicelib.api.evidence.presenters import comparison_document
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("comparison")


@routes.get("/v1/models/{model}/compare", Action.READ, answers={200: ComparisonView})
def compare_model_versions(call: Call, model: str, query: CompareVersions) -> Answer:
    """Compare two to five versions, by number or @alias."""
    comparison = registry.evidence.comparison.compare_versions(call.services, model, query.refs())
    return Answer(comparison_document(model, comparison))
