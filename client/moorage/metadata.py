"""Typed metadata: a time is ``{"$time": "…"}`` in the API and a datetime in Python."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from moorage.decoding import format_time

_TIME: Final = "$time"


def to_wire(value: Any) -> Any:
    """Replace every datetime in ``value`` by its form in the API. Raises ValueError for one without a time zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"the time {value.isoformat()} in the metadata has no time zone: give it a tzinfo")
        return {_TIME: format_time(value)}
    if isinstance(value, Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_wire(item) for item in value]
    return value


def from_wire(value: Any) -> Any:
    """Replace every time in the form of the API by a datetime: the reverse of ``to_wire``.

    Raises ValueError if what stands for a time is none.
    """
    if isinstance(value, Mapping):
        if value.keys() == {_TIME}:
            return datetime.fromisoformat(str(value[_TIME]))
        return {key: from_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_wire(item) for item in value]
    return value


# Marks a field of a result that holds such times: ``field(default_factory=dict, metadata=TIMES)``.
TIMES: Final = MappingProxyType({"decode": from_wire, "encode": to_wire})
