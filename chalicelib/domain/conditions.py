"""Conditions in CEL, the Common Expression Language: which variables they have, and which are refused unevaluated.

https://github.com/google/cel-spec/blob/master/doc/langdef.md. The evaluator itself is outside the domain.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from chalicelib.domain.facts import Facts, Rival

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
    r"""(?P<string>[bBrR]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<comment>//[^\n]*)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<other>\S)""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
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
    """A name in an expression: after a dot, before a parenthesis, within the parentheses of a macro."""

    text: str
    position: int
    selected: bool
    called: bool
    in_macro: bool

    @property
    def is_macro(self) -> bool:
        return self.selected and self.called and self.text in _MACROS


def names_in(expression: str) -> set[str]:
    """The variables that an expression may read: its names that are neither selected nor called."""
    return {word.text for word in _words(expression) if not word.selected and not word.called}


def fault(expression: str) -> Fault | None:
    """The first reason to refuse an expression unevaluated: too long, too costly, an unknown variable."""
    if not 1 <= len(expression) <= MAX_LENGTH:
        return Fault(1, f"a condition has 1 to {MAX_LENGTH} characters")
    words = list(_words(expression))
    macros = [word for word in words if word.is_macro]
    if len(macros) > MAX_MACROS:
        return Fault(macros[MAX_MACROS].position, f"a condition has at most {MAX_MACROS} of {_said(_MACROS)}")
    bound = {word.text for word in _bound_by_macros(words)}
    for word in words:
        reason = _refusal(word, bound)
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


def _refusal(word: _Word, bound: set[str]) -> str | None:
    if word.is_macro and word.in_macro:
        return f"{word.text} inside another of {_said(_MACROS)} would cost too much"
    if word.called and word.text == "matches":
        # Its cost depends on the pattern.
        return "'matches' is not available; use startsWith, endsWith or contains"
    if word.called and not word.is_macro and word.text not in _FUNCTIONS:
        return f"there is no function {word.text!r}; there are {_said(_FUNCTIONS)}"
    if not word.selected and not word.called and word.text not in _LITERALS | VARIABLES.keys() | bound:
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
    # One entry for each bracket that is open: whether it holds a macro's arguments.
    opened: list[bool] = []
    before, macro = "", False
    for found in _TOKEN.finditer(expression):
        text = found.group()
        if found.lastgroup == "comment":
            continue
        if found.lastgroup == "name":
            called = expression[found.end() :].lstrip().startswith("(")
            word = _Word(text, found.start() + 1, before == ".", called, any(opened))
            yield word
            macro = word.is_macro
        else:
            if text in "([{":
                opened.append(macro)
            elif text in ")]}" and opened:
                opened.pop()
            macro = False
        before = text


def _bound_by_macros(words: list[_Word]) -> Iterator[_Word]:
    """The names that a macro's first argument binds: the word right after it."""
    for macro, following in pairwise(words):
        if macro.is_macro:
            yield following


def _said(names: Mapping[str, str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
