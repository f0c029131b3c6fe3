"""Evaluate conditions, which are CEL expressions, with the compiled core of common-expression-language.

That evaluator can be neither stopped nor bounded. So nothing is evaluated before its cost has been computed.
"""

import importlib.machinery
import importlib.util
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schemes import conditions
from chalicelib.domain.schemes.condition_cost import ASSUMED, MAX_COST, cost, size_of
from chalicelib.domain.schemes.condition_results import ConditionResult, Evaluate
from chalicelib.domain.schemes.condition_syntax import Node, NotUnderstoodError, parsed
from chalicelib.domain.schemes.conditions import NOW, names_in

_MAX_PROBLEM: Final = 300
_TOO_COSTLY: Final = f"it would take up to {{units}} steps; a condition takes at most {MAX_COST}"
_NOT_UNDERSTOOD: Final = "it is nested too deeply, or uses syntax that conditions do not have"


def evaluate(expression: str, variables: Mapping[str, Any]) -> ConditionResult:
    """Evaluate an expression over the documented variables. Any result but true or false is None with the reason."""
    return _evaluated(expression, variables)[0]


def evaluate_within(budget: int) -> Evaluate:
    """An ``evaluate`` that takes at most ``budget`` steps in all its calls, then raises InvalidInputError."""
    left = budget

    def evaluate_counted(expression: str, variables: Mapping[str, Any]) -> ConditionResult:
        nonlocal left
        result, units = _evaluated(expression, variables, left)
        left -= units
        if left < 0:
            raise InvalidInputError(
                f"The scheme's conditions would take more than {budget} steps on the model's past. Simplify those that "
                "look at whole variables with a macro."
            )
        return result

    return evaluate_counted


def _evaluated(expression: str, variables: Mapping[str, Any], left: int | None = None) -> tuple[ConditionResult, int]:
    """The result of an expression, and its cost. Nothing is evaluated that costs more than ``left``."""
    used = {name: variables[name] for name in names_in(expression) & variables.keys()}
    try:
        units = cost(_tree(expression), {name: size_of(value) for name, value in used.items()})
    except NotUnderstoodError:
        return ConditionResult(None, _NOT_UNDERSTOOD), 0
    if units > MAX_COST:
        return ConditionResult(None, _TOO_COSTLY.format(units=units)), 0
    if left is not None and units > left:
        return ConditionResult(None), units
    return _run(expression, used), units


def _run(expression: str, variables: Mapping[str, Any]) -> ConditionResult:
    try:
        bindings = dict(variables)
        if NOW in bindings:
            bindings[NOW] = datetime.fromisoformat(bindings[NOW])
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
    try:
        units = cost(_tree(expression), ASSUMED)
    except NotUnderstoodError:
        return conditions.Fault(1, _NOT_UNDERSTOOD)
    return conditions.Fault(1, _TOO_COSTLY.format(units=units)) if units > MAX_COST else None


@lru_cache(maxsize=256)
def _tree(expression: str) -> Node:
    return parsed(expression)


@lru_cache(maxsize=256)
def _program(expression: str) -> Any:
    return evaluator().compile(expression)


@lru_cache(maxsize=1)
def evaluator() -> Any:
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
