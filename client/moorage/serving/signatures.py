"""The inputs and outputs of a model as its version declares them, in MLflow's form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

TENSOR: Final = "tensor"


@dataclass(frozen=True, slots=True)
class Entry:
    """One input or output: a column of values, or a tensor.

    ``name`` is None for the only one of a model that names none. ``type`` is a word such as ``long``, or ``tensor``:
    then ``dtype`` and ``shape`` describe it, and -1 stands for any size.
    """

    name: str | None
    type: str
    dtype: str = ""
    shape: tuple[int, ...] = ()
    required: bool = True

    @property
    def is_tensor(self) -> bool:
        return self.type == TENSOR

    @property
    def place(self) -> str:
        """How an error calls it."""
        kind = "tensor" if self.is_tensor else "column"
        return "the input" if self.name is None else f"{kind} {self.name!r}"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a model takes and answers. Both are empty if the version does not declare it."""

    inputs: tuple[Entry, ...] = ()
    outputs: tuple[Entry, ...] = ()

    @classmethod
    def parse(cls, document: Mapping[str, Any] | None) -> Self:
        """Read ``{"inputs": [...], "outputs": [...]}``. What is missing or of another form is taken as not declared."""
        found = document or {}
        return cls(_entries(found.get("inputs")), _entries(found.get("outputs")))


def _entries(listed: object) -> tuple[Entry, ...]:
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        return ()
    entries = tuple(_entry(one) for one in listed)
    if len(entries) == 1:
        return entries
    # Several have a name each, so that errors and requests can tell them apart.
    return tuple(
        one if one.name is not None else Entry(str(place), one.type, one.dtype, one.shape, one.required)
        for place, one in enumerate(entries)
    )


def _entry(document: Mapping[str, Any]) -> Entry:
    name = document.get("name")
    tensor = document.get("tensor-spec")
    described = tensor if isinstance(tensor, Mapping) else {}
    shape = described.get("shape")
    return Entry(
        name=name if isinstance(name, str) else None,
        type=str(document.get("type", "")),
        dtype=str(described.get("dtype", "")),
        shape=tuple(shape) if isinstance(shape, list) and all(type(size) is int for size in shape) else (),
        required=document.get("required", True) is not False,
    )
