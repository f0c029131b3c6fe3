"""Conditions in CEL, the Common Expression Language: their variables, and which of their words are refused.

The language is defined at https://github.com/google/cel-spec/blob/master/doc/langdef.md. The evaluator is outside the
domain: the domain knows it as an ``Evaluate`` function. ``promotion.condition_variables`` makes the variables' values,
and ``condition_cost`` bounds what an evaluation costs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.schemes.condition_syntax import MACROS, TOKEN

MAX_LENGTH: Final = 1_000
MAX_MACROS: Final = 3
NOW: Final = "now"

# Every variable and what it holds: docs/schemes.md shows the same table.
VARIABLES: Final[Mapping[str, str]] = {
    "metrics": "the version's metrics, name to double",
    "parameters": "the version's parameters",
    "metadata": "the version's metadata",
    "tags": "the version's tags",
    "provenance": "the version's provenance",
    "version": "number, label, stage, status, author, registered_by, people, file_count, total_size, ready_at",
    "checks": "reported checks, name to {passed, valid, reported_by, person}",
    "evaluations": "recorded evaluations, name to {kind, metrics, measured_at, reported_by, person}",
    "attestations": "attestations that a trusted signer signed, name to {predicate_type, signer, whole, builder, "
    "repository, commit, build_type}",
    "card": "the model card's sections, name to text",
    "tier": "the model's risk tier: low, medium or high",
    "model": "the model's name, classification and personal_data",
    "rivals": "holders of stages and aliases that the scheme compares with, such as rivals['stage:production']",
    NOW: "the time of judging",
}

_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_LITERALS: Final = frozenset({"true", "false", "null", "in"})
_FUNCTIONS: Final = frozenset(
    {
        *("size", "has", "int", "uint", "double", "string", "bool", "timestamp", "duration", "type", "dyn"),
        *("startsWith", "endsWith", "contains"),
        *("getFullYear", "getMonth", "getDate", "getDayOfWeek", "getHours", "getMinutes", "getSeconds"),
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason to refuse an expression, and where it is: ``position`` is a character's number, counted from 1."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A name in an expression, with what surrounds it. ``position`` is that of its first character, from 1.

    ``selected``: a value and a dot are before it, so it is a field. ``rooted``: a dot is before it, but no value before
    the dot. ``called``: a parenthesis follows. ``in_macro``: it is among the arguments of a macro. ``bound``: a macro
    around it has bound this name to the elements that it visits.
    """

    text: str
    position: int
    selected: bool
    rooted: bool
    called: bool
    in_macro: bool
    bound: bool

    @property
    def is_macro(self) -> bool:
        return self.selected and self.called and self.text in MACROS

    @property
    def is_variable(self) -> bool:
        return not (self.selected or self.called or self.bound)


@dataclass(slots=True)
class _Bracket:
    """An open bracket. ``macro``: it holds the arguments of a macro. ``binds``: the name that the macro binds."""

    macro: bool
    binds: str | None = None


def names_in(expression: str) -> set[str]:
    """The variables that an expression may read.

    These are its names that are not fields, functions or names that a macro binds.
    """
    return {word.text for word in _words(expression) if word.is_variable}


def fault(expression: str) -> Fault | None:
    """The first reason to refuse an expression without evaluating it; None if there is none.

    Refused are expressions that are empty or longer than 1,000 characters, that have more than three macros, a macro
    inside another or ``matches``, or that name an unknown variable or function. Syntax is left to the evaluator.
    """
    if not 1 <= len(expression) <= MAX_LENGTH:
        return Fault(1, f"a condition has 1 to {MAX_LENGTH} characters")
    words = list(_words(expression))
    macros = [word for word in words if word.is_macro]
    if len(macros) > MAX_MACROS:
        return Fault(macros[MAX_MACROS].position, f"a condition has at most {MAX_MACROS} of {_listed(MACROS)}")
    for word in words:
        reason = _refusal(word)
        if reason is not None:
            return Fault(word.position, reason)
    return None


def _refusal(word: _Word) -> str | None:
    if word.rooted:
        return f"a name has no dot before it; write {word.text}"
    if word.is_macro and word.in_macro:
        return f"{word.text} inside another of {_listed(MACROS)} would cost too much"
    if word.called and word.text == "matches":
        # Its cost depends on the pattern.
        return "'matches' is not available; use startsWith, endsWith or contains"
    if word.called and not word.is_macro and word.text not in _FUNCTIONS:
        return f"there is no function {word.text!r}; there are {_listed(_FUNCTIONS)}"
    if word.is_variable and word.text not in _LITERALS | VARIABLES.keys():
        return f"there is no variable {word.text!r}; there are {_listed(VARIABLES)}"
    return None


def _words(expression: str) -> Iterator[_Word]:
    """The names in an expression, in their order. Never fails, whatever the text."""
    tokens = [token for token in TOKEN.finditer(expression) if token.lastgroup != "comment"]
    opened: list[_Bracket] = []
    macro = False
    for index, token in enumerate(tokens):
        text, before = token.group(), [earlier.group() for earlier in tokens[max(0, index - 2) : index]]
        if token.lastgroup == "name":
            dotted = before[-1:] == ["."]
            selected = dotted and index > 1 and _ends_value(tokens[index - 2])
            if opened and opened[-1].macro and before[-1:] == ["("]:
                opened[-1].binds = text
            word = _Word(
                text,
                token.start() + 1,
                selected,
                dotted and not selected,
                called=index + 1 < len(tokens) and tokens[index + 1].group() == "(",
                in_macro=any(bracket.macro for bracket in opened),
                bound=not dotted and any(bracket.binds == text for bracket in opened),
            )
            yield word
            macro = word.is_macro
            continue
        if text in _OPENING:
            opened.append(_Bracket(macro))
        elif text in _CLOSING and opened:
            opened.pop()
        macro = False


def _ends_value(token: re.Match[str]) -> bool:
    """Whether a value ends with this token, so that a dot after it selects a field."""
    return token.lastgroup != "other" or token.group() in _CLOSING


def _listed(names: Mapping[str, str] | frozenset[str]) -> str:
    """The names in alphabetical order, separated by commas."""
    return ", ".join(sorted(names))
