"""Runs in the dialect. The use cases check that the caller owns the run or has a grant that reaches it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api.mlflow import naming, paging
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.tracking_presenters import metric_document, run_document, run_info_document
from chalicelib.domain.mlflow.tracking.entities import DatasetInput, Metric, Output, RunStatus
from chalicelib.domain.mlflow.tracking.search import ordered, parsed
from chalicelib.registry.mlflow.tracking import long_params, runs, searching

_MAX_RUNS: Final = 50_000
_MAX_POINTS: Final = 10_000
# A Lambda function answers at most 6 MB.
_MAX_BYTES: Final = 4_000_000


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
    return {"run": run_document(created)}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    return {"run": run_document(runs.get_run(call.services, call.principal, _run_id(given)))}


def update(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    updated = runs.update_run(
        call.services,
        call.principal,
        _run_id(given),
        _status(given),
        given.integer("end_time", 0) if given.has("end_time") else None,
        given.text("run_name"),
    )
    return {"run_info": run_info_document(updated)}


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    runs.delete_run(call.services, call.principal, _run_id(given))
    return {}


def restore(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    runs.restore_run(call.services, call.principal, _run_id(given))
    return {}


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
    metrics = enumerate(given.documents("metrics"))
    runs.log(
        call.services,
        call.principal,
        given.required("run_id"),
        [_metric(Parameters(document), f"metrics[{index}].") for index, document in metrics],
        _pairs(given, "params"),
        _pairs(given, "tags"),
    )
    return {}


def log_inputs(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    datasets = [_dataset(document) for document in given.documents("datasets")]
    models = [Parameters(document).required("model_id") for document in given.documents("models")]
    runs.log_inputs(call.services, call.principal, given.required("run_id"), datasets, models)
    return {}


def log_outputs(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    models = [Parameters(document) for document in given.documents("models")]
    outputs = [Output(model.required("model_id"), model.integer("step", 0)) for model in models]
    runs.log_outputs(call.services, call.principal, given.required("run_id"), outputs)
    return {}


def log_model(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Record a model that was logged under a run. Clients before 3.0 call this after they have logged it."""
    runs.log_model_of_old(call.services, call.principal, given.required("run_id"), given.required("model_json"))
    return {}


def search(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    limit = given.integer("max_results", 1_000)
    paging.check_limit(limit, _MAX_RUNS)
    start = paging.start(call, given.text("page_token"))
    found = searching.search_runs(
        call.services,
        call.principal,
        given.texts("experiment_ids"),
        parsed(given.text("filter") or ""),
        ordered(given.texts("order_by")),
        naming.view(given, "run_view_type"),
    )
    whole = long_params.with_all_of_each(call.services, paging.rest(found, start, limit))
    page, next_start = paging.slice_of(map(run_document, whole), start, len(found), _MAX_BYTES)
    return paging.listed("runs", page, call.cursor(next_start))


def metric_history(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    limit = given.integer("max_results", _MAX_POINTS) if given.has("max_results") else _MAX_POINTS
    if limit <= 0:
        raise invalid(f"Invalid value {limit} for parameter 'max_results' supplied. It must be a positive integer.")
    start = paging.start(call, given.text("page_token"))
    run_id, key = _run_id(given), given.required("metric_key")
    after = None if start is None else str(start["after"])
    points, last = runs.metric_history(call.services, call.principal, run_id, key, min(limit, _MAX_POINTS), after)
    page = [metric_document(point, run_id) for point in points]
    return paging.listed("metrics", page, call.cursor(None if last is None else {"after": last}))


def _run_id(given: Parameters) -> str:
    # Clients send the id under both names. Old ones send run_uuid only.
    return given.text("run_uuid") or given.required("run_id") if not given.has("run_id") else given.required("run_id")


def _status(given: Parameters) -> RunStatus | None:
    name = given.text("status")
    if not name:
        return None
    try:
        return RunStatus(name)
    except ValueError:
        raise invalid(f"Invalid value {json.dumps(name)} for parameter 'status' supplied.") from None


def _metric(given: Parameters, prefix: str) -> Metric:
    """A metric from its parameters. ``prefix`` comes before their names in the message of an error."""
    for name in ("key", "value", "timestamp"):
        if not given.has(name):
            raise invalid(f"Missing value for required parameter '{prefix}{name}'.")
    return Metric(
        given.required("key"),
        given.number("value"),
        given.integer("timestamp", 0),
        given.integer("step", 0),
        given.text("model_id") or None,
        given.text("dataset_name") or None,
        given.text("dataset_digest") or None,
    )


def _pairs(given: Parameters, name: str) -> list[tuple[str, str]]:
    pairs = []
    for index, document in enumerate(given.documents(name)):
        pair = Parameters(document)
        if not pair.text("key"):
            raise invalid(f"Missing value for required parameter '{name}[{index}].key'.")
        pairs.append((pair.required("key"), pair.text("value") or ""))
    return pairs


def _dataset(document: Mapping[str, Any]) -> DatasetInput:
    nested = document.get("dataset")
    if not isinstance(nested, dict):
        raise invalid("Missing value for required parameter 'dataset'.")
    dataset = Parameters(nested)
    return DatasetInput(
        dataset.required("name"),
        dataset.required("digest"),
        dataset.text("source_type") or "",
        Parameters(document).pairs("tags"),
        dataset.text("source"),
        dataset.text("schema"),
        dataset.text("profile"),
    )
