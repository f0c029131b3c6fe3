"""Inputs as the tables, matrices and tensors of frameworks. NumPy and pandas are imported when they are needed."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from moorage.frameworks.saver import library
from moorage.serving.inputs import Input, Rows, Table
from moorage.serving.signatures import Entry

_EXTRA: Final = "pandas"
# MLflow's types as those of arrays. Texts, bytes and times stay objects.
_DTYPES: Final = {"boolean": "bool", "integer": "int32", "long": "int64", "float": "float32", "double": "float64"}


def table(given: Input) -> Any:
    """What scikit-learn takes: a DataFrame if there are names and pandas, else an array with a column for each name."""
    if isinstance(given, Rows):
        return _array(given.values, given.entry)
    try:
        import pandas
    except ModuleNotFoundError:
        return matrix(given)
    columns = {
        name: pandas.Series(_times(values), dtype=_dtype(values, given.entries.get(name)))
        for name, values in given.columns.items()
    }
    return pandas.DataFrame(columns)


def matrix(given: Input) -> Any:
    """An array with a row for each row and a column for each column. Numbers are floats; what is missing is NaN."""
    if isinstance(given, Rows):
        return _array(given.values, given.entry)
    numpy = library("numpy", _EXTRA)
    columns = list(given.columns.values())
    numeric = all(value is None or isinstance(value, int | float) for values in columns for value in values)
    return numpy.array([list(row) for row in zip(*columns, strict=True)], dtype="float64" if numeric else object)


def tensors(given: Input, names: Collection[str] | None) -> dict[str, Any]:
    """An array for each input of a graph or a program, in their order, by ``names`` if the caller has these.

    A graph with one input gets all columns in one array.
    """
    if isinstance(given, Table) and (names is None or len(names) > 1 or set(names) == set(given.columns)):
        return {name: _array(values, given.entries.get(name)) for name, values in given.columns.items()}
    values = _array(given.values, given.entry) if isinstance(given, Rows) else matrix(given).astype("float32")
    return {next(iter(names or ("",))): values}


def _array(values: list[Any], entry: Entry | None) -> Any:
    numpy = library("numpy", _EXTRA)
    if entry is not None and entry.is_tensor:
        return numpy.array(values, dtype=_DTYPES.get(entry.dtype, entry.dtype.replace("string", "str")) or None)
    return numpy.array(_times(values), dtype=_dtype(values, entry))


def _dtype(values: list[Any], entry: Entry | None) -> str | None:
    """The type of a column. One that lacks values gets a type that has a value for that."""
    if entry is None or (None in values and entry.type not in ("float", "double")):
        return None
    return _DTYPES.get(entry.type)


def _times(values: list[Any]) -> list[Any]:
    """Times in UTC without a zone, which is how arrays have them."""
    return [
        value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
        for value in values
    ]
