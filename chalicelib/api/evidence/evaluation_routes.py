"""Evaluations of versions over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, whole_list
from chalicelib.api.document import ItemsView, PageView, Paging
from chalicelib.api.evidence.evaluation_schemas import (
    EvaluationSeries,
    EvaluationSeriesView,
    EvaluationView,
    RecordedEvaluationView,
    RecordEvaluation,
)
from chalicelib.api.evidence.presenters import evaluation_document, evaluation_series_document, recorded_document
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("evaluations")


@routes.get("/v1/models/{model}/versions/{version}/evaluations", Action.READ, answers={200: ItemsView[EvaluationView]})
def list_evaluations(call: Call, model: str, version: str) -> Answer:
    """List the latest evaluations of a version."""
    evaluations = registry.evidence.evaluations.list_evaluations(call.services, model, version)
    return whole_list(evaluations, evaluation_document)


@routes.put(
    "/v1/models/{model}/versions/{version}/evaluations/{evaluation}", Action.REPORT, answers={200: EvaluationView}
)
def record_evaluation(call: Call, model: str, version: str, evaluation: str, body: RecordEvaluation) -> Answer:
    """Record what was measured of a READY version."""
    recorded = registry.evidence.evaluations.record_evaluation(
        call.services, call.change(), model, version, evaluation, body.measurement()
    )
    return changed(recorded, evaluation_document, lambda named: named.entry.revision)


@routes.delete("/v1/models/{model}/versions/{version}/evaluations/{evaluation}", Action.REPORT, answers={204: None})
def withdraw_evaluation(call: Call, model: str, version: str, evaluation: str) -> Answer:
    """Withdraw an evaluation."""
    return gone(
        registry.evidence.evaluations.withdraw_evaluation(call.services, call.change(), model, version, evaluation)
    )


@routes.get(
    "/v1/models/{model}/versions/{version}/evaluations/{evaluation}/history",
    Action.READ,
    answers={200: PageView[RecordedEvaluationView]},
)
def list_evaluation_history(call: Call, model: str, version: str, evaluation: str, query: Paging) -> Answer:
    """List every evaluation that was recorded of a version under a name, newest first."""
    page = registry.evidence.evaluation_history.list_history(
        call.services, model, version, evaluation, query.limit, call.start(query)
    )
    return call.listing(page, recorded_document)


@routes.get("/v1/models/{model}/evaluations/{evaluation}/series", Action.READ, answers={200: EvaluationSeriesView})
def get_evaluation_series(call: Call, model: str, evaluation: str, query: EvaluationSeries) -> Answer:
    """Show metrics of the evaluations of a name over time."""
    series = registry.evidence.evaluation_history.get_evaluation_series(
        call.services, model, evaluation, query.names(), query.version, query.limit
    )
    return Answer(evaluation_series_document(model, evaluation, series))
