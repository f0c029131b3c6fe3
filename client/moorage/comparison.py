"""Comparisons of versions, and of the champion with its challenger."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moorage import paths
from moorage.aliases import ANY
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.evaluations import Dataset
from moorage.measures import MeasuredInterval
from moorage.results import Alias, Number, Scalar

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class ComparedVersion:
    """A version in a comparison."""

    number: int
    status: str
    label: str | None = None
    stage: str | None = None
    aliases: tuple[str, ...] = ()
    digest: str | None = None
    file_count: int = 0
    total_size: int = 0
    created_at: datetime | None = None
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a version is better than the first one in a metric, as far as their evaluations can tell.

    ``verdict`` is ``better``, ``worse``, ``no difference shown``, ``measured on different data`` or ``insufficient``;
    for the last two, ``reason`` says why. ``interval`` is that of the ``difference``. ``p`` is how probable a
    difference like this is by chance, and ``adjusted_p`` the same adjusted for the number of slices.
    """

    verdict: str
    difference: Number | None = None
    interval: MeasuredInterval | None = None
    p: Number | None = None
    adjusted_p: Number | None = None
    reason: str | None = None

    def __str__(self) -> str:
        """The verdict in words, such as ``better (95 %: +0.01 to +0.03)``."""
        if self.interval is None or self.verdict == "insufficient":
            return self.verdict
        interval = self.interval
        return f"{self.verdict} ({100 * interval.level:.4g} %: {interval.low:+.4g} to {interval.high:+.4g})"


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric in each version, and its difference from the first version.

    ``verdicts`` say of the metrics of evaluations whether a version is better than the first one.
    """

    name: str
    values: tuple[Number | None, ...]
    differences: tuple[Number | None, ...]
    verdicts: tuple[Verdict | None, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedSlice:
    """The metrics of one group of the data in each version."""

    group: dict[str, Scalar]
    metrics: tuple[MetricRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedEvaluation:
    """The evaluation of this name in each version."""

    name: str
    kinds: tuple[str | None, ...] = ()
    measured_at: tuple[datetime | None, ...] = ()
    datasets: tuple[Dataset | None, ...] = ()
    metrics: tuple[MetricRow, ...] = ()
    slices: tuple[ComparedSlice, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A named value in each version. None where a version has none."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Versions side by side.

    ``metrics``, ``evaluations`` and ``checks`` are listed in full; the other sections list only what differs. The
    values of ``files`` are SHA-256 digests. ``truncated`` names the sections that were too long to list in full.
    ``directions`` says which metrics are better when higher (``up``) or lower (``down``), as far as that is known.
    """

    model: str
    versions: tuple[ComparedVersion, ...]
    metrics: tuple[MetricRow, ...] = ()
    evaluations: tuple[ComparedEvaluation, ...] = ()
    checks: tuple[Row, ...] = ()
    parameters: tuple[Row, ...] = ()
    provenance: tuple[Row, ...] = ()
    datasets: tuple[Row, ...] = ()
    requirements: tuple[Row, ...] = ()
    framework: tuple[Row, ...] = ()
    signature: tuple[Row, ...] = ()
    files: tuple[Row, ...] = ()
    truncated: tuple[str, ...] = ()
    directions: dict[str, str] = field(default_factory=dict)

    def to_pandas(self) -> "pandas.DataFrame":
        """A row for each compared value and a column for each version, by number. Needs ``moorage[pandas]``.

        The index has two levels: the section, such as ``metrics`` or ``evaluations.holdout``, and the value's name.
        """
        from moorage.tables import comparison_table

        return comparison_table(self)

    def _repr_html_(self) -> str:
        from moorage.notebook import comparison_html

        return comparison_html(self)


@dataclass(frozen=True, slots=True)
class ChallengerComparison:
    """The champion and its challenger, None if there is none. ``comparison`` is None unless there are both."""

    model: str
    challenger: int | None = None
    champion: int | None = None
    comparison: Comparison | None = None


class Challengers:
    """The challenger of each model: the version that may replace the champion."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, model: str) -> ChallengerComparison:
        """Compare the challenger with the champion."""
        return self._connection.get(ChallengerComparison, _path(model))

    def set(self, model: str, version: int, *, expected: int | str | None = ANY, reason: str | None = None) -> Alias:
        """Make a version the challenger. ``expected`` works as in ``client.aliases.set``."""
        body: dict[str, Any] = {"version": version}
        if expected != ANY:
            body["expected_version"] = expected
        if reason is not None:
            body["reason"] = reason
        return decode(Alias, self._connection.write("PUT", _path(model), body))

    def promote(self, model: str, *, expected: int | None = None, reason: str | None = None) -> Alias:
        """Make the challenger the champion, and remove the challenger, in one change.

        ``expected`` is the version that must be the challenger now.
        """
        body = {"expected_version": expected, "reason": reason}
        given = {name: value for name, value in body.items() if value is not None}
        return self._connection.post(Alias, f"{_path(model)}/promote", given)

    def retire(self, model: str, *, reason: str | None = None) -> None:
        """Remove the challenger. The champion stays."""
        self._connection.write("POST", f"{_path(model)}/retire", {} if reason is None else {"reason": reason})


def _path(model: str) -> str:
    return f"{paths.model(model)}/challenger"
