"""Evaluations: sets of metrics measured on a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, encode, format_time
from moorage.listing import WholeList
from moorage.paths import VersionKey
from moorage.plain_values import NumberLike, plain_metrics, plain_parameters
from moorage.results import Number, Scalar


@dataclass(frozen=True, slots=True)
class Slice:
    """The metrics of one group of the data, such as ``{"country": "FR"}``."""

    group: dict[str, Scalar]
    metrics: dict[str, Number]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The data set that an evaluation was measured on."""

    name: str
    version: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The latest evaluation of a name. ``kind`` is ``offline``, ``online`` or ``system``."""

    name: str
    kind: str
    measured_at: datetime
    reported_at: datetime
    reported_by: str
    metrics: dict[str, Number] = field(default_factory=dict)
    slices: tuple[Slice, ...] = ()
    dataset: Dataset | None = None
    etag: str | None = None


class Evaluations:
    """The evaluations of each version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str, version: VersionKey) -> WholeList[Evaluation]:
        """The latest evaluation of each name, sorted by name."""
        return self._connection.whole(Evaluation, _path(model, version))

    def record(
        self,
        model: str,
        version: VersionKey,
        name: str,
        metrics: Mapping[str, NumberLike],
        *,
        kind: str = "offline",
        slices: Sequence[Slice] = (),
        dataset: Dataset | None = None,
        measured_at: datetime | None = None,
        if_match: str | None = None,
    ) -> Evaluation:
        """Record an evaluation. It replaces the earlier evaluation of the same name.

        ``measured_at`` defaults to now. Raises ValueError for a metric that is no finite number.
        """
        body: dict[str, Any] = {
            "kind": kind,
            "metrics": plain_metrics(metrics),
            "slices": [_slice_body(one) for one in slices],
        }
        if dataset is not None:
            body["dataset"] = {part: text for part, text in encode(dataset).items() if text is not None}
        if measured_at is not None:
            body["measured_at"] = format_time(measured_at)
        path = f"{_path(model, version)}/{paths.segment(name)}"
        return decode(Evaluation, self._connection.write("PUT", path, body, if_match=if_match))

    def withdraw(self, model: str, version: VersionKey, name: str) -> None:
        """Withdraw an evaluation."""
        self._connection.write("DELETE", f"{_path(model, version)}/{paths.segment(name)}")


def _slice_body(one: Slice) -> dict[str, Any]:
    group = plain_parameters(one.group, "group's field")
    described = ", ".join(f"{name}={value}" for name, value in group.items())
    return {"group": group, "metrics": plain_metrics(one.metrics, f" of the slice {described}")}


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/evaluations"
