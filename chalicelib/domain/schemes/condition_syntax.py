"""The parts of a CEL expression, as a tree. ``condition_cost`` estimates from it what an evaluation costs.

The grammar is at https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax. The evaluator has its own
parser, which says where an expression is not well-formed. This one only says that it does not understand it.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

# Macros visit every element of what they are called on.
MACROS: Final = frozenset({"all", "exists", "exists_one", "map", "filter"})
TOKEN: Final = re.compile(
    r"""(?P<string>
         (?:[bB]?[rR]|[rR][bB])(?:\"\"\".*?\"\"\"|\'\'\'.*?\'\'\'|"[^"\n]*"|'[^'\n]*')
        |[bB]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    )
    |(?P<comment>//[^\n]*)
    |(?P<number>0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[uU]?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<other>\S)""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
# Deeper trees are refused, so that nothing that walks a tree can run out of stack.
MAX_DEPTH: Final = 50


class Kind(Enum):
    """What a node of the tree is. Its operands, in their order, are in brackets."""

    LITERAL = auto()  # [] a number, a string, true, false, null
    NAME = auto()  # [] a variable, or what a macro binds
    FIELD = auto()  # [value]
    INDEX = auto()  # [value, key]
    CALL = auto()  # [the value that it is called on, if any; arguments]
    MACRO = auto()  # [value, body …]: the text is what it binds, ``collects`` whether it makes a list
    LIST = auto()  # [elements]
    MAP = auto()  # [key, value, key, value …]
    ADD = auto()  # [terms], added or subtracted
    COMPARE = auto()  # [terms], compared by == != < <= > >= in
    OTHER = auto()  # [operands] of any operator whose result is no larger than the largest of them


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""

    kind: Kind
    operands: tuple["Node", ...] = ()
    text: str = ""
    collects: bool = False
    depth: int = 1


# The binary operators, the tightest first, and what their operands become together.
_OPERATORS: Final = (
    (Kind.OTHER, ("*", "/", "%")),
    (Kind.ADD, ("+", "-")),
    (Kind.COMPARE, ("==", "!=", "<=", ">=", "<", ">", "in")),
    (Kind.OTHER, ("&&",)),
    (Kind.OTHER, ("||",)),
)
_SIGNS: Final = tuple(sign for _, signs in _OPERATORS for sign in signs)


class NotUnderstoodError(ValueError):
    """The expression is not well-formed, nested too deeply, or uses syntax that conditions do not have."""


def parsed(expression: str) -> Node:
    """The tree of an expression. Raises NotUnderstoodError."""
    tokens = [(token.lastgroup or "", token.group()) for token in TOKEN.finditer(expression)]
    reader = _Reader([token for token in tokens if token[0] != "comment"])
    tree = reader.expression()
    if not reader.at_end:
        raise NotUnderstoodError
    return tree


def _node(kind: Kind, operands: list[Node], text: str = "", collects: bool = False) -> Node:
    depth = 1 + max((operand.depth for operand in operands), default=0)
    if depth > MAX_DEPTH:
        raise NotUnderstoodError
    return Node(kind, tuple(operands), text, collects, depth)


class _Reader:
    """Reads tokens by recursive descent. A level of nesting takes four calls, so 50 levels fit every stack."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._next = 0
        self._open = 0

    @property
    def at_end(self) -> bool:
        return self._next == len(self._tokens)

    def expression(self) -> Node:
        self._open += 1
        if self._open > MAX_DEPTH:
            raise NotUnderstoodError
        tree = self._operations()
        if self._took("?"):
            chosen = self._operations()
            self._expect(":")
            tree = _node(Kind.OTHER, [tree, chosen, self.expression()])
        self._open -= 1
        return tree

    def _operations(self) -> Node:
        operands, operators = [self._signed()], []
        while (operator := self._operator()) is not None:
            operators.append(operator)
            operands.append(self._signed())
        for kind, bound in _OPERATORS:
            groups, others = [[operands[0]]], []
            for operator, operand in zip(operators, operands[1:], strict=True):
                if operator in bound:
                    groups[-1].append(operand)
                else:
                    groups.append([operand])
                    others.append(operator)
            operands = [group[0] if len(group) == 1 else _node(kind, group) for group in groups]
            operators = others
        return operands[0]

    def _operator(self) -> str | None:
        for operator in _SIGNS:
            if self._took(*([operator] if operator.isalpha() else operator)):
                return operator
        return None

    def _signed(self) -> Node:
        while self._took("!") or self._took("-"):
            pass
        value = self._primary()
        while True:
            if self._took("."):
                value = self._selected(value)
            elif self._took("["):
                key = self.expression()
                self._expect("]")
                value = _node(Kind.INDEX, [value, key])
            else:
                return value

    def _selected(self, value: Node) -> Node:
        name = self._name()
        if not self._took("("):
            return _node(Kind.FIELD, [value], name)
        arguments = self._list_until(")")
        if name not in MACROS:
            return _node(Kind.CALL, [value, *arguments], name)
        if len(arguments) < 2 or arguments[0].kind is not Kind.NAME:
            raise NotUnderstoodError
        return _node(Kind.MACRO, [value, *arguments[1:]], arguments[0].text, name in ("map", "filter"))

    def _primary(self) -> Node:
        if self._took("("):
            value = self.expression()
            self._expect(")")
            return value
        if self._took("["):
            return _node(Kind.LIST, self._list_until("]"))
        if self._took("{"):
            return _node(Kind.MAP, self._list_until("}"))
        kind, text = self._token()
        if kind in ("string", "number") or text in ("true", "false", "null"):
            return Node(Kind.LITERAL, text=text)
        if kind != "name":
            raise NotUnderstoodError
        return _node(Kind.CALL, self._list_until(")"), text) if self._took("(") else Node(Kind.NAME, text=text)

    def _list_until(self, closing: str) -> list[Node]:
        """What is between commas, and between the colons of a map, up to a closing bracket."""
        found: list[Node] = []
        while not self._took(closing):
            found.append(self.expression())
            if not (self._took(",") or self._took(":")):
                self._expect(closing)
                break
        return found

    def _name(self) -> str:
        kind, text = self._token()
        if kind != "name":
            raise NotUnderstoodError
        return text

    def _token(self) -> tuple[str, str]:
        if self.at_end:
            raise NotUnderstoodError
        self._next += 1
        return self._tokens[self._next - 1]

    def _took(self, *texts: str) -> bool:
        """Whether the next tokens are these, which then are read."""
        there = self._tokens[self._next : self._next + len(texts)]
        if [text for _, text in there] != list(texts):
            return False
        self._next += len(texts)
        return True

    def _expect(self, text: str) -> None:
        if not self._took(text):
            raise NotUnderstoodError
