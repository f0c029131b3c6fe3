"""ONNX: a graph of operators, with weights in it or beside it.

The schema: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Operators of a domain of its own come from a native
library that somebody must load. Paths of weights beside the graph have led out of the model's directory:
CVE-2022-25882, CVE-2024-27318, CVE-2025-51480.
"""

from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.formats.protobuf import BYTES, Field, Messages, is_version
from chalicelib.domain.scanning.formats.secrets import secrets_in
from chalicelib.domain.scanning.ranges import Allowance, Metered, Reader
from chalicelib.domain.scanning.reasons import MalformedError, review, shown, unsafe
from chalicelib.domain.scanning.source import Source

FORMAT: Final = "onnx"
# Bytes of the graph without its weights.
MAX_GRAPH: Final = 64 * 1024 * 1024
# How deep graphs may be in the attributes of nodes. Loops in loops are three.
_DEEPEST: Final = 16
# Bytes fetched at once: weights are skipped, so most of what comes after a node may not be wanted.
_CHUNK: Final = 4 * 1024
_STANDARD: Final = frozenset(
    {"", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training"}
    | {"com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental", "com.ms.internal.nhwc"}
)
# Numbers of fields, by message.
_MODEL_IR_VERSION, _MODEL_GRAPH, _MODEL_OPSETS, _MODEL_METADATA, _MODEL_TRAINING, _MODEL_FUNCTIONS = 1, 7, 8, 14, 20, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_NODE_OP_TYPE, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES = 22, 23
_TENSOR_EXTERNAL = 13
_SPARSE_VALUES, _SPARSE_INDICES = 1, 2
_FUNCTION_NAME, _FUNCTION_NODE, _FUNCTION_DOMAIN = 1, 7, 10
_TRAINING_GRAPHS = frozenset({1, 2})
_ENTRY_KEY, _ENTRY_VALUE = 1, 2


@dataclass(slots=True)
class _Found:
    """What is gathered over the whole model, and judged at its end."""

    operators: set[tuple[str, str]] = field(default_factory=set)
    functions: set[tuple[str, str]] = field(default_factory=set)
    locations: set[str] = field(default_factory=set)
    metadata: dict[str, str] = field(default_factory=dict)
    graphs: int = 0


def scan_onnx(source: Source) -> FileScan:
    """Reads the graph and skips the weights. Raises MalformedError, TooMuchReadError."""
    found = _Found()
    _Walk(Messages(Reader(Metered(source, Allowance(MAX_GRAPH)), chunk=_CHUNK)), found).model()
    return FileScan(FORMAT, tuple(_judged(found)))


class _Walk:
    """Descends into the messages that say which operators and which files a model uses."""

    def __init__(self, messages: Messages, found: _Found) -> None:
        self._messages = messages
        self._found = found

    def model(self) -> None:
        versioned = False
        for one in self._messages.fields(self._messages.whole):
            if one.number == _MODEL_IR_VERSION:
                versioned = is_version(one)
            if one.wire != BYTES:
                continue
            if one.number == _MODEL_GRAPH:
                self._graph(one, 0)
            elif one.number == _MODEL_FUNCTIONS:
                self._function(one)
            elif one.number == _MODEL_TRAINING:
                self._training(one)
            elif one.number == _MODEL_METADATA:
                self._found.metadata.update([self._entry(one)])
        if not versioned or not self._found.graphs:
            raise MalformedError("It has no version or no graph, as every ONNX model has.")

    def _training(self, message: Field) -> None:
        for one in self._messages.fields(message):
            if one.number in _TRAINING_GRAPHS and one.wire == BYTES:
                self._graph(one, 0)

    def _graph(self, message: Field, depth: int) -> None:
        if depth > _DEEPEST:
            raise MalformedError(f"Graphs are nested more than {_DEEPEST} deep.")
        self._found.graphs += 1
        for one in self._messages.fields(message):
            if one.wire != BYTES:
                continue
            if one.number == _GRAPH_NODE:
                self._node(one, depth)
            elif one.number == _GRAPH_INITIALIZER:
                self._tensor(one)
            elif one.number == _GRAPH_SPARSE:
                self._sparse(one)

    def _node(self, message: Field, depth: int) -> None:
        operator = domain = ""
        for one in self._messages.fields(message):
            if one.number == _NODE_OP_TYPE:
                operator = self._messages.text(one)
            elif one.number == _NODE_DOMAIN:
                domain = self._messages.text(one)
            elif one.number == _NODE_ATTRIBUTE and one.wire == BYTES:
                self._attribute(one, depth)
        self._found.operators.add((domain, operator))

    def _attribute(self, message: Field, depth: int) -> None:
        for one in self._messages.fields(message):
            if one.wire != BYTES:
                continue
            if one.number in {_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS}:
                self._graph(one, depth + 1)
            elif one.number in {_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS}:
                self._tensor(one)
            elif one.number in {_ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES}:
                self._sparse(one)

    def _function(self, message: Field) -> None:
        name = domain = ""
        for one in self._messages.fields(message):
            if one.number == _FUNCTION_NAME:
                name = self._messages.text(one)
            elif one.number == _FUNCTION_DOMAIN:
                domain = self._messages.text(one)
            elif one.number == _FUNCTION_NODE and one.wire == BYTES:
                self._node(one, 0)
        self._found.functions.add((domain, name))

    def _sparse(self, message: Field) -> None:
        for one in self._messages.fields(message):
            if one.number in {_SPARSE_VALUES, _SPARSE_INDICES} and one.wire == BYTES:
                self._tensor(one)

    def _tensor(self, message: Field) -> None:
        for one in self._messages.fields(message):
            if one.number == _TENSOR_EXTERNAL and one.wire == BYTES:
                key, value = self._entry(one)
                if key == "location":
                    self._found.locations.add(value)

    def _entry(self, message: Field) -> tuple[str, str]:
        """A pair of texts, as metadata and the places of weights are written."""
        pair = {one.number: self._messages.text(one) for one in self._messages.fields(message) if one.wire == BYTES}
        return pair.get(_ENTRY_KEY, ""), pair.get(_ENTRY_VALUE, "")


def _judged(found: _Found) -> list[Reason]:
    reasons = []
    for domain in sorted({domain for domain, _ in found.operators - found.functions} - _STANDARD):
        text = "It has operators of a domain of its own, which a native library must bring."
        reasons.append(review("custom_operators", text, shown(domain)))
    for location in sorted(found.locations):
        parts = location.replace("\\", "/").split("/")
        if location.startswith(("/", "\\")) or ".." in parts or ":" in location or "\0" in location:
            text = "Its weights are read from a place outside of the model's directory."
            reasons.append(unsafe("external_data", text, shown(location)))
    for name, value in found.metadata.items():
        reasons += secrets_in(value, shown(name))
    return reasons
