"""Experiments, runs and logged models in MLflow's JSON."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.mlflow.tracking.bounds import number_text
from chalicelib.domain.mlflow.tracking.entities import DatasetInput, Experiment, LoggedModel, Metric, Run


def experiment_document(experiment: Experiment) -> dict[str, Any]:
    return {
        "experiment_id": experiment.id,
        "name": experiment.name,
        "artifact_location": experiment.artifact_location,
        "lifecycle_stage": _lifecycle_stage(experiment.deleted),
        "creation_time": experiment.created_ms,
        "last_update_time": experiment.updated_ms or experiment.created_ms,
        **_list_if_any("tags", _pairs(experiment.tags)),
    }


def run_document(run: Run) -> dict[str, Any]:
    return {
        "info": run_info_document(run),
        "data": {
            **_list_if_any("metrics", [metric_document(metric) for metric in run.metrics.values()]),
            **_list_if_any("params", _pairs(run.params)),
            **_list_if_any("tags", _pairs(run.tags)),
        },
        "inputs": {
            **_list_if_any("dataset_inputs", [_dataset(dataset) for dataset in run.datasets]),
            **_list_if_any("model_inputs", [{"model_id": model_id} for model_id in run.inputs]),
        },
        "outputs": _list_if_any(
            "model_outputs", [{"model_id": output.model_id, "step": output.step} for output in run.outputs]
        ),
    }


def run_info_document(run: Run) -> dict[str, Any]:
    info = {
        "run_id": run.id,
        "run_uuid": run.id,
        "run_name": run.name,
        "experiment_id": run.experiment_id,
        "user_id": run.user,
        "status": run.status.value,
        "start_time": run.started_ms,
        "end_time": run.ended_ms,
        "artifact_uri": run.artifact_uri,
        "lifecycle_stage": _lifecycle_stage(run.deleted),
    }
    return {name: value for name, value in info.items() if value is not None}


def metric_document(metric: Metric, run_id: str | None = None) -> dict[str, Any]:
    document = {
        "key": metric.key,
        # JSON has no NaN and no infinities. MLflow's clients accept them as text.
        "value": metric.value if math.isfinite(metric.value) else number_text(metric.value),
        "timestamp": metric.timestamp,
        "step": metric.step,
        "model_id": metric.model_id,
        "dataset_name": metric.dataset_name,
        "dataset_digest": metric.dataset_digest,
        "run_id": run_id,
    }
    return {name: value for name, value in document.items() if value is not None}


def logged_model_document(model: LoggedModel) -> dict[str, Any]:
    info = {
        "model_id": model.id,
        "experiment_id": model.experiment_id,
        "name": model.name,
        "creation_timestamp_ms": model.created_ms,
        "last_updated_timestamp_ms": model.updated_ms,
        "artifact_uri": model.artifact_uri,
        "status": model.status.value,
        "model_type": model.model_type,
        "source_run_id": model.source_run_id,
        **_list_if_any("tags", _pairs(model.tags)),
    }
    data = {
        **_list_if_any("params", _pairs(model.params)),
        **_list_if_any("metrics", [metric_document(metric) for metric in model.metrics]),
    }
    return {"info": info, "data": data}


def _lifecycle_stage(deleted: bool) -> str:
    return "deleted" if deleted else "active"


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": values[key]} for key in sorted(values)]


def _dataset(dataset: DatasetInput) -> dict[str, Any]:
    document = {
        "name": dataset.name,
        "digest": dataset.digest,
        "source_type": dataset.source_type,
        "source": dataset.source or "",
        "schema": dataset.schema,
        "profile": dataset.profile,
    }
    return {
        **_list_if_any("tags", _pairs(dataset.tags)),
        "dataset": {name: value for name, value in document.items() if value is not None},
    }


def _list_if_any(name: str, items: Iterable[Any]) -> dict[str, Any]:
    """A field with a list. As in MLflow, an empty list is left out."""
    listed = list(items)
    return {name: listed} if listed else {}
