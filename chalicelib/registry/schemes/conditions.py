"""Evaluate conditions, which are CEL expressions, with the compiled core of common-expression-language."""

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
    """Evaluate an expression over the documented variables. Any result but true or false is None with the reason."""
    try:
        bindings = {**variables, NOW: datetime.fromisoformat(variables[NOW])}
        result = _program(expression).execute(bindings)
    except KeyError as error:
        return ConditionResult(None, f"there is no key {error}"[:_MAX_PROBLEM])
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        # The evaluator raises these for an index out of bounds, an unknown function, mixed types, an overflow.
        return ConditionResult(None, str(error)[:_MAX_PROBLEM] or type(error).__name__)
    if not isinstance(result, bool):
        return ConditionResult(None, f"it is {type(result).__name__}, not true or false")
    return ConditionResult(result)


def refused(expression: str) -> conditions.Fault | None:
    """Why a scheme may not have this expression, and at which position; None if it may."""
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
    """The package's compiled module alone. Its ``__init__`` imports a command line with packages that we don't ship."""
    package = importlib.util.find_spec("cel")
    if package is None or package.submodule_search_locations is None:
        raise ModuleNotFoundError("common-expression-language is not installed", name="cel")
    locations = list(package.submodule_search_locations)
    spec = importlib.machinery.PathFinder.find_spec("cel", locations)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("common-expression-language has no compiled module", name="cel.cel")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _syntax_fault(expression: str, message: str) -> conditions.Fault:
    """The fault in the evaluator's ``ERROR: <input>:LINE:COLUMN: Syntax error: REASON``. More lines may follow."""
    _, _, position = message.partition("<input>:")
    line, _, rest = position.partition(":")
    column, _, reason = rest.partition(":")
    first = reason.partition("\n")[0].partition(" expecting ")[0].strip() or "it is not an expression"
    # Replace the parser's words by common ones.
    first = first.replace("mismatched input", "unexpected").replace("'<EOF>'", "end of the expression")
    if not (line.isdigit() and column.isdigit()):
        return conditions.Fault(1, first[:_MAX_PROBLEM])
    before = expression.split("\n")[: int(line) - 1]
    return conditions.Fault(sum(len(text) + 1 for text in before) + int(column), first[:_MAX_PROBLEM])
