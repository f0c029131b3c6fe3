"""Logged models in the dialect. The use cases check that the caller owns the model or has a grant that reaches it."""

import json
from typing import Any, Final

from chalicelib.api.mlflow import paging
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.tracking_presenters import logged_model_document
from chalicelib.domain.mlflow.tracking.entities import ModelStatus
from chalicelib.domain.mlflow.tracking.search import Order, ordered, parsed
from chalicelib.registry.mlflow.tracking import logged_models, long_params, searching

# A Lambda function answers at most 6 MB.
_MAX_BYTES: Final = 4_000_000
# MLflow's own numbers of the statuses. Its clients may send them instead of the names.
_NUMBERED_STATUSES: Final = {1: ModelStatus.PENDING, 2: ModelStatus.READY, 3: ModelStatus.UPLOAD_FAILED}


def create(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    created = logged_models.create_logged_model(
        call.services,
        call.principal,
        given.required("experiment_id"),
        given.text("name") or "",
        given.text("source_run_id") or "",
        given.text("model_type") or "",
        given.pairs("params"),
        given.pairs("tags"),
    )
    return {"model": logged_model_document(created)}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    with_deleted = given.text_or_empty("allow_deleted").lower() == "true"
    model = logged_models.get_logged_model(call.services, call.principal, given.path["model_id"], with_deleted)
    return {"model": logged_model_document(model)}


def finalize(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    finished = logged_models.finish_logged_model(call.services, call.principal, given.path["model_id"], _status(given))
    return {"model": logged_model_document(finished)}


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    logged_models.delete_logged_model(call.services, call.principal, given.path["model_id"])
    return {}


def set_tags(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    logged_models.tag_logged_model(call.services, call.principal, given.path["model_id"], given.pairs("tags"))
    return {}


def delete_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    logged_models.untag_logged_model(call.services, call.principal, given.path["model_id"], given.path["tag_key"])
    return {}


def log_params(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    logged_models.log_params(call.services, call.principal, given.path["model_id"], given.pairs("params"))
    return {}


def search(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    experiments = given.texts("experiment_ids")
    if not experiments:
        raise invalid("Missing value for required parameter 'experiment_ids'.")
    limit = given.integer("max_results", 50)
    paging.check_limit(limit, 50_000)
    start = paging.start(call, given.text("page_token"))
    models = searching.search_logged_models(
        call.services, call.principal, experiments, parsed(given.text("filter") or ""), _orders(given)
    )
    whole = long_params.with_all_of_each(call.services, paging.rest(models, start, limit))
    page, next_start = paging.slice_of(map(logged_model_document, whole), start, len(models), _MAX_BYTES)
    return paging.listed("models", page, call.cursor(next_start))


def _orders(given: Parameters) -> list[Order]:
    orders = []
    for document in given.documents("order_by"):
        entry = Parameters(document)
        (order,) = ordered([entry.required("field_name")])
        orders.append(Order(order.kind, order.key, entry.flag("ascending", default=True)))
    return orders


def _status(given: Parameters) -> ModelStatus:
    if not given.has("status"):
        raise invalid("Missing value for required parameter 'status'.")
    name = given.text_or_empty("status")
    try:
        return ModelStatus(name) if name and not name.isdigit() else _NUMBERED_STATUSES[given.integer("status", 0)]
    except (ValueError, KeyError):
        raise invalid(f"Invalid value {json.dumps(name)} for parameter 'status' supplied.") from None
