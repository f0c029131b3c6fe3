"""The modules that an object needs when it is loaded: those of its classes, and of all that it consists of."""

import dis
import io
import logging
import pickle
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

_log = logging.getLogger(__name__)


def modules_of(model: object) -> set[str]:
    """The names of the modules that define the classes and functions in ``model``, without the standard library.

    It takes the way that pickle would, but keeps nothing, and does not read the data of arrays. What cannot be pickled
    is known by its class alone.
    """
    found = _Found(io.BytesIO())
    found.see(model)
    try:
        found.dump(model)
    except Exception as error:  # noqa: BLE001 - any class may refuse to be pickled, with any error
        _log.info("some requirements may be missing: not all of the model can be looked through: %s", error)
    return {name for name in found.modules if name.partition(".")[0] not in sys.stdlib_module_names}


class _Found(pickle.Pickler):
    """Remembers the modules of all that it is asked to pickle."""

    def __init__(self, sink: io.BytesIO) -> None:
        super().__init__(sink, protocol=pickle.HIGHEST_PROTOCOL)
        self.modules: set[str] = set()
        self._functions: set[CodeType] = set()

    def see(self, value: object) -> None:
        if isinstance(value, ModuleType):
            self.modules.add(value.__name__)
        elif isinstance(value, FunctionType):
            self._see_function(value)
        else:
            kind = value if isinstance(value, type) else type(value)
            self.modules.update(one.__module__ for one in kind.__mro__)

    def persistent_id(self, value: Any) -> str | None:
        """Called for every object. What it gives a name is not looked into."""
        self.see(value)
        leaf = isinstance(value, ModuleType | FunctionType | type) or (
            hasattr(value, "shape") and hasattr(value, "dtype") and str(value.dtype) != "object"
        )
        return "left out" if leaf else None

    def _see_function(self, function: FunctionType) -> None:
        if function.__code__ in self._functions:
            return
        self._functions.add(function.__code__)
        self.modules.add(function.__module__)
        for code in _codes(function.__code__):
            self.modules.update(_imported(code))
            for name in code.co_names:
                if name in function.__globals__:
                    self.see(function.__globals__[name])


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function and of those that it defines."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _imported(code: CodeType) -> Iterator[str]:
    """The modules that the code imports when it runs."""
    return (step.argval for step in dis.get_instructions(code) if step.opname == "IMPORT_NAME" and step.argval)
