"""ONNX: a graph of operators and weights, no code."""

from pathlib import Path
from typing import Any, Final

from moorage.frameworks.saver import STEM, Saved, Stored, library

FORMATS: Final = ("onnx",)
RUNS_CODE: Final[frozenset[str]] = frozenset()

_EXTRA: Final = "onnx"


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    path = directory / f"{STEM}.onnx"
    library("onnx", _EXTRA).save_model(model, path)
    return Saved(path.name)


def load(stored: Stored) -> Any:
    """The ``onnx.ModelProto``."""
    # Weights in other files are refused: a graph could name any file of this machine.
    return library("onnx", _EXTRA).load_model(stored.entry, load_external_data=False)


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    """What the graph declares. It needs no example."""
    onnx = library("onnx", _EXTRA)
    weights = {weight.name for weight in model.graph.initializer}
    given = [value for value in model.graph.input if value.name not in weights]
    return {
        "inputs": [_entry(onnx, value) for value in given],
        "outputs": [_entry(onnx, value) for value in model.graph.output],
    }


def _entry(onnx: Any, value: Any) -> dict[str, Any]:
    kind = value.type.WhichOneof("value")
    if kind != "tensor_type":
        return {"name": value.name, "type": kind.removesuffix("_type")}
    tensor = value.type.tensor_type
    # A size that is only known at run time has a name, or nothing.
    shape = [size.dim_value if size.HasField("dim_value") else -1 for size in tensor.shape.dim]
    dtype = onnx.TensorProto.DataType.Name(tensor.elem_type).lower()
    dtype = {"float": "float32", "double": "float64"}.get(dtype, dtype)
    return {"name": value.name, "type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}
