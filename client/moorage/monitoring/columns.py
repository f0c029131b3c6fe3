"""Data of any kind as columns of plain values: lists, rows, arrays of NumPy, series and frames of pandas.

The libraries are recognised by how their objects behave, so that none of them is imported.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, Final, TypeAlias

# A mapping of columns, a list of rows, a frame, or an array with a column for each name.
Data: TypeAlias = Any

# What pandas has in place of a value. Comparing it with anything gives neither true nor false.
_ABSENT: Final = ("NAType", "NaTType")
_ROWS_AND_COLUMNS: Final = 2


def columns(data: Data, names: Sequence[str] | None = None) -> dict[str, list[Any]]:
    """The columns of ``data`` by name. ``names`` names those of an array, which has no names of its own.

    Raises ValueError if it cannot tell the columns, for columns of different lengths, and for two of the same name.
    """
    listed = _columns(data, names)
    name, count = max(Counter(name for name, _ in listed).items(), key=lambda named: named[1], default=("", 0))
    if count > 1:
        raise ValueError(f"{count} columns are named {name!r}: give each a name of its own")
    found = dict(listed)
    if len({len(column) for column in found.values()}) > 1:
        lengths = ", ".join(f"{name!r} {len(column)}" for name, column in found.items())
        raise ValueError(f"the columns have different numbers of values: {lengths}")
    return found


def _columns(data: Data, names: Sequence[str] | None) -> list[tuple[str, list[Any]]]:
    if isinstance(data, Mapping):
        return [(str(name), _values(column, str(name))) for name, column in data.items()]
    if hasattr(data, "columns") and hasattr(data, "iloc"):
        # By position: of two columns of the same name, the name alone would give both.
        return [(str(name), _values(data.iloc[:, index], str(name))) for index, name in enumerate(data.columns)]
    if hasattr(data, "name") and hasattr(data, "iloc"):
        return [(str(data.name), _values(data, str(data.name)))]
    if hasattr(data, "dtype") and hasattr(data, "ndim"):
        return _of_array(data, names)
    return _of_rows(list(data))


def _of_array(array: Any, names: Sequence[str] | None) -> list[tuple[str, list[Any]]]:
    if names is None:
        raise ValueError("an array has no names of columns: give names=[…], one for each column")
    width = array.shape[1] if array.ndim == _ROWS_AND_COLUMNS else 1
    if not 1 <= array.ndim <= _ROWS_AND_COLUMNS or width != len(names):
        raise ValueError(f"an array of shape {tuple(array.shape)} has not one column for each of {len(names)} names")
    each = array.T if array.ndim == _ROWS_AND_COLUMNS else [array]
    return [(name, _values(column, name)) for name, column in zip(names, each, strict=True)]


def _of_rows(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    """Rows as mappings. A field that only some of them have is missing in the others."""
    if not all(isinstance(row, Mapping) for row in rows):
        raise ValueError("give columns by name, rows with named fields, a frame, or an array with names=[…]")
    names = dict.fromkeys(name for row in rows for name in row)
    return [(str(name), [plain(row.get(name)) for row in rows]) for name in names]


def _values(column: Iterable[Any], name: str) -> list[Any]:
    kind = getattr(getattr(column, "dtype", None), "kind", "")
    if kind in ("m", "M"):
        raise ValueError(f"the column {name!r} has times: give numbers, such as ages in days, or categories")
    if hasattr(column, "tolist"):
        column = column.tolist()
    return [plain(value) for value in column]


def plain(value: Any) -> Any:
    """A value without its library: a float, a text, a bool, or None for what is missing.

    NaN and infinities are missing as well, and so are integers too large for a float: they have no place among numbers.
    """
    if value is None or type(value).__name__ in _ABSENT:
        return None
    if hasattr(value, "item") and hasattr(value, "dtype"):
        value = value.item()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            return None
        return number if isfinite(number) else None
    return value
