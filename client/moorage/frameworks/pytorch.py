"""PyTorch's modules: the state dict as safetensors, which holds tensors and their names, no code."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from moorage.frameworks.saver import STEM, Saved, Stored, library
from moorage.frameworks.signatures import from_example

FORMATS: Final = ("safetensors",)
RUNS_CODE: Final[frozenset[str]] = frozenset()

_EXTRA: Final = "pytorch"


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    """Save a module or a state dict."""
    tensors = library("safetensors.torch", _EXTRA)
    path = directory / f"{STEM}.safetensors"
    if isinstance(model, Mapping):
        tensors.save_file(dict(model), path)
    else:
        # Weights that two layers share are saved once.
        tensors.save_model(model, str(path))
    return Saved(path.name, needs=("safetensors",))


def load(stored: Stored) -> Any:
    """The module given as ``into``, with its weights in evaluation mode; without ``into`` the state dict.

    ``into`` is a module, or a class or function that makes one. Every weight must fit.
    """
    tensors = library("safetensors.torch", _EXTRA)
    if stored.into is None:
        # safetensors maps the file into memory. Copies stay what they are whatever becomes of the file.
        return {name: tensor.clone() for name, tensor in tensors.load_file(stored.entry).items()}
    made = isinstance(stored.into, type) or not hasattr(stored.into, "load_state_dict")
    module = stored.into() if made else stored.into
    tensors.load_model(module, str(stored.entry), strict=True)
    return module.eval()


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    """``example`` is what the module takes: one tensor, or a tuple of its arguments."""
    return None if isinstance(model, Mapping) else from_example(example, lambda inputs: _predict(model, inputs))


def _predict(module: Any, example: Any) -> Any:
    with library("torch", _EXTRA).no_grad(), _evaluating(module):
        return module(*(example if isinstance(example, tuple) else (example,)))


@contextmanager
def _evaluating(module: Any) -> Iterator[None]:
    """The module in its evaluation mode, without dropout; after that in the mode it was in."""
    training = module.training
    module.eval()
    try:
        yield
    finally:
        module.train(training)
