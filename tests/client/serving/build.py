"""Versions that are served, whose models are functions of a test."""

from collections.abc import Callable, Mapping
from typing import Any

from moorage.serving.inputs import Input
from moorage.serving.served import Served
from moorage.serving.signatures import Signature

COLUMNS: dict[str, Any] = {
    "inputs": [
        {"name": "amount", "type": "double", "required": True},
        {"name": "age", "type": "long", "required": True},
        {"name": "note", "type": "string", "required": False},
    ],
    "outputs": [{"type": "double"}],
}
TENSOR: dict[str, Any] = {
    "inputs": [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}],
    "outputs": [{"name": "score", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 1]}}],
}


def served(
    version: int = 3,
    predict: Callable[[Input, Mapping[str, Any]], Any] = lambda given, params: [0.5] * given.size,
    signature: Mapping[str, Any] | None = None,
) -> Served:
    return Served("fraud", version, f"digest-{version}", Signature.parse(signature), predict)
