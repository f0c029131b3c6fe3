"""The check of an input against the signature, before the model sees it.

Types are MLflow's words, as ``moorage.capture.signature`` writes them. Words that are none of these, such as
``dict[str, float]`` of a function's annotation, are left to the model.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from moorage.serving.inputs import Input, Rows, Table, table_of
from moorage.serving.refusals import RefusedRequestError
from moorage.serving.signatures import Entry

_NAMED_MOST: Final = 10


def checked(given: Input, inputs: tuple[Entry, ...]) -> Input:
    """The input in the form and with the types that the signature declares. Without a signature, it stays as it is.

    Raises RefusedRequestError, which names the column or tensor, and the row.
    """
    if not inputs:
        return given
    if len(inputs) == 1 and inputs[0].name is None:
        return _unnamed(given, inputs[0])
    return _named(given, {str(entry.name): entry for entry in inputs})


def _unnamed(given: Input, entry: Entry) -> Rows:
    values = given.values if isinstance(given, Rows) else _without_names(given, entry)
    return Rows(_values(values, entry), entry)


def _without_names(given: Table, entry: Entry) -> list[Any]:
    """The rows of a table for a model that knows no names, with the columns in the order in which they were given."""
    columns = list(given.columns.values())
    if len(columns) == 1 and (not entry.is_tensor or len(entry.shape) != 2 or _holds_lists(columns[0])):
        return columns[0]
    return [list(row) for row in zip(*columns, strict=True)]


def _holds_lists(values: list[Any]) -> bool:
    return bool(values) and isinstance(values[0], list)


def _named(given: Input, entries: Mapping[str, Entry]) -> Table:
    columns = given.columns if isinstance(given, Table) else _with_names(given, tuple(entries))
    unknown = [name for name in columns if name not in entries]
    if unknown:
        raise RefusedRequestError(
            f"column {unknown[0]!r} is none of the model's inputs, which are {_listed(list(entries))}: leave it out"
        )
    missing = [name for name, entry in entries.items() if entry.required and name not in columns]
    if missing:
        raise RefusedRequestError(f"{entries[missing[0]].place} is missing: the model needs {_listed(missing)}")
    # In the order of the signature, which is that of the training data.
    values = {name: _values(columns[name], entry) for name, entry in entries.items() if name in columns}
    return Table(table_of(values).columns, entries)


def _with_names(given: Rows, names: tuple[str, ...]) -> dict[str, list[Any]]:
    if len(names) == 1 and not _holds_lists(given.values):
        return {names[0]: given.values}
    for number, row in enumerate(given.values):
        if not isinstance(row, list) or len(row) != len(names):
            found = f"{len(row)} values" if isinstance(row, list) else "no list of values"
            raise RefusedRequestError(
                f"row {number} has {found}, and the model takes {len(names)}: {_listed(list(names))}"
            )
    return {name: [row[place] for row in given.values] for place, name in enumerate(names)}


def _values(values: list[Any], entry: Entry) -> list[Any]:
    if entry.is_tensor:
        _check_tensor(values, entry)
        return values
    convert = _CONVERSIONS.get(entry.type)
    return values if convert is None else [_value(value, convert, entry, row) for row, value in enumerate(values)]


def _value(value: Any, convert: Callable[[Any], Any], entry: Entry, row: int) -> Any:
    if value is None:
        if not entry.required:
            return None
        raise RefusedRequestError(f"{entry.place}, row {row}: there is no value, and the model needs one")
    try:
        return convert(value)
    except ValueError as error:
        raise RefusedRequestError(f"{entry.place}, row {row}: {error}, and {entry.type} is needed") from error


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _unfit(value)
    return value


def _integer(bits: int) -> Callable[[Any], int]:
    most = 2 ** (bits - 1)

    def convert(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not -most <= value < most:
            raise _unfit(value)
        return value

    return convert


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _unfit(value)
    try:
        return float(value)
    except OverflowError as error:
        raise _unfit(value) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _unfit(value)
    return value


def _binary(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise ValueError(f"{_shown(value)} is not base64") from error


def _time(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(_text(value))
    except ValueError as error:
        raise ValueError(f"{_shown(value)} is not a time in ISO 8601") from error


_CONVERSIONS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "boolean": _boolean,
    "integer": _integer(32),
    "long": _integer(64),
    "float": _number,
    "double": _number,
    "string": _text,
    "binary": _binary,
    "datetime": _time,
}


def _check_tensor(values: Any, entry: Entry) -> None:
    """Raise RefusedRequestError unless lists in lists have the shape and the kind of numbers of a tensor."""
    shape: list[int] = []
    level = [values]
    while level and isinstance(level[0], list):
        sizes = {len(part) if isinstance(part, list) else -1 for part in level}
        if len(sizes) > 1:
            raise RefusedRequestError(f"{entry.place} is uneven: its lists on level {len(shape)} differ in length")
        shape.append(sizes.pop())
        level = [value for part in level for value in part]
    fits = len(shape) == len(entry.shape) and all(
        wanted in (-1, size) for wanted, size in zip(entry.shape, shape, strict=True)
    )
    # An empty list does not tell how its rows would be.
    if entry.shape and not fits and 0 not in shape:
        raise RefusedRequestError(f"{entry.place} has the shape {shape}, and the model takes {list(entry.shape)}")
    convert = next((check for prefix, check in _TENSOR_VALUES if entry.dtype.startswith(prefix)), None)
    if convert is None:
        return
    for value in level:
        try:
            convert(value)
        except ValueError as error:
            raise RefusedRequestError(f"{entry.place}: {error}, and {entry.dtype} is needed") from error


# The types of NumPy, and the words that a signature has for lists of Python's own values.
_TENSOR_VALUES: Final[tuple[tuple[str, Callable[[Any], Any]], ...]] = (
    ("bool", _boolean),
    ("int", _integer(64)),
    ("long", _integer(64)),
    ("uint", _integer(65)),
    ("float", _number),
    ("double", _number),
    ("str", _text),
)


def _unfit(value: Any) -> ValueError:
    return ValueError(f"{_shown(value)} does not fit")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_NAMED_MOST])
    return f"{shown} and {len(names) - _NAMED_MOST} more" if len(names) > _NAMED_MOST else shown
