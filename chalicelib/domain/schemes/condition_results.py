"""What evaluating a condition answers. The evaluator is outside the domain, which knows it as an ``Evaluate`` function.

This is apart from ``conditions``, which most schemes do not need: they have none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """The value of an expression: ``holds`` is true or false, or None if it has none. ``problem`` then says why."""

    holds: bool | None
    problem: str = ""


# Evaluates an expression over the documented variables, given by name.
Evaluate: TypeAlias = Callable[[str, Mapping[str, Any]], ConditionResult]


def no_conditions(expression: str, _variables: Mapping[str, Any]) -> ConditionResult:
    """An evaluator for schemes that are known to have no conditions: it evaluates nothing."""
    return ConditionResult(None, f"nothing here evaluates {expression!r}")
