"""Any object as a pickle: only on request, because whoever loads it runs code that the file chooses."""

import pickle
from pathlib import Path
from types import FunctionType
from typing import Any, Final

from moorage.capture.signature import declared
from moorage.frameworks.saver import STEM, Saved, Stored, library
from moorage.frameworks.signatures import from_example

FORMATS: Final = ("pickle", "cloudpickle")
RUNS_CODE: Final = frozenset(FORMATS)


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    path = directory / f"{STEM}.pkl"
    with path.open("wb") as file:
        if format == "cloudpickle":
            library("cloudpickle", "functions").dump(model, file)
            # It takes along what the script or notebook defines, where pickle only names it.
            return Saved(path.name, needs=("cloudpickle",), carries=("__main__",))
        pickle.dump(model, file, protocol=pickle.HIGHEST_PROTOCOL)
    return Saved(path.name)


def load(stored: Stored) -> Any:
    with stored.entry.open("rb") as file:
        return pickle.load(file)  # noqa: S301 - the caller has allowed the code of this version by name


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    """What a function's annotations declare; else what the example tells. Only a ``predict`` is called with it."""
    if isinstance(model, FunctionType):
        try:
            return declared(model)
        except TypeError:
            # Annotations are optional here: the example may tell of the inputs.
            return from_example(example, None)
    return from_example(example, getattr(model, "predict", None))
