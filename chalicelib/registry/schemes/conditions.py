"""The evaluator of conditions: CEL, by the compiled core of common-expression-language."""

import importlib.machinery
import importlib.util
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from chalicelib.domain.schemes import conditions
from chalicelib.domain.schemes.conditions import NOW, ConditionResult

_MAX_PROBLEM: Final = 300


def evaluate(expression: str, variables: Mapping[str, Any]) -> ConditionResult:
    """What an expression comes to over the documented variables. Anything but true or false comes to nothing."""
    try:
        given = {**variables, NOW: datetime.fromisoformat(variables[NOW])}
        answer = _program(expression).execute(given)
    except KeyError as error:
        return ConditionResult(None, f"there is no key {error}"[:_MAX_PROBLEM])
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        # What the evaluator raises for an index out of bounds, an unknown function, mixed types, an overflow.
        return ConditionResult(None, str(error)[:_MAX_PROBLEM] or type(error).__name__)
    if not isinstance(answer, bool):
        return ConditionResult(None, f"it is {type(answer).__name__}, not true or false")
    return ConditionResult(answer)


def refused(expression: str) -> conditions.Fault | None:
    """Why an expression cannot stand in a scheme, with the place; None if it can."""
    fault = conditions.fault(expression)
    if fault is not None:
        return fault
    try:
        _program(expression)
    except ValueError as error:
        return _syntax_fault(expression, str(error))
    return None


@lru_cache(maxsize=256)
def _program(expression: str) -> Any:
    return _evaluator().compile(expression)


@lru_cache(maxsize=1)
def _evaluator() -> Any:
    """The package's compiled module alone: its ``__init__`` imports a command line with packages that we don't ship."""
    package = importlib.util.find_spec("cel")
    if package is None or package.submodule_search_locations is None:
        raise ModuleNotFoundError("common-expression-language is not installed", name="cel")
    places = list(package.submodule_search_locations)
    spec = importlib.machinery.PathFinder.find_spec("cel", places)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("common-expression-language has no compiled module", name="cel.cel")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _syntax_fault(expression: str, message: str) -> conditions.Fault:
    """The evaluator says: ``ERROR: <input>:LINE:COLUMN: Syntax error: REASON``, then shows the place."""
    _, _, said = message.partition("<input>:")
    line, _, rest = said.partition(":")
    column, _, reason = rest.partition(":")
    first = reason.partition("\n")[0].partition(" expecting ")[0].strip() or "it is not an expression"
    # The parser's words for people who do not write parsers.
    first = first.replace("mismatched input", "unexpected").replace("'<EOF>'", "end of the expression")
    if not (line.isdigit() and column.isdigit()):
        return conditions.Fault(1, first[:_MAX_PROBLEM])
    before = expression.split("\n")[: int(line) - 1]
    return conditions.Fault(sum(len(text) + 1 for text in before) + int(column), first[:_MAX_PROBLEM])
