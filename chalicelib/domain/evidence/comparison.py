"""Comparing versions side by side: their metrics, evaluations and checks, and what else differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Any, Final, TypeAlias

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.evidence.verdict import Measured, Verdict, Verdicts, judge
from chalicelib.domain.instants import Instant
from chalicelib.domain.schemes.directions import Direction
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.requirement import requirement, requirement_lines
from chalicelib.domain.versions.version import Version

MIN_VERSIONS: Final = 2
MAX_VERSIONS: Final = 5
# Even if the versions have the largest documents allowed, the report stays well under what a function can return.
MAX_ROWS: Final = 1_000
MAX_METRICS: Final = 5_000

Fields: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """A version, with everything of it that is compared."""

    version: Version
    files: tuple[File, ...]
    checks: Mapping[str, Check]
    evaluations: Mapping[str, Evaluation]


@dataclass(frozen=True, slots=True)
class Row:
    """A named value in each version, in the order of the versions; None if a version does not have it."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric in each version, and its difference from the first version; None if one of the two lacks it.

    ``verdicts`` say of the metrics of evaluations whether a version is better than the first one.
    """

    name: str
    values: tuple[float | None, ...]
    differences: tuple[float | None, ...]
    verdicts: tuple[Verdict | None, ...] = ()


@dataclass(frozen=True, slots=True)
class SliceRow:
    """The metrics of one group of the data in each version."""

    group: Mapping[str, Any]
    metrics: tuple[MetricRow, ...]


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """The evaluations of one name in each version; None if a version does not have it."""

    name: str
    kinds: tuple[str | None, ...]
    measured_at: tuple[Instant | None, ...]
    datasets: tuple[Mapping[str, str] | None, ...]
    metrics: tuple[MetricRow, ...]
    slices: tuple[SliceRow, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing versions. Metrics, evaluations and checks are complete; other sections list differences.

    ``truncated`` names the sections that were cut because they have too many rows: 1,000 each, and 5,000 metrics in all
    evaluations. ``directions`` says of which metrics it is known whether higher or lower values are better.
    """

    versions: tuple[Version, ...]
    metrics: tuple[MetricRow, ...]
    evaluations: tuple[EvaluationRow, ...]
    checks: tuple[Row, ...]
    parameters: tuple[Row, ...]
    provenance: tuple[Row, ...]
    datasets: tuple[Row, ...]
    requirements: tuple[Row, ...]
    framework: tuple[Row, ...]
    signature: tuple[Row, ...]
    files: tuple[Row, ...]
    truncated: tuple[str, ...]
    directions: Mapping[str, Direction]


@dataclass(frozen=True, slots=True)
class Differences:
    """A version beside one that it is measured by: all metrics of both, and the parameters that are not the same.

    The values of ``base`` come first.
    """

    base: Version
    metrics: tuple[MetricRow, ...]
    parameters: tuple[Row, ...]


def differences(base: Version, version: Version) -> Differences:
    """What the descriptions of two versions tell of their difference, without anything else that was recorded."""
    described = (base.description, version.description)
    return Differences(
        base,
        tuple(_metric_rows([one.metrics for one in described])),
        tuple(_differing([one.parameters for one in described])),
    )


def compare(versions: Sequence[Compared], now: Instant, directions: Mapping[str, Direction]) -> Comparison:
    """Compare versions in the order given. Differences of metrics are from the first version."""
    described = [compared.version.description for compared in versions]
    sections: dict[str, Iterable[Any]] = {
        "metrics": _metric_rows([one.metrics for one in described]),
        "checks": _rows([{name: check.state(now) for name, check in one.checks.items()} for one in versions]),
        "parameters": _differing([one.parameters for one in described]),
        "provenance": _differing([_provenance(one.provenance) for one in described]),
        "datasets": _differing([_datasets(one.provenance) for one in described]),
        "requirements": _differing([_requirements(one.provenance) for one in described]),
        "framework": _differing([one.framework or {} for one in described]),
        "signature": _differing([_signature(one.signature or {}) for one in described]),
        "files": _differing([{file.path: file.sha256 for file in one.files} for one in versions]),
    }
    kept: dict[str, tuple[Any, ...]] = {}
    truncated = []
    for name, rows in sections.items():
        first = tuple(islice(rows, MAX_ROWS + 1))
        kept[name] = first[:MAX_ROWS]
        if len(first) > MAX_ROWS:
            truncated.append(name)
    evaluations, cut = _evaluations(versions, directions)
    return Comparison(
        versions=tuple(compared.version for compared in versions),
        evaluations=evaluations,
        truncated=tuple(sorted([*truncated, "evaluations"] if cut else truncated)),
        directions=directions,
        **kept,
    )


def difference(value: float | None, base: float | None) -> float | None:
    """``value`` minus ``base`` in decimal, so that 0.97 is 0.02 more than 0.95.

    None if one of them is missing or the difference is not finite.
    """
    if value is None or base is None:
        return None
    # Most often the values are the same, the base's own among them, and decimals are slow.
    if value == base or (isinstance(value, int) and isinstance(base, int)):
        return value - base
    exact = float(Decimal(repr(value)) - Decimal(repr(base)))
    return exact if isfinite(exact) else None


def _metric_rows(
    columns: Sequence[Mapping[str, float]], verdicts: Sequence[Mapping[str, Verdict]] = ()
) -> Iterable[MetricRow]:
    for row in _rows(columns):
        yield MetricRow(
            row.name,
            row.values,
            tuple(difference(value, row.values[0]) for value in row.values),
            tuple(one.get(row.name) for one in verdicts),
        )


def _rows(columns: Sequence[Fields]) -> Iterable[Row]:
    for name in sorted(set().union(*columns)):
        yield Row(name, tuple(column.get(name) for column in columns))


def _differing(columns: Sequence[Fields]) -> Iterable[Row]:
    return (row for row in _rows(columns) if any(not _same(value, row.values[0]) for value in row.values))


def _same(one: object, other: object) -> bool:
    # In Python true equals 1, in JSON it does not. Nested values are the same if their canonical JSON is.
    if one is None or isinstance(one, str | bool | int | float):
        return type(one) is type(other) and one == other
    return canonical_json(one) == canonical_json(other)


def _evaluations(
    versions: Sequence[Compared], directions: Mapping[str, Direction]
) -> tuple[tuple[EvaluationRow, ...], bool]:
    """Evaluations by name, with at most 5,000 metrics in all, and whether some were left out for that."""
    rows: list[EvaluationRow] = []
    left, cut = MAX_METRICS, False
    for row in _rows([one.evaluations for one in versions]):
        evaluation = _evaluation(row, _verdicts(row, versions, directions))
        size = len(evaluation.metrics) + sum(len(part.metrics) for part in evaluation.slices)
        if size > left:
            cut = True
            continue
        left -= size
        rows.append(evaluation)
    return tuple(rows), cut


def _verdicts(row: Row, versions: Sequence[Compared], directions: Mapping[str, Direction]) -> list[Verdicts]:
    """Of the evaluations of one name: what each shows beside that of the first version."""
    first, first_number = row.values[0], versions[0].version.number
    return [
        Verdicts()
        if first is None or evaluation is None or number == first_number
        else judge(Measured(number, evaluation), Measured(first_number, first), directions)
        for evaluation, number in zip(row.values, [one.version.number for one in versions], strict=True)
    ]


def _evaluation(row: Row, verdicts: Sequence[Verdicts]) -> EvaluationRow:
    present: tuple[Evaluation | None, ...] = row.values
    slices = [{} if one is None else {part.key: part for part in one.slices} for one in present]
    return EvaluationRow(
        row.name,
        _each(present, lambda one: one.kind.value),
        _each(present, lambda one: one.measured_at),
        _each(present, lambda one: one.dataset),
        tuple(_metric_rows([{} if one is None else one.metrics for one in present], [one.metrics for one in verdicts])),
        tuple(
            SliceRow(
                next(part.group for part in same.values if part is not None),
                tuple(
                    _metric_rows(
                        [{} if part is None else part.metrics for part in same.values],
                        [one.slices.get(same.name, {}) for one in verdicts],
                    )
                ),
            )
            for same in _rows(slices)
        ),
    )


def _each(present: tuple[Evaluation | None, ...], value: Callable[[Evaluation], Any]) -> tuple[Any, ...]:
    return tuple(None if one is None else value(one) for one in present)


def _provenance(provenance: Fields) -> Fields:
    """The provenance as flat fields: ``author``, ``run.id``, ``source.commit``, ``runtime.python`` and the like."""
    flat: dict[str, Any] = {}
    for name, value in provenance.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{field}": inner for field, inner in value.items() if field != "requirements"}
        elif name != "datasets":
            flat[name] = value
    return {name: value for name, value in flat.items() if value is not None}


def _datasets(provenance: Fields) -> Fields:
    """The data sets by name. Those of the same name are listed together."""
    by_name: dict[str, list[Any]] = {}
    for dataset in provenance.get("datasets") or ():
        rest = {field: value for field, value in dataset.items() if field != "name" and value is not None}
        by_name.setdefault(dataset["name"], []).append(rest)
    return by_name


def _requirements(provenance: Fields) -> Fields:
    """The required packages by normalised name, each with its lines of the requirements joined by ``; ``."""
    by_name: dict[str, list[str]] = {}
    for line in requirement_lines(provenance):
        named = requirement(line)
        name = line if named is None else named.name
        by_name.setdefault(name, []).append(line.strip())
    return {name: "; ".join(sorted(lines)) for name, lines in by_name.items()}


def _signature(signature: Fields) -> Fields:
    """The inputs and outputs of the model, column by column if the columns have names."""
    flat: dict[str, Any] = {}
    for side, value in signature.items():
        if value is None:
            continue
        columns = _columns(value)
        if columns is None:
            flat[side] = value
        else:
            flat |= {f"{side}.{name}": column for name, column in columns.items()}
    return flat


def _columns(value: object) -> Fields | None:
    """The columns by name; None unless every column has a name of its own."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and value:
        columns = [column for column in value if isinstance(column, Mapping) and isinstance(column.get("name"), str)]
        named = {column["name"]: column for column in columns}
        if len(named) == len(value):
            return named
    return None
