"""Conversion between JSON and frozen dataclasses.

Unknown fields are ignored, because the registry may add some. A missing field takes the dataclass's default. A missing
field without a default, or a value of another type, raises an error that names the field. A field may bring functions
``decode`` and ``encode`` in its ``metadata``, for what its type does not tell (``moorage.metadata.TIMES``).
"""

import dataclasses
import functools
import types
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from moorage.errors import MoorageError

Decoded = TypeVar("Decoded")


class _MisfitError(Exception):
    """What of a document does not fit; its text goes on from the name of the document."""


def decode(kind: type[Decoded], value: object, source: str = "the registry's response") -> Decoded:
    """Convert parsed JSON to a ``kind``. Raises MoorageError if it does not fit. ``source`` says where it is from."""
    try:
        return cast(Decoded, _decode(kind, value, kind.__name__))
    except _MisfitError as misfit:
        raise MoorageError(f"{source} {misfit}") from misfit


def encode(value: object) -> Any:
    """Convert a result to JSON: dataclasses become objects, times RFC 3339 with milliseconds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: field.metadata.get("encode", encode)(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value


def format_time(moment: datetime) -> str:
    """Format a time as the registry does: in UTC, with milliseconds and ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_text(time: datetime | str) -> str:
    """Format a time for a query. Raises ValueError for a datetime without a time zone."""
    if isinstance(time, str):
        return time
    if time.tzinfo is None:
        raise ValueError(f"the time {time} has no time zone: give the datetime a tzinfo")
    return format_time(time)


@functools.cache
def field_types(kind: type) -> Mapping[str, Any]:
    """The types of a dataclass's fields, by name, in their order."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@functools.cache
def _fields(kind: type) -> tuple[tuple[str, Any, bool, Callable[[Any], Any] | None], ...]:
    hints = field_types(kind)
    return tuple(
        (
            field.name,
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
            field.metadata.get("decode"),
        )
        for field in dataclasses.fields(kind)
    )


def _decode(kind: Any, value: object, where: str) -> object:
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin in (Union, types.UnionType):
        return _decode_union(kind, value, where)
    if origin is tuple and isinstance(value, list):
        item = get_args(kind)[0]
        return tuple(_decode(item, entry, f"{where}[{index}]") for index, entry in enumerate(value))
    if origin is dict and isinstance(value, Mapping):
        item = get_args(kind)[1]
        return {str(key): _decode(item, entry, f"{where}.{key}") for key, entry in value.items()}
    if origin is None and dataclasses.is_dataclass(kind) and isinstance(value, Mapping):
        return _decode_dataclass(cast(type, kind), value, where)
    return _decode_plain(kind, value, where)


def _decode_union(kind: Any, value: object, where: str) -> object:
    members = get_args(kind)
    if value is None and type(None) in members:
        return None
    present = [member for member in members if member is not type(None)]
    if len(present) == 1:
        return _decode(present[0], value, where)
    if type(value) in present:
        return value
    raise _unexpected(kind, value, where)


def _decode_dataclass(kind: type, value: Mapping[str, object], where: str) -> object:
    arguments: dict[str, object] = {}
    for name, hint, required, convert in _fields(kind):
        if name in value:
            decoded = _decode(hint, value[name], f"{where}.{name}")
            arguments[name] = decoded if convert is None else _converted(convert, decoded, f"{where}.{name}")
        elif required:
            raise _MisfitError(f"has no {where}.{name}")
    return kind(**arguments)


def _converted(convert: Callable[[Any], Any], value: object, where: str) -> object:
    try:
        return convert(value)
    except ValueError as error:
        raise _MisfitError(f"has something unexpected in {where}: {error}") from error


def _decode_plain(kind: Any, value: object, where: str) -> object:
    if kind is datetime and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError as error:
            raise _unexpected(kind, value, where) from error
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and type(value) is kind:
        return value
    raise _unexpected(kind, value, where)


def _unexpected(kind: Any, value: object, where: str) -> _MisfitError:
    expected = getattr(kind, "__name__", str(kind))
    return _MisfitError(f"has {where} of type {type(value).__name__} instead of {expected}")
