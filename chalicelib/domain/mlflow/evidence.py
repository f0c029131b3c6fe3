"""What a version takes over from the run and the logged model that it is registered from, within size limits."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from chalicelib.domain import documents
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.documents import MAX_DOCUMENT_BYTES, MAX_ENTRIES, MAX_KEY, MAX_TAG_VALUE
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow import mlmodel
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Metric, Run
from chalicelib.domain.versions.version import Description

_T = TypeVar("_T")

# What the caller gave comes first. Evidence gets the bytes that are left of a description, and each kind of evidence at
# most this many.
MAX_PARAMETERS_BYTES: Final = 16 * 1024
MAX_METRICS_BYTES: Final = 12 * 1024
MAX_DATASETS_BYTES: Final = 8 * 1024
MAX_SIGNATURE_BYTES: Final = 12 * 1024
MAX_REQUIREMENTS_BYTES: Final = 6 * 1024
MAX_DATASETS: Final = 50
_MAX_TEXT: Final = 2_000
# Bytes for the names of the fields and the punctuation between them.
_AROUND: Final = 512


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a source. ``mlmodel`` and ``requirements`` are the texts of these files, if there are any."""

    run: Run | None = None
    model: LoggedModel | None = None
    mlmodel: str | None = None
    requirements: str | None = None


def described(
    given: Description, evidence: Evidence, uri: str, logged_model: str | None, run_id: str | None, run_link: str | None
) -> Description:
    """The given description completed from the evidence. What does not fit is left out."""
    run, model = evidence.run, evidence.model
    tags: dict[str, str] = {**(run.tags if run else {}), **(model.tags if model else {})}
    read = mlmodel.parsed(evidence.mlmodel) if evidence.mlmodel else {}
    author = tags.get("mlflow.user") or (run.user if run else "")
    origin = {
        "run": _without_empty({"id": run_id, "url": run_link}),
        "artifact_source": _without_empty({"uri": uri, "logged_model": logged_model}),
        "author": author[:_MAX_TEXT],
        "source": _source(tags),
    }
    room = _Room(replace(given, provenance=origin))
    framework = room.whole(mlmodel.framework(read), _MAX_TEXT)
    measured = room.mapping(metrics(run, model), MAX_METRICS_BYTES)
    trained = room.mapping(parameters(run, model), MAX_PARAMETERS_BYTES)
    datasets = [{"name": one.name, "digest": one.digest} for one in (run.datasets if run else ())]
    provenance = {
        **origin,
        "datasets": room.entries(datasets[:MAX_DATASETS], MAX_DATASETS_BYTES),
        "runtime": _runtime(room, read, evidence.requirements),
    }
    return replace(
        given,
        parameters=trained,
        metrics=measured,
        provenance={name: value for name, value in provenance.items() if value},
        framework=framework,
        signature=room.whole(mlmodel.signature(read), MAX_SIGNATURE_BYTES),
    )


def parameters(run: Run | None, model: LoggedModel | None) -> dict[str, str]:
    """The run's parameters, and over them the logged model's own."""
    logged = {**(run.params if run else {}), **(model.params if model else {})}
    return {name: value[:MAX_TAG_VALUE] for name, value in _named(logged.items()).items()}


def metrics(run: Run | None, model: LoggedModel | None) -> dict[str, float]:
    """The latest of each metric, the run's or the logged model's own.

    Clients copy the run's points of one step to the logged model, with the points' own times. That is the first step
    unless the caller named another. So the later point counts; but if the run says that the model came from a later
    step, the model's own points count.
    Values that are not finite numbers are left out, because gates could not compare them.
    """
    measured = {metric.key: metric for metric in _of_run(run, model)}
    is_of_later_step = _is_of_later_step(run, model)
    for metric in sorted(model.metrics if model else (), key=_age):
        before = measured.get(metric.key)
        if before is None or is_of_later_step or _age(metric) >= _age(before):
            measured[metric.key] = metric
    return _named((name, metric.value) for name, metric in measured.items() if math.isfinite(metric.value))


def _age(metric: Metric) -> tuple[int, int, float]:
    step, timestamp, value = metric.rank
    return (timestamp, step, value)


def _is_of_later_step(run: Run | None, model: LoggedModel | None) -> bool:
    """Whether the run says that the model came from a step after the first."""
    return any(output.step > 0 for output in (run.outputs if run else ()) if model and output.model_id == model.id)


def _of_run(run: Run | None, model: LoggedModel | None) -> Iterable[Metric]:
    """The run's metrics without those that it measured for another logged model."""
    for metric in run.metrics.values() if run else ():
        if model is None or metric.model_id in (None, model.id):
            yield metric


def _named(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Pairs under names that the registry accepts. ``/`` becomes ``.``, because a search would read it as a path."""
    named: dict[str, Any] = {}
    for name, value in pairs:
        ours = name.replace("/", ".")
        if len(ours) <= MAX_KEY and not ours.startswith("$"):
            named.setdefault(ours, value)
    return named


class _Room:
    """The bytes that a description has left for evidence. What does not fit is left out."""

    def __init__(self, given: Description) -> None:
        self._left = MAX_DOCUMENT_BYTES - len(canonical_json(given.document()).encode()) - _AROUND

    def mapping(self, given: Mapping[str, Any], limit: int) -> dict[str, Any]:
        """The entries that fit, in the order of their names."""
        chosen = sorted(given.items())[:MAX_ENTRIES]
        return dict(chosen[: self._fitting([{name: value} for name, value in chosen], limit)])

    def entries(self, given: Sequence[Any], limit: int) -> list[Any]:
        """The first entries, as many as fit."""
        return list(given[: self._fitting(given, limit)])

    def whole(self, given: _T | None, limit: int) -> _T | None:
        """The value if all of it fits and the registry accepts it; else None."""
        try:
            documents.free_json(given, "")
            return given if given is not None and self._fitting([given], limit) else None
        except InvalidInputError:
            return None

    def _fitting(self, given: Sequence[Any], limit: int) -> int:
        room = min(limit, self._left)
        for index, one in enumerate(given):
            size = _size(one)
            if size is None or size > room:
                return index
            room -= size
            self._left -= size
        return len(given)


def _size(value: Any) -> int | None:
    """Bytes of the canonical JSON and a separator; None if the value has no such form."""
    try:
        return len(canonical_json(value).encode()) + 1
    except (ValueError, RecursionError):
        return None


def _source(tags: Mapping[str, str]) -> dict[str, str] | None:
    commit = tags.get("mlflow.source.git.commit")
    if not commit:
        return None
    repository = tags.get("mlflow.source.git.repoURL") or tags.get("mlflow.source.name") or "unknown"
    return {"repository": repository[:_MAX_TEXT], "commit": commit[:_MAX_TEXT]}


def _runtime(room: _Room, read: Mapping[str, Any], requirements: str | None) -> dict[str, Any]:
    python = room.whole(mlmodel.python_version(read), _MAX_TEXT)
    lines = room.entries(mlmodel.requirements(requirements or ""), MAX_REQUIREMENTS_BYTES)
    return {name: value for name, value in (("python", python), ("requirements", lines)) if value}


def _without_empty(given: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}
