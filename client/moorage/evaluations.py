"""Evaluations: sets of metrics measured on a version."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from typing import Any, Protocol

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, encode, format_time
from moorage.evidence_files import EvidenceFiles
from moorage.listing import Listing, WholeList
from moorage.measures import Confusion, Measure, Paired, counts_body, metrics_body
from moorage.paths import VersionKey
from moorage.plain_values import NumberLike, plain_number, plain_parameters
from moorage.results import Number, Scalar


class DataSummary(Protocol):
    """Summaries of the features of some data, as ``moorage.monitoring.baseline`` makes them."""

    def document(self) -> Sequence[Mapping[str, Any]]:
        """The summaries as the registry takes them."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The metrics of one group of the data, such as ``{"country": "FR"}``, or its confusion counts, or both.

    ``n`` is the number of examples in the group. ``measures`` has those metrics of which more than the value is known.
    """

    group: dict[str, Scalar]
    metrics: dict[str, Number] = field(default_factory=dict)
    n: int | None = None
    counts: Confusion | None = None
    measures: dict[str, Measure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The data set that an evaluation was measured on."""

    name: str
    version: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The latest evaluation of a name. ``kind`` is ``offline``, ``online`` or ``system``.

    ``measures`` has those metrics of which more than the value is known.
    ``person`` is who recorded it, ``roles`` their roles on the model then, ``claims`` those that the scheme asked for.
    """

    name: str
    kind: str
    measured_at: datetime
    reported_at: datetime
    reported_by: str
    metrics: dict[str, Number] = field(default_factory=dict)
    slices: tuple[Slice, ...] = ()
    dataset: Dataset | None = None
    person: str = ""
    roles: tuple[str, ...] = ()
    claims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    etag: str | None = None
    measures: dict[str, Measure] = field(default_factory=dict)
    paired: Paired | None = None


@dataclass(frozen=True, slots=True)
class RecordedEvaluation(Evaluation):
    """An evaluation in the history of its name. It may have been replaced since, or withdrawn."""

    version: int = 0
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


@dataclass(frozen=True, slots=True)
class MeasuredPoint(Measure):
    """The value of a metric at a time, with what it rests on."""

    version: int = 0
    measured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvaluationSeries:
    """Metrics of the evaluations of a name by the time of measurement, oldest first.

    ``directions`` says which metrics are better when higher (``up``) or lower (``down``), as far as that is known.
    """

    model: str
    evaluation: str
    metrics: dict[str, tuple[MeasuredPoint, ...]]
    directions: dict[str, str] = field(default_factory=dict)


class Evaluations:
    """The evaluations of each version."""

    def __init__(self, connection: Connection, files: EvidenceFiles) -> None:
        self._connection = connection
        self._files = files

    def list(self, model: str, version: VersionKey) -> WholeList[Evaluation]:
        """The latest evaluation of each name, sorted by name."""
        return self._connection.whole(Evaluation, _path(model, version))

    def record(
        self,
        model: str,
        version: VersionKey,
        name: str,
        metrics: Mapping[str, NumberLike | Measure],
        *,
        kind: str = "offline",
        slices: Sequence[Slice] = (),
        dataset: Dataset | None = None,
        paired: Paired | None = None,
        measured_at: datetime | None = None,
        baseline: DataSummary | None = None,
        baseline_file: str = "baseline.json",
        if_match: str | None = None,
    ) -> Evaluation:
        """Record an evaluation. It replaces the earlier evaluation of the same name, which its history keeps.

        A metric is a number, or a ``Measure`` that says what the number rests on. ``paired`` compares with another
        version on the same examples. ``measured_at`` defaults to now. ``baseline`` summarises the data that it was
        measured on (``moorage.monitoring.baseline``): it is attached as the evidence file ``baseline_file``, which
        monitors can name. Raises ValueError for a metric that is no finite number, and ConflictError if the version
        has a file of this name with another content.
        """
        body: dict[str, Any] = {
            "kind": kind,
            "metrics": metrics_body(metrics),
            "slices": [_slice_body(one) for one in slices],
        }
        if dataset is not None:
            body["dataset"] = {part: text for part, text in encode(dataset).items() if text is not None}
        if paired is not None:
            body["paired"] = counts_body(paired, "the paired comparison")
        if measured_at is not None:
            body["measured_at"] = format_time(measured_at)
        if baseline is not None:
            self._files.attach_document(model, version, baseline.document(), baseline_file, evaluation=name)
        path = f"{_path(model, version)}/{paths.segment(name)}"
        return decode(Evaluation, self._connection.write("PUT", path, body, if_match=if_match))

    def withdraw(self, model: str, version: VersionKey, name: str) -> None:
        """Withdraw an evaluation."""
        self._connection.write("DELETE", f"{_path(model, version)}/{paths.segment(name)}")

    def history(
        self, model: str, version: VersionKey, name: str, *, limit: int | None = None
    ) -> Listing[RecordedEvaluation]:
        """Every evaluation that was recorded under a name, newest first, also those that were withdrawn."""
        path = f"{_path(model, version)}/{paths.segment(name)}/history"
        return self._connection.items(RecordedEvaluation, path, limit)

    def series(
        self, model: str, name: str, *metrics: str, version: int | None = None, limit: int = 200
    ) -> EvaluationSeries:
        """One to five metrics of the evaluations of a name over time, of one version or of all.

        ``limit`` is at most 1,000 evaluations; those of the newest versions are taken.
        """
        text = StringIO()
        # A name that has a comma stands in quotes.
        csv.writer(text, lineterminator="").writerow(metrics)
        path = f"{paths.model(model)}/evaluations/{paths.segment(name)}/series"
        return self._connection.get(EvaluationSeries, path, metrics=text.getvalue(), version=version, limit=limit)


def _slice_body(one: Slice) -> dict[str, Any]:
    group = plain_parameters(one.group, "group's field")
    described = ", ".join(f"{name}={value}" for name, value in group.items())
    measured = metrics_body({**one.metrics, **one.measures}, f" of the slice {described}")
    body: dict[str, Any] = {"group": group, "metrics": measured}
    if one.n is not None:
        body["n"] = plain_number(one.n, f"n of the slice {described}")
    if one.counts is not None:
        body["counts"] = counts_body(one.counts, f"the slice {described}")
    return body


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/evaluations"
