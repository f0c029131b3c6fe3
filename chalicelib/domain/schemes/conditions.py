"""Conditions in CEL, the Common Expression Language: which variables they have, and which are refused unevaluated.

https://github.com/google/cel-spec/blob/master/doc/langdef.md. The evaluator itself is outside the domain.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.promotion.facts import Facts, Rival

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
    "version": "number, label, stage, status, author, file_count, total_size, ready_at",
    "checks": "reported checks, name to {passed, valid}",
    "evaluations": "recorded evaluations, name to {kind, metrics, measured_at}",
    "card": "the model card's sections, name to text",
    "tier": "the model's risk tier: low, medium or high",
    "rivals": "holders of stages and aliases that the scheme compares with, such as rivals['stage:production']",
    NOW: "the time of judging",
}

# Macros visit every element; one inside another visits every pair, which a large document makes expensive.
_MACROS: Final = frozenset({"all", "exists", "exists_one", "map", "filter"})
_TOKEN: Final = re.compile(
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
    """What is wrong with an expression, and where: the character's number, from 1."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A name in an expression: after a value's dot, before a parenthesis, within the parentheses of a macro.

    ``bound``: a macro's argument has this name, here. ``rooted``: a dot stands before it, and no value before the dot.
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
        return self.selected and self.called and self.text in _MACROS

    @property
    def is_variable(self) -> bool:
        return not (self.selected or self.called or self.bound)


@dataclass(slots=True)
class _Bracket:
    """An open bracket: whether it holds a macro's arguments, and the name that the first of them binds."""

    macro: bool
    binds: str | None = None


def names_in(expression: str) -> set[str]:
    """The variables that an expression may read: its names that are neither selected, nor called, nor bound."""
    return {word.text for word in _words(expression) if word.is_variable}


def fault(expression: str) -> Fault | None:
    """The first reason to refuse an expression unevaluated: too long, too costly, an unknown variable."""
    if not 1 <= len(expression) <= MAX_LENGTH:
        return Fault(1, f"a condition has 1 to {MAX_LENGTH} characters")
    words = list(_words(expression))
    macros = [word for word in words if word.is_macro]
    if len(macros) > MAX_MACROS:
        return Fault(macros[MAX_MACROS].position, f"a condition has at most {MAX_MACROS} of {_said(_MACROS)}")
    for word in words:
        reason = _refusal(word)
        if reason is not None:
            return Fault(word.position, reason)
    return None


def values(facts: Facts) -> dict[str, Any]:
    """The documented variables, as JSON values; ``now`` is RFC 3339 text until the evaluator makes it a timestamp."""
    version, described = facts.version, facts.version.description
    return {
        "metrics": {name: float(value) for name, value in facts.metrics.items()},
        "parameters": dict(described.parameters),
        "metadata": dict(described.metadata),
        "tags": dict(described.tags),
        "provenance": dict(described.provenance),
        "version": {
            "number": version.number,
            "label": described.label,
            "stage": version.stage,
            "status": version.status.value,
            "author": version.created_by,
            "file_count": version.file_count,
            "total_size": version.total_size,
            "ready_at": version.ready_at,
        },
        "checks": {name: _check(check, facts) for name, check in facts.checks.items()},
        "evaluations": {
            name: {
                "kind": evaluation["kind"],
                "metrics": {metric: float(value) for metric, value in evaluation["metrics"].items()},
                "measured_at": evaluation["measured_at"],
            }
            for name, evaluation in facts.evaluations.items()
        },
        "card": dict(facts.sections),
        "tier": facts.tier.value,
        "rivals": {name: _rival(rival) for name, rival in facts.rivals.items()},
        NOW: facts.now,
    }


def _refusal(word: _Word) -> str | None:
    if word.rooted:
        return f"a name has no dot before it; write {word.text}"
    if word.is_macro and word.in_macro:
        return f"{word.text} inside another of {_said(_MACROS)} would cost too much"
    if word.called and word.text == "matches":
        # Its cost depends on the pattern.
        return "'matches' is not available; use startsWith, endsWith or contains"
    if word.called and not word.is_macro and word.text not in _FUNCTIONS:
        return f"there is no function {word.text!r}; there are {_said(_FUNCTIONS)}"
    if word.is_variable and word.text not in _LITERALS | VARIABLES.keys():
        return f"there is no variable {word.text!r}; there are {_said(VARIABLES)}"
    return None


def _check(check: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    expires_at = check.get("expires_at")
    return {"passed": check["passed"], "valid": check["passed"] and (expires_at is None or expires_at > facts.now)}


def _rival(rival: Rival | None) -> dict[str, Any] | None:
    if rival is None:
        return None
    return {"number": rival.number, "metrics": {name: float(value) for name, value in rival.metrics.items()}}


def _words(expression: str) -> Iterator[_Word]:
    tokens = [found for found in _TOKEN.finditer(expression) if found.lastgroup != "comment"]
    opened: list[_Bracket] = []
    macro = False
    for index, token in enumerate(tokens):
        text, before = token.group(), [found.group() for found in tokens[max(0, index - 2) : index]]
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
    """Whether a dot after this token selects from a value."""
    return token.lastgroup != "other" or token.group() in _CLOSING


def _said(names: Mapping[str, str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
