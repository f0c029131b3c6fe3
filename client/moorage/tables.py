"""Comparisons and series as pandas tables."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from moorage.comparison import ComparedSlice, Comparison, MetricRow, Row
from moorage.frames import frame_by, pandas_module
from moorage.search import Series

if TYPE_CHECKING:
    import pandas

# The sections of a comparison whose rows have one value for each version, in the order of the table.
_SECTIONS: Final = (
    "checks",
    "parameters",
    "provenance",
    "datasets",
    "requirements",
    "framework",
    "signature",
    "files",
)


def series_table(series: Series) -> "pandas.DataFrame":
    """A row for each version that has a value, by number, and a column for each metric."""
    numbers = sorted({point.number for points in series.metrics.values() for point in points})
    values = {metric: {point.number: point.value for point in points} for metric, points in series.metrics.items()}
    index = pandas_module().Index(numbers, name="version", dtype="int64")
    return frame_by(index, {metric: [by.get(number) for number in numbers] for metric, by in values.items()})


def comparison_table(comparison: Comparison) -> "pandas.DataFrame":
    """A row for each compared value, by section and name, and a column for each version."""
    rows = list(compared_rows(comparison))
    index = pandas_module().MultiIndex.from_tuples(
        [(section, row.name) for section, row in rows], names=["section", "name"]
    )
    numbers = [version.number for version in comparison.versions]
    return frame_by(index, {number: [row.values[at] for _, row in rows] for at, number in enumerate(numbers)})


def compared_rows(comparison: Comparison) -> Iterator[tuple[str, MetricRow | Row]]:
    """All values of a comparison, each with its section."""
    for measure in comparison.metrics:
        yield "metrics", measure
    for evaluation in comparison.evaluations:
        for measure in evaluation.metrics:
            yield f"evaluations.{evaluation.name}", measure
        for group in evaluation.slices:
            for measure in group.metrics:
                yield f"evaluations.{evaluation.name}[{_described(group)}]", measure
    for section in _SECTIONS:
        rows: tuple[Row, ...] = getattr(comparison, section)
        for row in rows:
            yield section, row


def _described(group: ComparedSlice) -> str:
    return ", ".join(f"{name}={value}" for name, value in group.group.items())
