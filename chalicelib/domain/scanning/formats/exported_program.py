"""Programs that ``torch.export`` saved: the graph of a ``.pt2`` archive, in JSON.

The graph is data, but its loader is not: it takes functions from PyTorch's modules by their names, evaluates the sizes
of tensors with SymPy, writes the conditions on inputs into Python code that it runs, and imports the modules of
enumerations. So everything that it acts upon is compared with what ``torch.export`` writes.
The loader: https://github.com/pytorch/pytorch/blob/main/torch/_export/serde/serialize.py.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.formats.json_text import parse_json
from chalicelib.domain.scanning.pickles.denied import is_denied
from chalicelib.domain.scanning.reasons import review, shown, unsafe
from chalicelib.domain.scanning.source import Source, TooMuchReadError

FORMAT: Final = "torch_export"
# Bytes of the graph.
MAX_GRAPH: Final = 16 * 1024 * 1024
# Operators of PyTorch itself. Others come from a library that somebody must load.
_OPERATOR: Final = re.compile(
    r"torch\.ops\.(?:aten|prim|prims|quantized|quantized_decomposed)\.(?!from_file\b)[A-Za-z_]\w*(?:\.\w+)?"
)
# Operators that run a part of the same graph.
_HIGHER_ORDER: Final = frozenset(
    f"torch.ops.higher_order.{name}"
    for name in (
        "associative_scan",
        "cond",
        "flex_attention",
        "map_impl",
        "out_dtype",
        "scan",
        "while_loop",
        "wrap_with_autocast",
        "wrap_with_set_grad_enabled",
    )
)
# Functions of Python and PyTorch that calculate with sizes.
_OF_SIZES: Final = re.compile(
    r"_operator\.(?:add|and_|eq|floordiv|ge|getitem|gt|le|lshift|lt|mod|mul|ne|neg|not_|or_|pos|pow|rshift|sub|truediv)"
    r"|math\.(?:ceil|floor|sqrt|trunc)"
    r"|torch\.(?:_check|sym_(?:float|fresh_size|int|ite|max|min|not|sqrt|sum))"
)
# What expressions of sizes are made of: classes of SymPy, their options, and functions of PyTorch for SymPy.
_OF_EXPRESSIONS: Final = (
    "Abs Add And BooleanFalse BooleanTrue CeilDiv CeilToInt CleanDiv Equality ExprCondPair False Float FloatPow "
    "FloatTrueDiv FloorDiv FloorToInt GreaterThan Identity IntTrueDiv Integer IsNonOverlappingAndDenseIndicator "
    "LShift LessThan Max Min Mod ModularIndexing Mul Not Or Piecewise Pow PowByNatural PythonMod RShift Rational "
    "RoundDecimal RoundToInt StrictGreaterThan StrictLessThan Symbol ToFloat True TruncToFloat TruncToInt "
    "Unequality Where ceiling evaluate false floor integer nonnegative positive precision real true"
)
_SYMBOL: Final = re.compile(r"z?[suf]\d+")
# The text of a symbol or of a number. SymPy evaluates some texts, too.
_TEXT_IN_EXPRESSION: Final = re.compile(r"'(?:z?[suf]\d+|-?\d[\d.]*(?:e[-+]?\d+)?)'")
# What conditions on inputs are made of.
_OF_CONDITIONS: Final = (
    "CeilToInt CleanDiv Eq False FloorDiv FloorToInt IntTrueDiv L Max Min Mod Ne None PythonMod True and args ceil "
    "dim floor in inf is math max min not or size sqrt storage_offset stride trunc"
)
_TEXT_IN_CONDITION: Final = re.compile(r"'[\w .\-]*'")
_FUNCTION_IN_CONDITION: Final = re.compile(r"\btorch\.sym_(?:float|int|ite|max|min|not|sqrt|sum)\b")
_EXPRESSION: Final = (_TEXT_IN_EXPRESSION, frozenset(_OF_EXPRESSIONS.split()))
_CONDITION: Final = (_TEXT_IN_CONDITION, frozenset(_OF_CONDITIONS.split()))
_NAME: Final = re.compile(r"[^\W\d]\w*")
_CALCULATING: Final = re.compile(r"[\w\s()\[\].,<>=!+*/%&|~-]*")
# A call of something that is not named there.
_OTHER_CALL: Final = re.compile(r"[)\]\d]\s*\(")
# How the shape of arguments names a class to import. It is JSON in a text, where letters may be spelt by their codes.
_ENUMERATION: Final = re.compile(r"__enum__|\\u00(?:4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])")


def scan_exported_program(source: Source) -> FileScan:
    """A graph, which is a member of the archive in ``models``. Raises MalformedError, TooMuchReadError."""
    if source.size > MAX_GRAPH:
        raise TooMuchReadError
    graph = parse_json(source.read(0, source.size))
    return FileScan(FORMAT, tuple(dict.fromkeys(_judged(graph))))


def _judged(graph: dict[str, Any]) -> Iterator[Reason]:
    waiting: list[Any] = [graph]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for name, value in one.items():
                yield from _of_pair(name, value)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _of_pair(name: str, value: Any) -> Iterator[Reason]:
    if name in {"target", "as_operator"}:
        # A tensor may have this name, too: what is known of it is an object.
        if not isinstance(value, dict):
            yield from _operator(value)
    elif name == "expr_str" and not _calculates(value, *_EXPRESSION):
        yield review("export_expression", "The size of a tensor is no plain expression.", shown(str(value)))
    elif name == "guards_code" and value:
        conditions = value if isinstance(value, list) else [value]
        for one in conditions:
            if not _calculates(one, *_CONDITION):
                yield review("export_condition", "A condition on its inputs is no plain comparison.", shown(str(one)))
    elif isinstance(value, str) and _ENUMERATION.search(value):
        yield review("export_enumeration", "It imports a module to find an enumeration.", shown(name))


def _operator(target: Any) -> Iterator[Reason]:
    if isinstance(target, str) and (
        _OPERATOR.fullmatch(target) or target in _HIGHER_ORDER or _OF_SIZES.fullmatch(target)
    ):
        return
    label, path = shown(str(target)), str(target)
    # A path may lead through what PyTorch imports: torch.os.system.
    if is_denied(*path.partition(".")[::2]) or is_denied(*path.rpartition(".")[::2]):
        yield unsafe("denied_import", "Its graph calls what no model needs.", label)
    else:
        yield review("custom_operators", "Its graph calls something that is no operator of PyTorch.", label)


def _calculates(text: Any, texts: re.Pattern[str], names: frozenset[str]) -> bool:
    """Whether a text is made of these names, symbols, numbers, texts of this form, and signs of calculation only."""
    if not isinstance(text, str):
        return False
    bare = _FUNCTION_IN_CONDITION.sub("max", texts.sub("0", text))
    return (
        _CALCULATING.fullmatch(bare) is not None
        and _OTHER_CALL.search(bare) is None
        and all(name in names or _SYMBOL.fullmatch(name) for name in _NAME.findall(bare))
    )
