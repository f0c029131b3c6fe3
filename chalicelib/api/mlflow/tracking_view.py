"""Experiments, runs and logged models in MLflow's JSON."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.mlflow.tracking.bounds import number_text
from chalicelib.domain.mlflow.tracking.entities import DatasetInput, Experiment, LoggedModel, Metric, Run


def experiment(one: Experiment) -> dict[str, Any]:
    return {
        "experiment_id": one.id,
        "name": one.name,
        "artifact_location": one.artifact_location,
        "lifecycle_stage": "active",
        "creation_time": one.created_ms,
        "last_update_time": one.created_ms,
        **_listed("tags", pairs(one.tags)),
    }


def run(one: Run) -> dict[str, Any]:
    return {
        "info": run_info(one),
        "data": {
            **_listed("metrics", [metric(each) for each in one.metrics.values()]),
            **_listed("params", pairs(one.params)),
            **_listed("tags", pairs(one.tags)),
        },
        "inputs": {
            **_listed("dataset_inputs", [_dataset(each) for each in one.datasets]),
            **_listed("model_inputs", [{"model_id": each} for each in one.inputs]),
        },
        "outputs": _listed("model_outputs", [{"model_id": each.model_id, "step": each.step} for each in one.outputs]),
    }


def run_info(one: Run) -> dict[str, Any]:
    info = {
        "run_id": one.id,
        "run_uuid": one.id,
        "run_name": one.name,
        "experiment_id": one.experiment_id,
        "user_id": one.user,
        "status": one.status.value,
        "start_time": one.started_ms,
        "end_time": one.ended_ms,
        "artifact_uri": one.artifact_uri,
        "lifecycle_stage": "active",
    }
    return {name: value for name, value in info.items() if value is not None}


def metric(one: Metric, run_id: str | None = None) -> dict[str, Any]:
    document = {
        "key": one.key,
        # JSON has no NaN; MLflow's clients take it as text.
        "value": one.value if math.isfinite(one.value) else number_text(one.value),
        "timestamp": one.timestamp,
        "step": one.step,
        "model_id": one.model_id,
        "dataset_name": one.dataset_name,
        "dataset_digest": one.dataset_digest,
        "run_id": run_id,
    }
    return {name: value for name, value in document.items() if value is not None}


def logged_model(one: LoggedModel) -> dict[str, Any]:
    info = {
        "model_id": one.id,
        "experiment_id": one.experiment_id,
        "name": one.name,
        "creation_timestamp_ms": one.created_ms,
        "last_updated_timestamp_ms": one.updated_ms,
        "artifact_uri": one.artifact_uri,
        "status": one.status.value,
        "model_type": one.model_type,
        "source_run_id": one.source_run_id,
        **_listed("tags", pairs(one.tags)),
    }
    data = {
        **_listed("params", pairs(one.params)),
        **_listed("metrics", [metric(each) for each in one.metrics]),
    }
    return {"info": info, "data": data}


def pairs(given: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": given[key]} for key in sorted(given)]


def _dataset(one: DatasetInput) -> dict[str, Any]:
    dataset = {
        "name": one.name,
        "digest": one.digest,
        "source_type": one.source_type,
        "source": one.source or "",
        "schema": one.schema,
        "profile": one.profile,
    }
    return {
        **_listed("tags", pairs(one.tags)),
        "dataset": {name: value for name, value in dataset.items() if value is not None},
    }


def _listed(name: str, items: Iterable[Any]) -> dict[str, Any]:
    """A list as MLflow shows it: not at all when it is empty."""
    listed = list(items)
    return {name: listed} if listed else {}
