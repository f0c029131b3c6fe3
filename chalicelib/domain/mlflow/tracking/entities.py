"""Experiments, runs and logged models as MLflow's clients write them. Times are milliseconds since 1970."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from chalicelib.domain.canonical import sha256_hex

DEFAULT_EXPERIMENT: Final = "0"
# The tag by which whoever logs names the model that it is for. Whoever may register that model may read what is logged.
MODEL_TAG: Final = "moorage.model"


class View(StrEnum):
    """Which experiments or runs a search shows, by MLflow's names."""

    ACTIVE = "ACTIVE_ONLY"
    DELETED = "DELETED_ONLY"
    ALL = "ALL"

    def shows(self, deleted: bool) -> bool:
        return self is View.ALL or deleted == (self is View.DELETED)


class RunStatus(StrEnum):
    RUNNING = "RUNNING"
    SCHEDULED = "SCHEDULED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


class ModelStatus(StrEnum):
    """The status of a logged model: PENDING while its files are uploaded."""

    UNSPECIFIED = "LOGGED_MODEL_STATUS_UNSPECIFIED"
    PENDING = "LOGGED_MODEL_PENDING"
    READY = "LOGGED_MODEL_READY"
    UPLOAD_FAILED = "LOGGED_MODEL_UPLOAD_FAILED"


@dataclass(frozen=True, slots=True)
class Experiment:
    """A group of runs and logged models. ``owner`` is the principal who created it.

    ``updated_ms`` is 0 if it was never renamed, deleted or restored.
    """

    id: str
    name: str
    artifact_location: str
    created_ms: int
    owner: str
    tags: Mapping[str, str] = field(default_factory=dict)
    updated_ms: int = 0
    deleted: bool = False
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Metric:
    """One value that a run measured, perhaps for a logged model and on a dataset."""

    key: str
    value: float
    timestamp: int
    step: int = 0
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None

    @property
    def rank(self) -> tuple[int, int, float]:
        """The latest metric has the greatest rank: by step, then time, then value. NaN ranks lowest."""
        comparable = self.value if self.value == self.value else float("-inf")
        return (self.step, self.timestamp, comparable)


@dataclass(frozen=True, slots=True)
class DatasetInput:
    """A dataset that a run read. The run's item does not have its large fields: ``source``, ``schema``, ``profile``."""

    name: str
    digest: str
    source_type: str
    tags: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    schema: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A logged model that a run produced at a step."""

    model_id: str
    step: int


@dataclass(frozen=True, slots=True)
class Apart:
    """The value of a parameter that lies in an item of its own: its digest, and its size as JSON."""

    digest: str
    size: int

    @classmethod
    def of(cls, value: str) -> Self:
        # Half of a SHA-256, because some thousand of them must fit into the item of a run.
        return cls(sha256_hex(value)[:32], len(json.dumps(value)))


@dataclass(frozen=True, slots=True)
class Run:
    """A run. ``metrics`` has the latest of each key; ``revision`` grows with every change.

    ``params`` lacks the values of ``params_apart`` until they are read.
    """

    id: str
    experiment_id: str
    name: str
    user: str
    owner: str
    status: RunStatus
    started_ms: int
    artifact_uri: str
    ended_ms: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    params_apart: Mapping[str, Apart] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    datasets: tuple[DatasetInput, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()
    deleted: bool = False
    revision: int = 1

    @property
    def for_model(self) -> str:
        """The model that the run is for; empty if it names none."""
        return self.tags.get(MODEL_TAG, "")


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A model as it was logged, registered or not. ``metrics`` has the latest of each key and dataset.

    ``params`` lacks the values of ``params_apart`` until they are read.
    """

    id: str
    experiment_id: str
    name: str
    owner: str
    created_ms: int
    updated_ms: int
    artifact_uri: str
    status: ModelStatus = ModelStatus.PENDING
    model_type: str = ""
    source_run_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    params_apart: Mapping[str, Apart] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()
    deleted: bool = False
    revision: int = 1

    @property
    def for_model(self) -> str:
        """The registered model that it is for; empty if it names none."""
        return self.tags.get(MODEL_TAG, "")
