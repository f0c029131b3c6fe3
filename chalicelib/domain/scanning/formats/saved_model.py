"""TensorFlow's SavedModel: graphs of operations, some of which call Python or touch files.

The schema: tensorflow/core/protobuf/saved_model.proto, meta_graph.proto, and framework/graph.proto, function.proto and
node_def.proto beside it.
"""

from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.formats.protobuf import BYTES, Field, Messages, is_version
from chalicelib.domain.scanning.ranges import Allowance, Metered, Reader
from chalicelib.domain.scanning.reasons import MalformedError, review, unsafe
from chalicelib.domain.scanning.source import Source

FORMAT: Final = "saved_model"
# Bytes of the graphs without the values of constants.
MAX_GRAPH: Final = 64 * 1024 * 1024
_CHUNK: Final = 4 * 1024
# Operations that call Python functions of the process, or read and write files that the model names.
UNSAFE_OPERATIONS: Final = frozenset(
    {"PyFunc", "PyFuncStateless", "EagerPyFunc", "ReadFile", "WriteFile", "MatchingFiles"}
)
# Operations that tell or keep what a model is asked, or take in something else than its inputs.
NOTABLE_OPERATIONS: Final = frozenset(
    {"Print", "PrintV2", "DebugIdentity", "DebugIdentityV2", "WriteSummary", "WriteRawProtoSummary", "WholeFileReader"}
    | {"WholeFileReaderV2", "GeneratorDataset", "RpcClient", "RpcCall"}
)
_SAVED_VERSION, _SAVED_META_GRAPHS = 1, 2
_META_GRAPH_DEF = 2
_GRAPH_NODE, _GRAPH_LIBRARY = 1, 2
_LIBRARY_FUNCTION = 1
_FUNCTION_NODE = 3
_NODE_OP = 2


def scan_saved_model(source: Source) -> FileScan:
    """Reads which operations the graphs use. Raises MalformedError, TooMuchReadError."""
    messages = Messages(Reader(Metered(source, Allowance(MAX_GRAPH)), chunk=_CHUNK))
    operations: set[str] = set()
    graphs = 0
    for version in messages.fields(messages.whole):
        if version.number == _SAVED_VERSION:
            is_version(version)
    for meta_graph in _inside(messages, messages.whole, _SAVED_META_GRAPHS):
        for graph in _inside(messages, meta_graph, _META_GRAPH_DEF):
            graphs += 1
            operations |= _operations(messages, graph, _GRAPH_NODE)
            for library in _inside(messages, graph, _GRAPH_LIBRARY):
                for function in _inside(messages, library, _LIBRARY_FUNCTION):
                    operations |= _operations(messages, function, _FUNCTION_NODE)
    if not graphs:
        raise MalformedError("It has no graph, as every SavedModel has.")
    return FileScan(FORMAT, tuple(_judged(operations)))


def _inside(messages: Messages, message: Field, number: int) -> list[Field]:
    return [one for one in messages.fields(message) if one.number == number and one.wire == BYTES]


def _operations(messages: Messages, message: Field, nodes: int) -> set[str]:
    found: set[str] = set()
    for node in messages.fields(message):
        if node.number == nodes and node.wire == BYTES:
            found.update(messages.text(one) for one in messages.fields(node) if one.number == _NODE_OP)
    return found


def _judged(operations: set[str]) -> list[Reason]:
    return [
        *(
            unsafe("operation", "A graph calls Python or touches files that it names.", name)
            for name in sorted(operations & UNSAFE_OPERATIONS)
        ),
        *(
            review("operation", "A graph tells, keeps or takes in more than its inputs and outputs.", name)
            for name in sorted(operations & NOTABLE_OPERATIONS)
        ),
    ]
