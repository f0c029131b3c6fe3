"""Items of experiments, runs, logged models and metric points, and back."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.keys import Key
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.mlflow.tracking import bounds
from chalicelib.domain.mlflow.tracking.entities import (
    Apart,
    DatasetInput,
    Experiment,
    LoggedModel,
    Metric,
    ModelStatus,
    Output,
    Run,
    RunStatus,
)


def experiment_item(experiment: Experiment) -> Item:
    body = {
        "id": experiment.id,
        "name": experiment.name,
        "artifact_location": experiment.artifact_location,
        "created_ms": experiment.created_ms,
        "owner": experiment.owner,
        "tags": dict(experiment.tags),
        "updated_ms": experiment.updated_ms,
        "deleted": experiment.deleted,
    }
    return item(
        keys.experiment(experiment.id),
        {
            "body": bounds.whole(canonical_json(body), f"experiment {experiment.id}"),
            "revision": experiment.revision,
        },
    )


def experiment_from(stored: Item) -> Experiment:
    # Older items lack the revision.
    return Experiment(**json.loads(str(stored["body"])), revision=int(stored.get("revision", 1)))


def run_item(run: Run) -> Item:
    body = {
        "id": run.id,
        "experiment_id": run.experiment_id,
        "name": run.name,
        "user": run.user,
        "owner": run.owner,
        "status": run.status.value,
        "started_ms": run.started_ms,
        "artifact_uri": run.artifact_uri,
        "ended_ms": run.ended_ms,
        "tags": dict(run.tags),
        "params": dict(run.params),
        "params_apart": _apart_document(run.params_apart),
        "metrics": [metric_document(metric) for metric in run.metrics.values()],
        "datasets": [
            {"name": one.name, "digest": one.digest, "source_type": one.source_type, "tags": dict(one.tags)}
            for one in run.datasets
        ],
        "inputs": list(run.inputs),
        "outputs": [[output.model_id, output.step] for output in run.outputs],
        "deleted": run.deleted,
    }
    return item(
        keys.run(run.id),
        {"body": bounds.whole(canonical_json(body), f"run {run.id}"), "revision": run.revision},
    )


def run_from(stored: Item) -> Run:
    body = json.loads(str(stored["body"]))
    metrics = [metric_from(one) for one in body.pop("metrics")]
    return Run(
        status=RunStatus(body.pop("status")),
        metrics={metric.key: metric for metric in metrics},
        datasets=tuple(DatasetInput(**one) for one in body.pop("datasets")),
        inputs=tuple(body.pop("inputs")),
        outputs=tuple(Output(model_id, step) for model_id, step in body.pop("outputs")),
        params_apart=_apart_from(body),
        revision=int(stored["revision"]),
        **body,
    )


def dataset_item(run_id: str, dataset: DatasetInput) -> Item:
    """The item with a dataset's large fields. A schema or profile that is too long is left out."""
    body = {
        "name": dataset.name,
        "digest": dataset.digest,
        "source_type": dataset.source_type,
        "tags": dict(dataset.tags),
        "source": dataset.source,
        "schema": bounds.kept_text(dataset.schema),
        "profile": bounds.kept_text(dataset.profile),
    }
    return item(keys.run_dataset(run_id, dataset.name, dataset.digest), {"body": canonical_json(body)})


def dataset_from(stored: Item) -> DatasetInput:
    return DatasetInput(**json.loads(str(stored["body"])))


def metric_document(metric: Metric) -> dict[str, Any]:
    """A metric as JSON. Its value is text, because a metric can be NaN and JSON has no NaN."""
    document: dict[str, Any] = {
        "key": metric.key,
        "value": bounds.number_text(metric.value),
        "timestamp": metric.timestamp,
        "step": metric.step,
        "model_id": metric.model_id,
        "dataset_name": metric.dataset_name,
        "dataset_digest": metric.dataset_digest,
    }
    return {name: value for name, value in document.items() if value is not None}


def metric_from(document: Mapping[str, Any]) -> Metric:
    return Metric(**{**document, "value": float(document["value"])})


def point_item(run_id: str, metric: Metric) -> Item:
    value = bounds.number_text(metric.value)
    return item(
        keys.metric_point(run_id, metric.key, metric.step, metric.timestamp, value),
        {"body": canonical_json(metric_document(metric))},
    )


def point_from(stored: Item) -> Metric:
    return metric_from(json.loads(str(stored["body"])))


def param_item(owner: Key, name: str, value: str) -> Item:
    """The item of a parameter that lies apart from the run or logged model under ``owner``."""
    return item(keys.param(owner, name, Apart.of(value).digest), {"value": value})


def param_from(stored: Item) -> str:
    return str(stored["value"])


def logged_model_item(model: LoggedModel) -> Item:
    body = {
        "id": model.id,
        "experiment_id": model.experiment_id,
        "name": model.name,
        "owner": model.owner,
        "created_ms": model.created_ms,
        "updated_ms": model.updated_ms,
        "artifact_uri": model.artifact_uri,
        "status": model.status.value,
        "model_type": model.model_type,
        "source_run_id": model.source_run_id,
        "tags": dict(model.tags),
        "params": dict(model.params),
        "params_apart": _apart_document(model.params_apart),
        "metrics": [metric_document(metric) for metric in model.metrics],
        "deleted": model.deleted,
    }
    return item(
        keys.logged_model(model.id),
        {"body": bounds.whole(canonical_json(body), f"logged model {model.id}"), "revision": model.revision},
    )


def logged_model_from(stored: Item) -> LoggedModel:
    body = json.loads(str(stored["body"]))
    return LoggedModel(
        status=ModelStatus(body.pop("status")),
        metrics=tuple(metric_from(one) for one in body.pop("metrics")),
        params_apart=_apart_from(body),
        revision=int(stored["revision"]),
        **body,
    )


def _apart_document(apart: Mapping[str, Apart]) -> dict[str, list[str | int]]:
    return {name: [one.digest, one.size] for name, one in apart.items()}


def _apart_from(body: dict[str, Any]) -> dict[str, Apart]:
    """Taken out of the body of an item. Older items have none apart."""
    return {name: Apart(digest, size) for name, (digest, size) in body.pop("params_apart", {}).items()}
