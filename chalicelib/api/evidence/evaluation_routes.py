"""Evaluations of versions over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, whole_list
from chalicelib.api.document import ItemsView
from chalicelib.api.evidence.evaluation_schemas import EvaluationView, RecordEvaluation
from chalicelib.api.evidence.presenters import evaluation_document
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
