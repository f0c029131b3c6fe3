"""The inputs and outputs of a model, in MLflow's form, read from an example or from annotations.

Named columns are ``[{"name", "type", "required"}]`` and arrays ``[{"type": "tensor", "tensor-spec": {"dtype",
"shape"}}]``, whose first dimension is -1: any number of rows. No framework is imported. pandas, NumPy, PyTorch and
others are known by what their objects have: ``columns`` and ``dtypes``, or ``shape`` and ``dtype``.
"""

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Final

_OF_PYTHON: Final[dict[type, str]] = {
    bool: "boolean",
    int: "long",
    float: "double",
    str: "string",
    bytes: "binary",
    datetime: "datetime",
    date: "datetime",
}
_OF_DTYPES: Final = {
    "bool": "boolean",
    "boolean": "boolean",
    "int8": "integer",
    "int16": "integer",
    "int32": "integer",
    "uint8": "integer",
    "uint16": "integer",
    "uint32": "long",
    "int64": "long",
    "float16": "float",
    "float32": "float",
    "float64": "double",
    "string": "string",
    "str": "string",
    "category": "string",
}


def specification(example: Any) -> list[dict[str, Any]]:
    """What an example tells of inputs or outputs. Raises TypeError for a kind of example that it does not know.

    ``example`` is a table with named columns, an array or tensor, a mapping of names to arrays, lists or scalars, a
    list of such rows, a tuple of arguments, or a list of numbers.
    """
    if hasattr(example, "columns") and hasattr(example, "dtypes"):
        return [_column(str(name), example[name]) for name in example.columns]
    if _is_array(example):
        return [_tensor(example)]
    if isinstance(example, Mapping):
        return [_entry(str(name), value) for name, value in example.items()]
    if isinstance(example, tuple):
        return [entry for argument in example for entry in specification(argument)]
    if isinstance(example, list):
        return _of_list(example)
    return [{"type": _scalar_type(example)}]


def declared(function: Callable[..., object]) -> dict[str, list[dict[str, Any]]]:
    """The inputs and outputs that the annotations of a function declare.

    Raises TypeError if a parameter has no annotation that can be read, or if the function takes any number of them.
    """
    try:
        hints = typing.get_type_hints(function)
    except NameError as error:
        raise TypeError(f"an annotation cannot be read: {error}") from error
    parameters = inspect.signature(function).parameters.values()
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"the parameter {parameter} stands for any number of them")
        if parameter.name not in hints:
            raise TypeError(f"the parameter {parameter.name!r} has no type")
    inputs = [
        {"name": one.name, "type": _annotated_type(hints[one.name]), "required": one.default is one.empty}
        for one in parameters
    ]
    returned = hints.get("return", NoneType)
    return {"inputs": inputs, "outputs": [] if returned is NoneType else [{"type": _annotated_type(returned)}]}


def _column(name: str, values: Any) -> dict[str, Any]:
    missing = bool(values.isna().any()) if hasattr(values, "isna") else False
    return {"name": name, "type": _dtype_type(values), "required": not missing}


def _dtype_type(values: Any) -> str:
    dtype = str(values.dtype).rpartition(".")[2].lower()
    if dtype.startswith("datetime"):
        return "datetime"
    if dtype == "object":
        present = values.dropna() if hasattr(values, "dropna") else values
        return _scalar_type(next(iter(present), ""))
    return _OF_DTYPES.get(dtype, dtype)


def _is_array(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype") and len(value.shape) > 0


def _tensor(array: Any) -> dict[str, Any]:
    # PyTorch prints its types as torch.float32.
    dtype = str(array.dtype).rpartition(".")[2]
    shape = [-1, *(int(size) for size in array.shape[1:])]
    return {"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}


def _entry(name: str, value: Any) -> dict[str, Any]:
    if _is_array(value):
        return {"name": name, **_tensor(value)}
    if isinstance(value, list | tuple):
        return {"name": name, "type": _shared_type(value), "required": None not in value}
    return {"name": name, "type": _scalar_type(value), "required": value is not None}


def _of_list(rows: list[Any]) -> list[dict[str, Any]]:
    if not rows:
        raise TypeError("an empty list tells nothing of the inputs")
    if all(isinstance(row, Mapping) for row in rows):
        names = dict.fromkeys(str(name) for row in rows for name in row)
        return [_entry(name, [row.get(name) for row in rows]) for name in names]
    shape = _shape(rows)
    if shape == [-1]:
        return [{"type": _shared_type(rows)}]
    flat: Sequence[Any] = rows
    for _ in shape[1:]:
        flat = [value for row in flat for value in row]
    return [{"type": "tensor", "tensor-spec": {"dtype": _shared_type(flat), "shape": shape}}]


def _shape(rows: Any) -> list[int]:
    """The shape of lists in lists. Raises TypeError if some are longer than others."""
    shape = [-1]
    level = list(rows)
    while level and isinstance(level[0], list | tuple):
        if {len(row) if isinstance(row, list | tuple) else -1 for row in level} != {len(level[0])}:
            raise TypeError("its rows differ in length")
        shape.append(len(level[0]))
        level = [value for row in level for value in row]
    return shape


def _shared_type(values: Iterable[Any]) -> str:
    """The type of all values that are not None. Integers among floats are floats."""
    types = {_scalar_type(value) for value in values if value is not None}
    if types == {"long", "double"}:
        return "double"
    if len(types) != 1:
        raise TypeError(f"it mixes {' and '.join(sorted(types))}" if types else "it has no values")
    return types.pop()


def _scalar_type(value: Any) -> str:
    known = next((_OF_PYTHON[kind] for kind in type(value).__mro__ if kind in _OF_PYTHON), None)
    if known is not None:
        return known
    if hasattr(value, "dtype"):
        return _OF_DTYPES.get(str(value.dtype).rpartition(".")[2], str(value.dtype))
    raise TypeError(f"it has values of type {type(value).__qualname__}")


def _annotated_type(annotation: Any) -> str:
    """A type of Python in MLflow's words where it has one, else as it is written."""
    if typing.get_origin(annotation) in (typing.Union, UnionType):
        rest = [kind for kind in typing.get_args(annotation) if kind is not NoneType]
        if len(rest) == 1:
            return _annotated_type(rest[0])
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return _OF_PYTHON.get(annotation, annotation.__qualname__)
    return str(annotation).replace("typing.", "")
