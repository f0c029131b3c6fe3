"""PyTorch's programs from ``torch.export``: the graph and its weights in one archive."""

from pathlib import Path
from typing import Any, Final

from moorage.frameworks.saver import STEM, Saved, Stored, library
from moorage.frameworks.signatures import from_example

FORMATS: Final = ("pt2",)
# torch.export.load unpickles tensors of which the archive says so, looks up functions that its graph names, and
# evaluates the sizes and conditions in it.
RUNS_CODE: Final = frozenset(FORMATS)

_EXTRA: Final = "pytorch"


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    path = directory / f"{STEM}.pt2"
    library("torch.export", _EXTRA).save(model, path)
    return Saved(path.name)


def load(stored: Stored) -> Any:
    """The ``ExportedProgram``, whose ``module()`` is called with tensors."""
    return library("torch.export", _EXTRA).load(stored.entry)


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    """``example`` is what the program takes: one tensor, or a tuple of its arguments."""

    def predict(inputs: Any) -> Any:
        return model.module()(*(inputs if isinstance(inputs, tuple) else (inputs,)))

    return from_example(example, predict)
