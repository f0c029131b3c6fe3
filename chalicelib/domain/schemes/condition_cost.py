"""What evaluating a condition costs at most, before it is evaluated.

The evaluator is compiled and counts nothing, so the cost is computed from the expression's tree and the sizes of the
variables. A unit is about one element that is copied or compared, some 0.1 microseconds. The evaluator copies what a
field, an index or a list holds, and copies the list that ``map`` and ``filter`` collect once for each element.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.schemes.condition_syntax import Kind, Node

# About a fifth of a second.
MAX_COST: Final = 2_000_000
# So many characters of text count as one element.
_CHARACTERS: Final = 128
# The cost of handing an element of a variable to the evaluator.
_HANDING_OVER: Final = 10


@dataclass(frozen=True, slots=True)
class Size:
    """Upper bounds of a value's size: its number of elements, the largest element's units, all units in it."""

    count: int
    each: int
    total: int

    @property
    def element(self) -> "Size":
        """The size of any element, key or field of the value."""
        return Size(self.each, self.each, self.each)


SCALAR: Final = Size(1, 1, 1)
# The sizes that a scheme's conditions are held against when it is saved. Larger documents are possible. A condition
# that would cost too much on one of them fails there, with this reason.
_DOCUMENT: Final = Size(1_000, 500, 1_500)
ASSUMED: Final[Mapping[str, Size]] = {
    "metrics": Size(1_000, 2, 2_000),
    "parameters": Size(1_000, 65, 2_500),
    "metadata": _DOCUMENT,
    "tags": Size(50, 400, 900),
    "provenance": Size(20, 200, 500),
    "version": Size(10, 30, 60),
    "checks": Size(50, 16, 800),
    "evaluations": Size(50, 2_000, 5_000),
    "attestations": Size(10, 60, 600),
    "card": Size(9, 400, 900),
    "tier": SCALAR,
    "model": Size(3, 10, 20),
    "rivals": Size(20, 2_000, 20_000),
    "now": SCALAR,
}


def size_of(value: Any) -> Size:
    """The size of a JSON value."""
    if isinstance(value, str):
        units = 1 + len(value) // _CHARACTERS
        return Size(units, units, units)
    if isinstance(value, Mapping):
        parts = [size_of(key).total + size_of(held).total for key, held in value.items()]
    elif isinstance(value, list | tuple):
        parts = [size_of(held).total for held in value]
    else:
        return SCALAR
    return Size(len(parts), max(parts, default=1), 1 + sum(parts))


def cost(tree: Node, variables: Mapping[str, Size]) -> int:
    """The units that an evaluation takes at most, with variables of these sizes."""
    handed_over = sum(variables[name].total for name in _names(tree) & variables.keys())
    return _HANDING_OVER * handed_over + estimate(tree, variables)[1]


def _names(tree: Node) -> set[str]:
    own = {tree.text} if tree.kind is Kind.NAME else set()
    return own.union(*(_names(operand) for operand in tree.operands))


def estimate(tree: Node, known: Mapping[str, Size]) -> tuple[Size, int]:
    """The size of a part's value and the units that it takes to get it, at most."""
    if tree.kind is Kind.MACRO:
        return _macro(tree, known)
    estimates = [estimate(operand, known) for operand in tree.operands]
    sizes = [size for size, _ in estimates]
    size, own = _of(tree, sizes, known)
    return size, 1 + own + sum(units for _, units in estimates)


def _of(tree: Node, sizes: list[Size], known: Mapping[str, Size]) -> tuple[Size, int]:
    """The size of a part's value, and the units of the part itself, without its operands'."""
    totals = sum(size.total for size in sizes)
    match tree.kind:
        case Kind.LITERAL:
            return size_of(tree.text), 0
        case Kind.NAME:
            return known.get(tree.text, SCALAR), 0
        case Kind.FIELD | Kind.INDEX:
            found = sizes[0].element
            return found, found.total + sum(size.total for size in sizes[1:])
        case Kind.LIST | Kind.MAP:
            return Size(len(sizes), max((size.total for size in sizes), default=1), 1 + totals), totals
        case Kind.ADD:
            # A chain of additions copies what it has so far once for each term.
            whole = Size(sum(size.count for size in sizes), max(size.each for size in sizes), totals)
            return whole, len(sizes) * totals
        case Kind.COMPARE:
            return SCALAR, totals
        case _:
            return _largest(sizes), totals


def _macro(tree: Node, known: Mapping[str, Size]) -> tuple[Size, int]:
    value, units = estimate(tree.operands[0], known)
    bodies = [estimate(body, {**known, tree.text: value.element}) for body in tree.operands[1:]]
    units += value.total + value.count * (1 + sum(body_units for _, body_units in bodies))
    if not tree.collects:
        return SCALAR, units
    # ``filter`` collects elements of the value, ``map`` what its last body is.
    each = max(value.each, bodies[-1][0].total)
    collected = Size(value.count, each, 1 + value.count * each)
    return collected, units + value.count * collected.total // 2


def _largest(sizes: list[Size]) -> Size:
    return Size(
        max((size.count for size in sizes), default=1),
        max((size.each for size in sizes), default=1),
        max((size.total for size in sizes), default=1),
    )
