"""What a version takes over from the run and the logged model that it is registered from, within its own bounds."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.documents import MAX_ENTRIES, MAX_KEY, MAX_TAG_VALUE
from chalicelib.domain.tracking import mlmodel
from chalicelib.domain.tracking.entities import LoggedModel, Metric, Run
from chalicelib.domain.version import Description

# A version's whole description is 64 KiB; what it is given in so many words comes first.
MAX_PARAMETERS_BYTES: Final = 16 * 1024
MAX_METRICS_BYTES: Final = 12 * 1024
MAX_SIGNATURE_BYTES: Final = 12 * 1024
MAX_DATASETS: Final = 50
MAX_REQUIREMENTS_BYTES: Final = 6 * 1024
_MAX_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a source. ``mlmodel`` and ``requirements`` are the texts of files, if they are there."""

    run: Run | None = None
    model: LoggedModel | None = None
    mlmodel: str | None = None
    requirements: str | None = None


def described(
    given: Description, evidence: Evidence, uri: str, logged_model: str | None, run_id: str | None, run_link: str | None
) -> Description:
    """The description with what the evidence adds to it."""
    run, model = evidence.run, evidence.model
    tags: dict[str, str] = {**(run.tags if run else {}), **(model.tags if model else {})}
    read = mlmodel.parsed(evidence.mlmodel) if evidence.mlmodel else {}
    provenance: dict[str, Any] = {
        "author": tags.get("mlflow.user") or (run.user if run else None) or None,
        "run": _said({"id": run_id, "url": run_link}),
        "datasets": [_dataset(one.name, one.digest) for one in (run.datasets if run else ())][:MAX_DATASETS],
        "source": _source(tags),
        "runtime": _runtime(read, evidence.requirements),
        "artifact_source": _said({"uri": uri, "logged_model": logged_model}),
    }
    return replace(
        given,
        parameters=_within(parameters(run, model), MAX_PARAMETERS_BYTES),
        metrics=_within(metrics(run, model), MAX_METRICS_BYTES),
        provenance={name: value for name, value in provenance.items() if value},
        framework=mlmodel.framework(read),
        signature=_small(mlmodel.signature(read)),
    )


def parameters(run: Run | None, model: LoggedModel | None) -> dict[str, str]:
    """The run's parameters, and over them the logged model's own."""
    logged = {**(run.params if run else {}), **(model.params if model else {})}
    return {name: value[:MAX_TAG_VALUE] for name, value in _named(logged.items()).items()}


def metrics(run: Run | None, model: LoggedModel | None) -> dict[str, float]:
    """The latest of each metric: what was measured of the model itself counts more than what the run measured.

    A registry's metric is a finite number, so that gates can compare; what is none stays with the run.
    """
    measured = {metric.key: metric for metric in _of_run(run, model)}
    for metric in sorted(model.metrics if model else (), key=lambda one: one.rank):
        measured[metric.key] = metric
    return _named((name, metric.value) for name, metric in measured.items() if math.isfinite(metric.value))


def _of_run(run: Run | None, model: LoggedModel | None) -> Iterable[Metric]:
    """Of a run that logged several models, what it measured of another is not this one's."""
    for metric in run.metrics.values() if run else ():
        if model is None or metric.model_id in (None, model.id):
            yield metric


def _named(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """By names that the registry takes: a ``/`` becomes a ``.``, for it would be a path in a search."""
    named: dict[str, Any] = {}
    for name, value in pairs:
        ours = name.replace("/", ".")
        if len(ours) <= MAX_KEY and not ours.startswith("$"):
            named.setdefault(ours, value)
    return named


def _within(given: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """As many as fit, by name."""
    kept: dict[str, Any] = {}
    size = 2
    for name in sorted(given)[:MAX_ENTRIES]:
        size += len(canonical_json({name: given[name]}).encode())
        if size > limit:
            break
        kept[name] = given[name]
    return kept


def _source(tags: Mapping[str, str]) -> dict[str, str] | None:
    commit = tags.get("mlflow.source.git.commit")
    if not commit:
        return None
    repository = tags.get("mlflow.source.git.repoURL") or tags.get("mlflow.source.name") or "unknown"
    return {"repository": repository[:_MAX_TEXT], "commit": commit[:_MAX_TEXT]}


def _runtime(read: Mapping[str, Any], requirements: str | None) -> dict[str, Any]:
    runtime: dict[str, Any] = {}
    python = mlmodel.python_version(read)
    if python:
        runtime["python"] = python[:_MAX_TEXT]
    kept: list[str] = []
    for line in mlmodel.requirements(requirements or ""):
        if len(canonical_json([*kept, line]).encode()) > MAX_REQUIREMENTS_BYTES:
            break
        kept.append(line)
    if kept:
        runtime["requirements"] = kept
    return runtime


def _dataset(name: str, digest: str) -> dict[str, str]:
    return {"name": name, "digest": digest}


def _small(signature: dict[str, Any] | None) -> dict[str, Any] | None:
    if signature is None or len(canonical_json(signature).encode()) > MAX_SIGNATURE_BYTES:
        return None
    return signature


def _said(given: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}
