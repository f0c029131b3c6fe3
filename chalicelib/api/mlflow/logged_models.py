"""Logged models in the dialect. The use cases check that the model is the caller's, or that a grant reaches it."""

import json
from typing import Any, Final

from chalicelib.api.mlflow import paging, tracking_view
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.mlflow.tracking.entities import ModelStatus
from chalicelib.domain.mlflow.tracking.search import Order, ordered, parsed
from chalicelib.registry.mlflow.tracking import logged_models, searching

_MOST_BYTES: Final = 4_000_000
# MLflow's own numbers of the statuses, which its clients may send too.
_NUMBERS: Final = {1: ModelStatus.PENDING, 2: ModelStatus.READY, 3: ModelStatus.UPLOAD_FAILED}


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
    return {"model": tracking_view.logged_model(created)}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    deleted = given.said("allow_deleted").lower() == "true"
    found = logged_models.get_logged_model(call.services, call.principal, given.path["model_id"], deleted)
    return {"model": tracking_view.logged_model(found)}


def finalize(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    finished = logged_models.finish_logged_model(call.services, call.principal, given.path["model_id"], _status(given))
    return {"model": tracking_view.logged_model(finished)}


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
    found = searching.search_logged_models(
        call.services, call.principal, experiments, parsed(given.text("filter") or ""), _orders(given)
    )
    shown, position = paging.slice_of([tracking_view.logged_model(one) for one in found], start, limit, _MOST_BYTES)
    return paging.listed("models", shown, call.cursor(position))


def _orders(given: Parameters) -> list[Order]:
    orders = []
    for one in given.documents("order_by"):
        said = Parameters(one)
        (order,) = ordered([said.required("field_name")])
        orders.append(Order(order.kind, order.key, said.flag("ascending", default=True)))
    return orders


def _status(given: Parameters) -> ModelStatus:
    if not given.has("status"):
        raise invalid("Missing value for required parameter 'status'.")
    said = given.said("status")
    try:
        return ModelStatus(said) if said and not said.isdigit() else _NUMBERS[given.integer("status", 0)]
    except (ValueError, KeyError):
        raise invalid(f"Invalid value {json.dumps(said)} for parameter 'status' supplied.") from None
