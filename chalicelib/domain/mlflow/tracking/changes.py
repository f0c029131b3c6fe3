"""Changes of runs and logged models. Each function takes one as it is and returns it as it will be.

Repeating a change has no further effect. A change without effect returns the same object, and nothing is written.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow.tracking import bounds
from chalicelib.domain.mlflow.tracking.entities import (
    DatasetInput,
    Experiment,
    LoggedModel,
    Metric,
    ModelStatus,
    Output,
    Run,
    RunStatus,
)
from chalicelib.domain.mlflow.tracking.params import with_params

RUN_NAME_TAG: Final = "mlflow.runName"


def log(run: Run, metrics: Iterable[Metric], params: Mapping[str, str], tags: Mapping[str, str]) -> Run:
    """The run with what was logged. Raises InvalidInputError if a parameter already has another value."""
    logged = replace(
        with_params(run, params, f"run ID='{run.id}'"),
        metrics=latest(run.metrics, metrics),
        tags={**run.tags, **tags},
        name=tags.get(RUN_NAME_TAG, run.name),
    )
    return run if logged == run else logged


def latest(known: Mapping[str, Metric], logged: Iterable[Metric]) -> dict[str, Metric]:
    """The latest metric of each key: by step, then time, then value."""
    newest = dict(known)
    for metric in logged:
        before = newest.get(metric.key)
        if before is None or metric.rank > before.rank:
            newest[metric.key] = metric
    return newest


def update(run: Run, status: RunStatus | None, ended_ms: int | None, name: str | None) -> Run:
    """The run with a new status, end or name; its name is also the value of a tag."""
    updated = replace(
        run,
        status=run.status if status is None else status,
        ended_ms=run.ended_ms if ended_ms is None else ended_ms,
        name=name or run.name,
        tags={**run.tags, RUN_NAME_TAG: name} if name else run.tags,
    )
    return run if updated == run else updated


def check_active(run: Run) -> None:
    """Raise InvalidInputError if the run is deleted: nothing is logged to it before it is restored."""
    if run.deleted:
        raise InvalidInputError(f"The run {run.id} must be in the 'active' state. Current state is deleted.")


def check_active_experiment(experiment: Experiment) -> None:
    """Raise InvalidInputError if the experiment is deleted: it takes no runs before it is restored."""
    if experiment.deleted:
        raise InvalidInputError(
            f"The experiment {experiment.id} must be in the 'active' state. Current state is deleted."
        )


def delete_run(run: Run, deleted: bool) -> Run:
    """The run deleted, or restored."""
    return run if run.deleted == deleted else replace(run, deleted=deleted)


def delete_experiment(experiment: Experiment, deleted: bool, now_ms: int) -> Experiment:
    """The experiment deleted, or restored."""
    if experiment.deleted == deleted:
        return experiment
    return replace(experiment, deleted=deleted, updated_ms=now_ms)


def tag_experiment(experiment: Experiment, key: str, value: str) -> Experiment:
    check_active_experiment(experiment)
    tags = {**experiment.tags, key: value}
    return experiment if tags == experiment.tags else replace(experiment, tags=tags)


def untag_experiment(experiment: Experiment, key: str) -> Experiment:
    """The experiment without a tag; the same if it has no such tag."""
    check_active_experiment(experiment)
    if key not in experiment.tags:
        return experiment
    return replace(experiment, tags={name: value for name, value in experiment.tags.items() if name != key})


def without_tag(run: Run, key: str) -> Run | None:
    """The run without a tag; None if it has no such tag."""
    if key not in run.tags:
        return None
    return replace(run, tags={name: value for name, value in run.tags.items() if name != key})


def with_inputs(run: Run, datasets: Sequence[DatasetInput], models: Sequence[str]) -> Run:
    """The run with datasets and models that it read, each once. Large fields of a dataset are not kept in the run."""
    known = {(one.name, one.digest) for one in run.datasets}
    fresh = {(one.name, one.digest): replace(one, source=None, schema=None, profile=None) for one in datasets}
    added = tuple(one for named, one in fresh.items() if named not in known)
    new_models = tuple(dict.fromkeys(model for model in models if model not in run.inputs))
    if len(run.datasets) + len(added) > bounds.MAX_DATASETS or len(run.inputs) + len(new_models) > bounds.MAX_MODELS:
        raise InvalidInputError(f"A run has at most {bounds.MAX_DATASETS} datasets and {bounds.MAX_MODELS} models.")
    if not added and not new_models:
        return run
    return replace(run, datasets=run.datasets + added, inputs=run.inputs + new_models)


def with_outputs(run: Run, outputs: Sequence[Output]) -> Run:
    """The run with logged models that it produced, each once per step."""
    added = tuple(dict.fromkeys(output for output in outputs if output not in run.outputs))
    if len(run.outputs) + len(added) > bounds.MAX_MODELS:
        raise InvalidInputError(f"A run has at most {bounds.MAX_MODELS} models as outputs.")
    return replace(run, outputs=run.outputs + added) if added else run


def finish_model(model: LoggedModel, status: ModelStatus, now_ms: int) -> LoggedModel:
    """The logged model in another status: READY when its files are uploaded, or UPLOAD_FAILED."""
    if status is ModelStatus.UNSPECIFIED:
        raise InvalidInputError(f"Invalid model status: {status.value}. Expected: LOGGED_MODEL_READY.")
    return model if model.status is status else replace(model, status=status, updated_ms=now_ms)


def tag_model(model: LoggedModel, tags: Mapping[str, str], now_ms: int) -> LoggedModel:
    merged = {**model.tags, **tags}
    return model if merged == model.tags else replace(model, tags=merged, updated_ms=now_ms)


def untag_model(model: LoggedModel, key: str, now_ms: int) -> LoggedModel | None:
    """The logged model without a tag; None if it has no such tag."""
    if key not in model.tags:
        return None
    rest = {name: value for name, value in model.tags.items() if name != key}
    return replace(model, tags=rest, updated_ms=now_ms)


def measure_model(model: LoggedModel, metrics: Iterable[Metric]) -> LoggedModel:
    """The logged model with the latest of each metric on each dataset."""
    newest = {_measure(metric): metric for metric in model.metrics}
    for metric in metrics:
        before = newest.get(_measure(metric))
        if before is None or metric.rank > before.rank:
            newest[_measure(metric)] = metric
    measured = tuple(newest[named] for named in sorted(newest))
    return model if measured == model.metrics else replace(model, metrics=measured)


def param_model(model: LoggedModel, params: Mapping[str, str], now_ms: int) -> LoggedModel:
    """The logged model with more parameters. Raises InvalidInputError if one already has another value."""
    changed = with_params(model, params, f"model ID='{model.id}'")
    return model if changed is model else replace(changed, updated_ms=now_ms)


def _measure(metric: Metric) -> tuple[str, str, str]:
    return (metric.key, metric.dataset_name or "", metric.dataset_digest or "")


def with_full_datasets(run: Run, datasets: Sequence[DatasetInput]) -> Run:
    """The run with its datasets in full, large fields included."""
    full = {(one.name, one.digest): one for one in datasets}
    return replace(run, datasets=tuple(full.get((one.name, one.digest), one) for one in run.datasets))


def with_flavours(run: Run, tag: str, document: str) -> Run:
    """The run with a tag for a model that a client before 3.0 logged under it. Raises InvalidInputError."""
    try:
        logged = json.loads(document)
        listed = json.loads(run.tags.get(tag, "[]"))
    except ValueError:
        raise InvalidInputError(f"Malformed model info. \n {document[:500]} \n is not a valid JSON.") from None
    missing = {"artifact_path", "flavors", "utc_time_created", "run_id"} - set(
        logged if isinstance(logged, dict) else ()
    )
    if missing:
        raise InvalidInputError(f"Model json is missing mandatory fields: {sorted(missing)}")
    if logged in listed:
        return run
    text = canonical_json([*listed, logged])
    if len(text) > bounds.MAX_TAG_VALUE * 4:
        raise InvalidInputError("The run has logged more models than are kept in a tag.")
    return replace(run, tags={**run.tags, tag: text})


def delete_model(model: LoggedModel, now_ms: int) -> LoggedModel:
    return replace(model, deleted=True, updated_ms=now_ms)
