"""The Open Inference Protocol, version 2: metadata, and requests and answers of ``infer``.

https://github.com/kserve/open-inference-protocol describes it. Tensors are JSON; the extension for binary data is not
supported.
"""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any, Final

from moorage.serving.inputs import Input, Rows, table_of
from moorage.serving.media import json_object, media_type
from moorage.serving.outputs import OUTPUT, named_outputs
from moorage.serving.refusals import RefusedRequestError
from moorage.serving.signatures import Entry, Signature

_JSON: Final = ("application/json",)
# What the only input is called if the signature has no name for it.
INPUT: Final = "input"
_OF_COLUMNS: Final = {
    "boolean": "BOOL",
    "integer": "INT32",
    "long": "INT64",
    "float": "FP32",
    "double": "FP64",
    "string": "BYTES",
    "binary": "BYTES",
    "datetime": "BYTES",
}
_OF_ARRAYS: Final = {
    "bool": "BOOL",
    **{f"{sign}int{bits}": f"{sign.upper()}INT{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)},
    "float16": "FP16",
    "float32": "FP32",
    "float64": "FP64",
    "long": "INT64",
    "double": "FP64",
    "boolean": "BOOL",
}
_DATATYPES: Final = frozenset((*_OF_COLUMNS.values(), *_OF_ARRAYS.values()))


def model_metadata(model: str, version: int, signature: Signature) -> dict[str, Any]:
    """What a client needs to make a request. Sizes that are not fixed are -1."""
    return {
        "name": model,
        "versions": [str(version)],
        "platform": "moorage",
        "inputs": [_described(entry, INPUT) for entry in signature.inputs],
        "outputs": [_described(entry, OUTPUT) for entry in signature.outputs],
    }


def parse(body: bytes, content_type: str | None, signature: Signature) -> tuple[Input, dict[str, Any], str | None]:
    """The input, the parameters and the id of a request. Raises RefusedRequestError if it is none of the protocol."""
    # The protocol does not ask for a content type.
    media_type(content_type or _JSON[0], _JSON)
    document = json_object(body)
    given = document.get("inputs")
    if not isinstance(given, list) or not given:
        raise RefusedRequestError("'inputs' must be a list of tensors, and not empty")
    tensors = dict(_tensors(given))
    if len(tensors) != len(given):
        raise RefusedRequestError("each tensor in 'inputs' must have a name of its own")
    _check_outputs(document.get("outputs"), signature)
    identifier, params = document.get("id"), document.get("parameters")
    if not isinstance(params, dict | None) or not isinstance(identifier, str | None):
        raise RefusedRequestError("'parameters' must be an object, and 'id' a text")
    return _arranged(tensors, signature.inputs), params or {}, identifier


def answer(model: str, version: int, predictions: Any, signature: Signature, identifier: str | None) -> dict[str, Any]:
    """The answer: one tensor, or one for each name that the model answers with.

    Raises TypeError for predictions that are no tensors, such as lists of different lengths.
    """
    document = {"model_name": model, "model_version": str(version), "outputs": list(_outputs(predictions, signature))}
    return document if identifier is None else {**document, "id": identifier}


def _described(entry: Entry, unnamed: str) -> dict[str, Any]:
    if entry.is_tensor:
        datatype, shape = _OF_ARRAYS.get(entry.dtype, "BYTES"), list(entry.shape)
    else:
        datatype, shape = _OF_COLUMNS.get(entry.type, "BYTES"), [-1]
    return {"name": entry.name or unnamed, "datatype": datatype, "shape": shape}


def _tensors(given: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    for tensor in given:
        name = tensor.get("name") if isinstance(tensor, dict) else None
        if not isinstance(name, str):
            raise RefusedRequestError("each tensor in 'inputs' must be an object with a 'name'")
        shape, datatype, data = (tensor.get(key) for key in ("shape", "datatype", "data"))
        if not isinstance(shape, list) or not shape or not all(type(size) is int and size >= 0 for size in shape):
            raise RefusedRequestError(f"tensor {name!r}: 'shape' must be a list of sizes")
        if datatype not in _DATATYPES:
            raise RefusedRequestError(f"tensor {name!r}: the datatype {datatype!r} is none of the protocol's")
        if not isinstance(data, list):
            raise RefusedRequestError(f"tensor {name!r}: 'data' must be a list; binary data is not supported")
        flat = _flat(data)
        if len(flat) != prod(shape):
            raise RefusedRequestError(f"tensor {name!r} has {len(flat)} values, and its shape {shape} {prod(shape)}")
        yield name, _shaped(flat, shape)


def _flat(data: list[Any]) -> list[Any]:
    values = data
    while any(isinstance(value, list) for value in values):
        values = [inner for value in values for inner in (value if isinstance(value, list) else [value])]
    return values


def _shaped(flat: list[Any], shape: list[int]) -> list[Any]:
    """Lists in lists of a shape, from the values in row-major order."""
    values = flat
    for size in reversed(shape[1:]):
        values = [values[start : start + size] for start in range(0, len(values), size)] if size else []
    return values


def _arranged(tensors: Mapping[str, list[Any]], inputs: tuple[Entry, ...]) -> Input:
    """Tensors as columns; a single one as rows, unless the signature knows its name."""
    (name, values), *others = tensors.items()
    if not others and name not in {entry.name for entry in inputs}:
        return Rows(values)
    columns = {entry.name for entry in inputs if not entry.is_tensor}
    # A column of n rows is sent with the shape [n] or [n, 1].
    return table_of({name: _narrow(values) if name in columns else values for name, values in tensors.items()})


def _narrow(values: list[Any]) -> list[Any]:
    if values and all(isinstance(row, list) and len(row) == 1 for row in values):
        return [row[0] for row in values]
    return values


def _check_outputs(wanted: Any, signature: Signature) -> None:
    """All outputs are sent whatever is asked for. Raises RefusedRequestError for one that the model does not have."""
    names = {entry.name or OUTPUT for entry in signature.outputs}
    for output in wanted if isinstance(wanted, list) else ():
        name = output.get("name") if isinstance(output, dict) else None
        if names and name not in names:
            raise RefusedRequestError(f"the model has no output {name!r}, only {', '.join(map(repr, sorted(names)))}")


def _outputs(predictions: Any, signature: Signature) -> Iterator[dict[str, Any]]:
    entries = {entry.name or OUTPUT: entry for entry in signature.outputs}
    for name, values in named_outputs(predictions, signature).items():
        yield _output(name, values if isinstance(values, list) else [values], entries.get(name))


def _output(name: str, values: list[Any], entry: Entry | None) -> dict[str, Any]:
    shape: list[int] = []
    level: list[Any] = [values]
    while level and isinstance(level[0], list):
        sizes = {len(part) if isinstance(part, list) else -1 for part in level}
        if len(sizes) > 1:
            raise TypeError(f"the model's output {name!r} is no tensor: its lists differ in length")
        shape.append(sizes.pop())
        level = [value for part in level for value in part]
    declared = None if entry is None else _described(entry, OUTPUT)["datatype"]
    return {"name": name, "shape": shape, "datatype": declared or _datatype(level), "data": level}


def _datatype(values: list[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "BOOL"
    if kinds == {int}:
        return "INT64"
    return "FP64" if kinds <= {int, float} else "BYTES"
