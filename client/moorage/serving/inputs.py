"""The input of a prediction, whatever protocol it came by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from moorage.serving.refusals import RefusedRequestError
from moorage.serving.signatures import Entry


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns of equal length, or named tensors. ``entries`` says what the signature knows of each."""

    columns: Mapping[str, list[Any]]
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(next(iter(self.columns.values()), []))

    def rows(self) -> list[dict[str, Any]]:
        names = tuple(self.columns)
        return [dict(zip(names, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows without names: values, or lists in lists. ``entry`` says what the signature knows of them."""

    values: list[Any]
    entry: Entry | None = None

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.values)


Input: TypeAlias = Table | Rows


def table_of(columns: Mapping[str, list[Any]]) -> Table:
    """A table. Raises RefusedRequestError if its columns differ in length."""
    lengths = {name: len(values) for name, values in columns.items()}
    first = next(iter(lengths.values()), 0)
    odd = next((name for name, length in lengths.items() if length != first), None)
    if odd is not None:
        raise RefusedRequestError(
            f"column {odd!r} has {lengths[odd]} values and column {next(iter(lengths))!r} has {first}: give each row a "
            "value in every column"
        )
    return Table(columns)
