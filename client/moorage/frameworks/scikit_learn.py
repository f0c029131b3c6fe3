"""scikit-learn: skops, which names the types that it does not know to be harmless, or ONNX."""

import logging
from pathlib import Path
from typing import Any, Final

from moorage.errors import UnsupportedModelError, UntrustedModelError
from moorage.frameworks import onnx
from moorage.frameworks.saver import STEM, Saved, Stored, library
from moorage.frameworks.signatures import from_example

FORMATS: Final = ("skops", "onnx")
RUNS_CODE: Final[frozenset[str]] = frozenset()

_EXTRA: Final = "scikit-learn"
_log = logging.getLogger(__name__)


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    if format == "onnx":
        return _convert(model, directory, example)
    skops = library("skops.io", _EXTRA)
    path = directory / f"{STEM}.skops"
    skops.dump(model, path)
    untrusted = list(skops.get_untrusted_types(file=path))
    if untrusted:
        _log.warning("skops does not know whether these types are harmless: load the model with trust=%r", untrusted)
    return Saved(path.name, needs=("skops",), details={"untrusted_types": untrusted})


def load(stored: Stored) -> Any:
    """The estimator, or for ONNX the ``onnx.ModelProto``.

    Raises UntrustedModelError if the file has types that neither skops nor ``trust`` knows to be harmless.
    """
    if stored.descriptor.format == "onnx":
        return onnx.load(stored)
    skops = library("skops.io", _EXTRA)
    unnamed = sorted(set(skops.get_untrusted_types(file=stored.entry)) - set(stored.trust))
    if unnamed:
        raise UntrustedModelError(
            f"{stored.version} has types that skops does not know to be harmless: {', '.join(unnamed)}. If you trust "
            f"their code, load it with trust={[*stored.trust, *unnamed]!r}"
        )
    return skops.load(stored.entry, trusted=list(stored.trust))


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    # A transformer predicts nothing, and some clusterings do neither.
    return from_example(example, getattr(model, "predict", None) or getattr(model, "transform", None))


def _convert(model: Any, directory: Path, example: Any) -> Saved:
    if example is None:
        raise UnsupportedModelError("ONNX has types for its inputs: give example=, a few rows of them")
    converter = library("skl2onnx", "scikit-learn-onnx")
    # Probabilities as an array: a list of dictionaries is all that ONNX Runtime would give otherwise.
    options = {"zipmap": False} if hasattr(model, "predict_proba") else None
    path = directory / f"{STEM}.onnx"
    path.write_bytes(converter.to_onnx(model, example[:1], options=options).SerializeToString())
    return Saved(path.name, needs=("onnx",))
