"""The source of a function with all that it needs and nothing else, as a module of its own.

The whole file of a function would run again whatever else the file does, such as training and logging.
"""

import ast
import dis
import inspect
import math
import sys
import textwrap
from collections.abc import Iterable
from types import CodeType, FunctionType, ModuleType
from typing import Final, cast

from moorage.errors import UnsupportedModelError

_PLAIN: Final = (str, bytes, int, bool, type(None))
_HINT: Final = "pass it as an argument, or log with format='cloudpickle'"


def standalone_source(function: FunctionType) -> str:
    """A module that defines ``function``, the functions of its module that it calls, and their imports and constants.

    Raises UnsupportedModelError if it needs what source cannot tell: variables around it, objects, or a decorator.
    """
    collected = _Collected(function.__module__)
    collected.add_function(function)
    parts = [
        "from __future__ import annotations",
        "\n".join(sorted(collected.imports)),
        "\n".join(collected.constants),
        *collected.definitions.values(),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


class _Collected:
    """What a function needs, in the order in which a module has to have it."""

    def __init__(self, module: str) -> None:
        self.imports: set[str] = set()
        self.constants: list[str] = []
        self.definitions: dict[str, str] = {}
        self._module = module
        self._begun: set[str] = set()

    def add_function(self, function: FunctionType) -> None:
        name = function.__name__
        if name in self._begun:
            return
        self._begun.add(name)
        source, definition = _definition(function)
        for needed in sorted(_names(function.__code__) | _names_in(_defaults(definition))):
            if needed != name and needed in function.__globals__:
                self._add(needed, function.__globals__[needed], name)
        for annotation in sorted(_names_in(_annotations(definition))):
            # They are not evaluated, so one without a home does no harm.
            if annotation in function.__globals__:
                self._import(annotation, function.__globals__[annotation])
        self.definitions[name] = source

    def _add(self, name: str, value: object, needed_by: str) -> None:
        if name in self._begun:
            return
        if isinstance(value, FunctionType) and value.__module__ == self._module and value.__name__ == name:
            self.add_function(value)
        elif _is_plain(value):
            self._begun.add(name)
            self.constants.append(f"{name} = {value!r}")
        elif not self._import(name, value):
            raise UnsupportedModelError(
                f"the function {needed_by!r} uses {name}, a {type(value).__qualname__}, which its source does not "
                f"define: {_HINT}"
            )

    def _import(self, name: str, value: object) -> bool:
        """Import a module, or what another module has. Returns whether it is one of these."""
        home = _home(value, self._module)
        if isinstance(value, ModuleType):
            self.imports.add(f"import {value.__name__} as {name}")
        elif home is not None:
            self.imports.add(f"from {home[0]} import {home[1]} as {name}")
        return home is not None or isinstance(value, ModuleType)


def _definition(function: FunctionType) -> tuple[str, ast.FunctionDef]:
    """The function's source and its syntax tree."""
    if function.__closure__ or "<" in function.__qualname__ or "." in function.__qualname__:
        raise UnsupportedModelError(
            f"{function.__qualname__!r} is defined inside of something else: define the function at the top of a "
            "module, or log it with format='cloudpickle'"
        )
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError as error:
        raise UnsupportedModelError(
            f"the source of {function.__qualname__!r} is not in a file: log it with format='cloudpickle'"
        ) from error
    tree = ast.parse(source).body[0]
    if not isinstance(tree, ast.FunctionDef) or tree.decorator_list:
        raise UnsupportedModelError(
            f"{function.__qualname__!r} is no plain function (def without a decorator): log it with "
            "format='cloudpickle'"
        )
    return source, tree


def _names(code: CodeType) -> set[str]:
    """The global names that the code uses, those of functions in it too."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    used = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return used.union(*map(_names, inner))


def _names_in(expressions: Iterable[ast.expr]) -> set[str]:
    return {node.id for one in expressions for node in ast.walk(one) if isinstance(node, ast.Name)}


def _defaults(definition: ast.FunctionDef) -> list[ast.expr]:
    return [*definition.args.defaults, *(one for one in definition.args.kw_defaults if one is not None)]


def _annotations(definition: ast.FunctionDef) -> list[ast.expr]:
    given = definition.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    found = [definition.returns, *(parameter.annotation for parameter in parameters)]
    return [annotation for annotation in found if annotation is not None]


def _home(value: object, module: str) -> tuple[str, str] | None:
    """The other module that has a class or function, and its name there. None if there is none to import from."""
    home, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not callable(value) or not isinstance(home, str) or not isinstance(name, str):
        return None
    if home in (module, "__main__") or getattr(sys.modules.get(home), name, None) is not value:
        return None
    return home, name


def _is_plain(value: object) -> bool:
    """Whether the text of a value makes it again. That of a subclass, of NaN and of an infinity does not."""
    if type(value) in (list, tuple, set, frozenset):
        return all(map(_is_plain, cast("Iterable[object]", value)))
    if type(value) is dict:
        return all(_is_plain(key) and _is_plain(inner) for key, inner in value.items())
    if type(value) is float:
        return math.isfinite(value)
    return type(value) in _PLAIN
