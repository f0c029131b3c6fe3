"""Results as pandas tables. pandas is imported when the first table is made."""

import dataclasses
import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin

from moorage.decoding import field_types
from moorage.extras import need

if TYPE_CHECKING:
    import pandas

# The column of a list whose items have no fields, such as names.
_ONLY: Final = "value"
_LARGEST: Final = 2**63


def frame_of(kind: type, items: Iterable[object]) -> "pandas.DataFrame":
    """A row for each item and a column for each field, in the fields' order.

    Fields of a nested result are columns such as ``locked.by``, and so are names in a mapping: ``metrics.auc``, sorted.
    Fields that the ``repr`` leaves out, such as secrets, are left out. Times are datetimes in UTC.
    """
    rows = [_row(kind, item) for item in items]
    names = _columns(kind, rows)
    return _frame({name: [row.get(name) for row in rows] for name in names}, _times(kind, ""), range(len(rows)))


def frame_by(index: "pandas.Index", columns: Mapping[Any, Sequence[object]]) -> "pandas.DataFrame":
    """A table with these columns over ``index``."""
    return _frame(columns, frozenset(), index)


def pandas_module() -> Any:
    return need("pandas", "pandas", "a table")


def _frame(columns: Mapping[Any, Sequence[object]], times: frozenset[str], index: Any) -> "pandas.DataFrame":
    return pandas_module().DataFrame(
        {name: _column(values, name in times, index) for name, values in columns.items()}, index=index
    )


def _column(values: Sequence[object], time: bool, index: Any) -> "pandas.Series[Any]":
    pd = pandas_module()
    present = [value for value in values if value is not None]
    if time or (present and all(isinstance(value, datetime) for value in present)):
        return pd.Series(pd.to_datetime(list(values), utc=True), index=index)
    gaps = len(present) < len(values)
    if gaps and present and all(type(value) is int and abs(value) < _LARGEST for value in present):
        # Floats would round large numbers, and show the number of a version as 3.0.
        return pd.Series(values, index=index, dtype="Int64")
    return pd.Series(values, index=index, dtype=None if present else object)


def _row(kind: type, item: object) -> dict[str, object]:
    if not dataclasses.is_dataclass(kind):
        return {_ONLY: item}
    row: dict[str, object] = {}
    for name in _shown(kind):
        _add(row, name, getattr(item, name))
    return row


def _add(row: dict[str, object], name: str, value: object) -> None:
    if isinstance(value, Mapping):
        for key, member in value.items():
            _add(row, f"{name}.{key}", member)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for part in _shown(type(value)):
            _add(row, f"{name}.{part}", getattr(value, part))
    else:
        row[name] = value


def _columns(kind: type, rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The columns of a kind, with the names that the mappings of the rows have."""
    found = {name for row in rows for name in row}
    names: list[str] = []
    for name, is_mapping in _fields(kind, ""):
        names += sorted(one for one in found if one.startswith(f"{name}.")) if is_mapping else [name]
    return names


def _fields(kind: type, prefix: str) -> list[tuple[str, bool]]:
    """The columns of a dataclass, and whether each stands for the members of a mapping."""
    if not dataclasses.is_dataclass(kind):
        return [(_ONLY, False)]
    types_of = field_types(kind)
    columns: list[tuple[str, bool]] = []
    for name in _shown(kind):
        held = _held(types_of[name])
        if isinstance(held, type) and dataclasses.is_dataclass(held):
            columns += _fields(held, f"{prefix}{name}.")
        else:
            columns.append((f"{prefix}{name}", get_origin(held) is dict))
    return columns


def _times(kind: type, prefix: str) -> frozenset[str]:
    if not dataclasses.is_dataclass(kind):
        return frozenset()
    times: set[str] = set()
    for name in _shown(kind):
        held = _held(field_types(kind)[name])
        if held is datetime:
            times.add(f"{prefix}{name}")
        elif isinstance(held, type) and dataclasses.is_dataclass(held):
            times |= _times(held, f"{prefix}{name}.")
    return frozenset(times)


def _held(hint: Any) -> Any:
    """The type of a field without its None."""
    if get_origin(hint) in (Union, types.UnionType):
        present = [member for member in get_args(hint) if member is not type(None)]
        return present[0] if len(present) == 1 else hint
    return hint


def _shown(kind: type) -> list[str]:
    return [field.name for field in dataclasses.fields(kind) if field.repr]
