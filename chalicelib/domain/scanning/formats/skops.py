"""skops: models of scikit-learn as a tree of types in JSON, beside arrays.

Loading makes objects of the types, so they are judged as the imports of a pickle are. The nodes that stand for methods
and operators named one thing and loaded another: CVE-2025-54412, CVE-2025-54413, CVE-2025-54886.
"""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.formats.json_text import parse_any_json
from chalicelib.domain.scanning.pickles.allowed.table import ALLOWED
from chalicelib.domain.scanning.pickles.denied import is_denied
from chalicelib.domain.scanning.reasons import review, shown, unsafe
from chalicelib.domain.scanning.source import Source, TooMuchReadError

FORMAT: Final = "skops"
# Bytes of the schema.
MAX_SCHEMA: Final = 16 * 1024 * 1024
# Nodes that make what they name, and nothing else.
_PLAIN_NODES: Final = frozenset(
    {
        "BytearrayNode",
        "BytesNode",
        "DTypeNode",
        "DefaultDictNode",
        "DictNode",
        "FunctionNode",
        "JsonNode",
        "ListNode",
        "MaskedArrayNode",
        "NdArrayNode",
        "ObjectNode",
        "RandomGeneratorNode",
        "RandomStateNode",
        "SetNode",
        "SliceNode",
        "SparseMatrixNode",
        "TreeNode",
        "TupleNode",
        "TypeNode",
    }
)
_PLAIN_TYPES: Final = frozenset(
    {
        "bool",
        "bytearray",
        "bytes",
        "complex",
        "dict",
        "float",
        "int",
        "list",
        "set",
        "slice",
        "str",
        "tuple",
        "type",
        "NoneType",
    }
)

# What skops names in another way than a pickle: NumPy's generators, which it gives their state.
_GENERATORS: Final = frozenset(
    {("numpy.random.mtrand", "RandomState"), ("numpy.random._generator", "Generator"), ("numpy.random", "RandomState")}
)
# These are called with arguments of the file's choice, so only types of these modules may be.
_LOSS_NODES: Final = frozenset({"LossNode", "SGDNode"})
_LOSSES: Final = frozenset({"sklearn._loss._loss", "sklearn.linear_model._sgd_fast"})


def scan_skops_schema(source: Source) -> FileScan:
    """The ``schema.json`` of a ``.skops`` archive. Raises MalformedError, TooMuchReadError."""
    if source.size > MAX_SCHEMA:
        raise TooMuchReadError
    reasons: dict[Reason, None] = {}
    imports: set[str] = set()
    for node in _nodes(parse_any_json(source.read(0, source.size))):
        reasons.update(dict.fromkeys(_of_loader(node)))
        for module, name in _named(node):
            if module != "builtins" or name not in _PLAIN_TYPES:
                imports.add(shown(f"{module}.{name}"))
                reasons.update(dict.fromkeys(_of_type(module, name)))
    return FileScan(FORMAT, tuple(reasons), tuple(sorted(imports)))


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _named(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything that a node makes its loader import. A function says so under other names than a type."""
    for module, name in (("__module__", "__class__"), ("module_path", "function")):
        if module in node and name in node:
            yield str(node[module]), str(node[name])


def _of_loader(node: dict[str, Any]) -> Iterator[Reason]:
    loader = node.get("__loader__")
    is_loss = loader in _LOSS_NODES and node.get("__module__") in _LOSSES
    if loader is not None and loader not in _PLAIN_NODES and not is_loss:
        text = "A part is made in a way that can call what its type does not say."
        yield review("skops_node", text, shown(str(loader)))


def _of_type(module: str, name: str) -> Iterator[Reason]:
    label = shown(f"{module}.{name}")
    if is_denied(module, name):
        yield unsafe("denied_import", "It imports what no model needs.", label)
    elif (module, name) not in ALLOWED and (module, name) not in _GENERATORS:
        yield review("import", "It imports what nobody has allowed.", label)
