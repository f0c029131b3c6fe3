"""CPython's own unpicklers, which here import nothing: they say what they would have imported."""

import io
import pickle
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections.abc import Callable
from typing import Any

from chalicelib.domain.scanning.pickles.findings import printable


class Inert:
    """Stands for whatever a pickle asks for. It does nothing, whatever is done to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __new__(cls, *args: Any, **kwargs: Any) -> "Inert":
        return super().__new__(cls)

    def __call__(self, *args: Any) -> "Inert":
        return self

    def __setstate__(self, state: Any) -> None:
        pass

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def append(self, value: Any) -> None:
        pass

    def extend(self, values: Any) -> None:
        pass

    def add(self, value: Any) -> None:
        pass


def imports_of(content: bytes, unpickler: type[Any]) -> set[str]:
    """What the unpickler asks for in the first pickle, until it ends or fails."""
    asked: set[str] = set()

    class Recorder(unpickler):
        def find_class(self, module: str, name: str) -> type[Inert]:
            asked.add(meant(module, name, content))
            return type("Stand", (Inert,), {})

        def persistent_load(self, persistent_id: Any) -> Inert:
            return Inert()

    try:
        Recorder(io.BytesIO(content)).load()
    # What hostile bytes make an unpickler raise is not listed anywhere.
    except Exception:  # noqa: BLE001
        return asked
    return asked


def meant(module: str, name: str, content: bytes) -> str:
    """The import as the scan writes it: before protocol 3, names of Python 2 are translated."""
    # The protocol is the one at the beginning: the tests set no other.
    protocol = content[1] if content[:1] == b"\x80" else 0
    if protocol < 3:
        module, name = NAME_MAPPING.get((module, name), (IMPORT_MAPPING.get(module, module), name))
    return printable(f"{module}.{name}")


UNPICKLERS: tuple[Callable[..., Any], ...] = (pickle.Unpickler, pickle._Unpickler)
