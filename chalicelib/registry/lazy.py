"""Import a use case's module when it is first used."""

from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType


def modules_of(package: str, names: Sequence[str]) -> Callable[[str], ModuleType]:
    """A module's ``__getattr__`` (PEP 562) that imports the submodules ``names`` of ``package`` on first use.

    The import takes the interpreter's usual locks. Afterwards the module is an ordinary attribute of its package.
    """

    def load(name: str) -> ModuleType:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return import_module(f"{package}.{name}")

    return load
