"""What the savers share: the functions that each module has, and what they are given and return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from moorage.errors import IncompatibleModelError, MissingLibraryError
from moorage.frameworks.descriptor import Descriptor

# The name of the file or directory that a saver writes, before its extension.
STEM: Final = "model"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saver wrote.

    ``entry`` is the path of the file or directory. ``needs`` are the modules that loading needs, besides those of the
    model. ``carries`` are modules of the model whose code is in the files. ``details`` goes into the descriptor.
    """

    entry: str
    needs: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stored:
    """A version that is being loaded: its name, such as ``fraud/3``, its files and how they were saved.

    ``trust`` are the types that the caller trusts by name. ``into`` is what the caller wants the weights in.
    """

    version: str
    directory: Path
    descriptor: Descriptor
    trust: tuple[str, ...] = ()
    into: Any = None

    @property
    def entry(self) -> Path:
        """The file or directory to load. Raises IncompatibleModelError if the version lacks it."""
        path = self.directory / self.descriptor.entry
        if not path.exists():
            raise IncompatibleModelError(
                f"{self.version} has no {self.descriptor.entry}, which its descriptor names: it cannot be loaded"
            )
        return path


class Saver(Protocol):
    """A module that saves the models of one framework. It imports the framework only when a function is called.

    ``FORMATS`` are the formats that it writes, the default first. Loading one of ``RUNS_CODE`` can run code that the
    author of the model chose, so ``Client.load`` asks for permission first.
    """

    @property
    def FORMATS(self) -> tuple[str, ...]: ...  # noqa: N802 - a constant of each module

    @property
    def RUNS_CODE(self) -> frozenset[str]: ...  # noqa: N802 - a constant of each module

    def save(self, model: Any, directory: Path, format: str, example: Any) -> Saved:
        """Write ``model`` into ``directory`` in one of ``FORMATS``. Raises UnsupportedModelError if it cannot."""

    def load(self, stored: Stored) -> Any:
        """The model. Permission to run code was given before, if it takes any."""

    def signature(self, model: Any, example: Any) -> dict[str, Any] | None:
        """The inputs and outputs, None if nothing tells them."""


def library(name: str, extra: str) -> Any:
    """The module ``name`` of a framework. Raises MissingLibraryError if it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        root = name.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != root:
            # The framework is there, but lacks a library of its own.
            raise
        raise MissingLibraryError(f"{root} is not installed: pip install 'moorage[{extra}]'") from error
