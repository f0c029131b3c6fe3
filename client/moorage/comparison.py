"""Versions side by side, and the champion beside its challenger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.aliases import ANY
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.evaluations import Dataset
from moorage.results import Alias, Number, Scalar


@dataclass(frozen=True, slots=True)
class ComparedVersion:
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
class Measure:
    """A metric in each version, and how far it is from that of the first."""

    name: str
    values: tuple[Number | None, ...]
    differences: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True)
class ComparedSlice:
    group: dict[str, Scalar]
    metrics: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedEvaluation:
    """The evaluations of one name in each version."""

    name: str
    kinds: tuple[str | None, ...] = ()
    measured_at: tuple[datetime | None, ...] = ()
    datasets: tuple[Dataset | None, ...] = ()
    metrics: tuple[Measure, ...] = ()
    slices: tuple[ComparedSlice, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Something with its value in each version; None where a version has none."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Metrics, evaluations and checks side by side, of all else what differs. ``files`` has SHA-256 digests.

    ``truncated`` names the sections that are not complete, for their length.
    """

    model: str
    versions: tuple[ComparedVersion, ...]
    metrics: tuple[Measure, ...] = ()
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


@dataclass(frozen=True, slots=True)
class ChallengerComparison:
    """The champion and its challenger; ``comparison`` is None while there is no champion."""

    model: str
    challenger: int
    champion: int | None = None
    comparison: Comparison | None = None


class Challengers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, model: str) -> ChallengerComparison:
        """Raises NotFoundError (``alias_not_found``) while there is no challenger."""
        return self._connection.get(ChallengerComparison, _path(model))

    def set(self, model: str, version: int, *, expected: int | str | None = ANY, reason: str | None = None) -> Alias:
        """Make a version the challenger; ``expected`` is as for ``client.aliases.set``."""
        body: dict[str, Any] = {"version": version}
        if expected != ANY:
            body["expected_version"] = expected
        if reason is not None:
            body["reason"] = reason
        return decode(Alias, self._connection.write("PUT", _path(model), body))

    def promote(self, model: str, *, expected: int | None = None, reason: str | None = None) -> Alias:
        """Point the champion at the challenger's version and drop the challenger, as one change."""
        body = {"expected_version": expected, "reason": reason}
        given = {name: value for name, value in body.items() if value is not None}
        return self._connection.post(Alias, f"{_path(model)}/promote", given)

    def retire(self, model: str, *, reason: str | None = None) -> None:
        """Drop the challenger; the champion stays."""
        self._connection.write("POST", f"{_path(model)}/retire", {} if reason is None else {"reason": reason})


def _path(model: str) -> str:
    return f"{paths.model(model)}/challenger"
