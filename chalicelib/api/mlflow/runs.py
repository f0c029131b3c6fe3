"""Runs in the dialect. The registry's use cases check that the run is the caller's, or that a grant reaches it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api.mlflow import paging, tracking_view
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.mlflow.tracking.entities import DatasetInput, Metric, Output, RunStatus
from chalicelib.domain.mlflow.tracking.search import ordered, parsed
from chalicelib.registry.mlflow.tracking import runs, searching

_MOST_FOUND: Final = 50_000
_MOST_POINTS: Final = 10_000
# A function answers 6 MB.
_MOST_BYTES: Final = 4_000_000


def create(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    created = runs.create_run(
        call.services,
        call.principal,
        given.text("experiment_id") or "",
        given.text("run_name") or "",
        given.text("user_id") or "",
        given.integer("start_time", 0),
        given.pairs("tags"),
    )
    return {"run": tracking_view.run(created)}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    return {"run": tracking_view.run(runs.get_run(call.services, call.principal, _run_id(given)))}


def update(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    updated = runs.update_run(
        call.services,
        call.principal,
        _run_id(given),
        _status(given),
        given.integer("end_time", 0) if given.has("end_time") else None,
        given.text("run_name"),
    )
    return {"run_info": tracking_view.run_info(updated)}


def log_metric(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.required("key")
    runs.log(call.services, call.principal, _run_id(given), metrics=[_metric(given, "")])
    return {}


def log_parameter(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    param = (given.required("key"), given.text("value") or "")
    runs.log(call.services, call.principal, _run_id(given), params=[param])
    return {}


def set_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    tag = (given.required("key"), given.text("value") or "")
    runs.log(call.services, call.principal, _run_id(given), tags=[tag])
    return {}


def delete_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    runs.delete_tag(call.services, call.principal, _run_id(given), given.required("key"))
    return {}


def log_batch(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    runs.log(
        call.services,
        call.principal,
        given.required("run_id"),
        [_metric(Parameters(one), f"metrics[{at}].") for at, one in enumerate(given.documents("metrics"))],
        _pairs(given, "params"),
        _pairs(given, "tags"),
    )
    return {}


def log_inputs(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    datasets = [_dataset(one) for one in given.documents("datasets")]
    models = [Parameters(one).required("model_id") for one in given.documents("models")]
    runs.log_inputs(call.services, call.principal, given.required("run_id"), datasets, models)
    return {}


def log_outputs(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    said = [Parameters(one) for one in given.documents("models")]
    outputs = [Output(one.required("model_id"), one.integer("step", 0)) for one in said]
    runs.log_outputs(call.services, call.principal, given.required("run_id"), outputs)
    return {}


def log_model(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """What clients before 3.0 say after they have logged a model under a run."""
    runs.log_model_of_old(call.services, call.principal, given.required("run_id"), given.required("model_json"))
    return {}


def search(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    limit = given.integer("max_results", 1_000)
    paging.check_limit(limit, _MOST_FOUND)
    start = paging.start(call, given.text("page_token"))
    found = []
    if given.said("run_view_type") != "DELETED_ONLY":
        found = searching.search_runs(
            call.services,
            call.principal,
            given.texts("experiment_ids"),
            parsed(given.text("filter") or ""),
            ordered(given.texts("order_by")),
        )
    shown, position = paging.slice_of([tracking_view.run(one) for one in found], start, limit, _MOST_BYTES)
    return paging.listed("runs", shown, call.cursor(position))


def metric_history(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    limit = given.integer("max_results", _MOST_POINTS) if given.has("max_results") else _MOST_POINTS
    if limit <= 0:
        raise invalid(f"Invalid value {limit} for parameter 'max_results' supplied. It must be a positive integer.")
    start = paging.start(call, given.text("page_token"))
    run_id, key = _run_id(given), given.required("metric_key")
    after = None if start is None else str(start["after"])
    points, last = runs.metric_history(call.services, call.principal, run_id, key, min(limit, _MOST_POINTS), after)
    shown = [tracking_view.metric(point, run_id) for point in points]
    return paging.listed("metrics", shown, call.cursor(None if last is None else {"after": last}))


def _run_id(given: Parameters) -> str:
    # Clients send both names; old ones only the second.
    return given.text("run_uuid") or given.required("run_id") if not given.has("run_id") else given.required("run_id")


def _status(given: Parameters) -> RunStatus | None:
    said = given.text("status")
    if not said:
        return None
    try:
        return RunStatus(said)
    except ValueError:
        raise invalid(f"Invalid value {json.dumps(said)} for parameter 'status' supplied.") from None


def _metric(one: Parameters, pointer: str) -> Metric:
    for name in ("key", "value", "timestamp"):
        if not one.has(name):
            raise invalid(f"Missing value for required parameter '{pointer}{name}'.")
    return Metric(
        one.required("key"),
        one.number("value"),
        one.integer("timestamp", 0),
        one.integer("step", 0),
        one.text("model_id") or None,
        one.text("dataset_name") or None,
        one.text("dataset_digest") or None,
    )


def _pairs(given: Parameters, name: str) -> list[tuple[str, str]]:
    pairs = []
    for at, one in enumerate(given.documents(name)):
        said = Parameters(one)
        if not said.text("key"):
            raise invalid(f"Missing value for required parameter '{name}[{at}].key'.")
        pairs.append((said.required("key"), said.text("value") or ""))
    return pairs


def _dataset(one: Mapping[str, Any]) -> DatasetInput:
    dataset = one.get("dataset")
    if not isinstance(dataset, dict):
        raise invalid("Missing value for required parameter 'dataset'.")
    said = Parameters(dataset)
    return DatasetInput(
        said.required("name"),
        said.required("digest"),
        said.text("source_type") or "",
        Parameters(one).pairs("tags"),
        said.text("source"),
        said.text("schema"),
        said.text("profile"),
    )
