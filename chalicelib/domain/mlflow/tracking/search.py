"""Filters and orders of experiments, runs and logged models: the part of MLflow's language that registering needs.

A filter is ``<condition> AND <condition> …``. Examples of conditions: ``attributes.status = 'FINISHED'``,
``metrics.auc > 0.9``, ``tags.`a key` LIKE 'x%'``, ``params.depth IN ('3', '4')``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow.tracking.entities import Experiment, LoggedModel, Run

Value: TypeAlias = str | float | None
Fields: TypeAlias = Callable[[str, str], Value]

MAX_FILTER: Final = 4_000
MAX_CONDITIONS: Final = 50

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<compare>!=|<=|>=|=|<|>)|(?P<mark>[(),])|(?P<name>(?:[\w\-]+\.)?(?:`[^`]+`|\"[^\"]+\"|[\w.\-/]+)))",
    re.DOTALL,
)
_KINDS: Final = {
    "attribute": "attribute",
    "attributes": "attribute",
    "attr": "attribute",
    "run": "attribute",
    "tag": "tag",
    "tags": "tag",
    "param": "param",
    "params": "param",
    "parameter": "param",
    "parameters": "param",
    "metric": "metric",
    "metrics": "metric",
}
_ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_NUMERIC: Final = frozenset(
    {"start_time", "end_time", "creation_timestamp", "creation_time", "last_updated_timestamp", "last_update_time"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. ``values`` is what the field is compared with: one value, or several for IN."""

    kind: str
    key: str
    operator: str
    values: tuple[str | float, ...]

    def holds(self, fields: Fields) -> bool:
        """Whether the entity has the field and the comparison is true."""
        found = fields(self.kind, self.key)
        if found is None:
            return False
        expected = self.values[0] if self.values else ""
        if isinstance(found, float):
            return isinstance(expected, float) and _compares(found, self.operator, expected)
        match self.operator:
            case "=" | "IN":
                return found in self.values
            case "!=" | "NOT IN":
                return found not in self.values
            case "LIKE" | "ILIKE":
                flags = re.DOTALL | (re.IGNORECASE if self.operator == "ILIKE" else 0)
                return re.fullmatch(_pattern(str(expected)), found, flags) is not None
        return False


@dataclass(frozen=True, slots=True)
class Order:
    kind: str
    key: str
    ascending: bool


def parsed(text: str) -> tuple[Condition, ...]:
    """The conditions of a filter, all of which must hold. Raises InvalidInputError."""
    if len(text) > MAX_FILTER:
        raise InvalidInputError(f"A filter has at most {MAX_FILTER} characters.")
    tokens = _tokens(text)
    conditions: list[Condition] = []
    at = 0
    while at < len(tokens):
        if conditions:
            if tokens[at][1].upper() != "AND":
                raise _invalid(text, f"expected AND before {tokens[at][1]!r}")
            at += 1
        condition, at = _condition(text, tokens, at)
        conditions.append(condition)
    if len(conditions) > MAX_CONDITIONS:
        raise InvalidInputError(f"A filter has at most {MAX_CONDITIONS} conditions.")
    return tuple(conditions)


def ordered(clauses: Sequence[str]) -> tuple[Order, ...]:
    """The orders written as ``["metrics.auc DESC", …]``. Raises InvalidInputError."""
    return tuple(_order(clause) for clause in clauses)


def of_experiment(experiment: Experiment) -> Fields:
    """The fields of an experiment that a filter can name."""
    attributes: Mapping[str, Value] = {
        "name": experiment.name,
        "experiment_id": experiment.id,
        "creation_time": float(experiment.created_ms),
        "last_update_time": float(experiment.updated_ms or experiment.created_ms),
    }

    def field(kind: str, key: str) -> Value:
        if kind == "tag":
            return experiment.tags.get(key)
        if kind != "attribute" or key not in attributes:
            raise InvalidInputError(f"Invalid attribute key '{key}' specified. Valid keys are {sorted(attributes)}")
        return attributes[key]

    return field


def of_run(run: Run) -> Fields:
    """The fields of a run that a filter can name."""
    attributes: Mapping[str, Value] = {
        "status": run.status.value,
        "run_id": run.id,
        "run_name": run.name,
        "user_id": run.user,
        "artifact_uri": run.artifact_uri,
        "start_time": float(run.started_ms),
        "end_time": None if run.ended_ms is None else float(run.ended_ms),
    }
    aliases = {"run name": "run_name", "Run name": "run_name", "Run Name": "run_name", "created": "start_time"}

    def field(kind: str, key: str) -> Value:
        if kind == "attribute":
            name = aliases.get(key, key)
            if name not in attributes:
                raise InvalidInputError(f"Invalid attribute key '{key}' specified. Valid keys are {sorted(attributes)}")
            return attributes[name]
        if kind == "metric":
            return run.metrics[key].value if key in run.metrics else None
        return (run.tags if kind == "tag" else run.params).get(key)

    return field


def of_model(model: LoggedModel) -> Fields:
    """The fields of a logged model that a filter can name."""
    attributes: Mapping[str, Value] = {
        "name": model.name,
        "model_id": model.id,
        "model_type": model.model_type,
        "status": model.status.value.removeprefix("LOGGED_MODEL_"),
        "source_run_id": model.source_run_id,
        "creation_timestamp": float(model.created_ms),
        "creation_time": float(model.created_ms),
        "last_updated_timestamp": float(model.updated_ms),
    }

    def field(kind: str, key: str) -> Value:
        if kind == "attribute":
            if key not in attributes:
                raise InvalidInputError(f"Invalid attribute key '{key}' specified. Valid keys are {sorted(attributes)}")
            return attributes[key]
        if kind == "metric":
            return next((metric.value for metric in model.metrics if metric.key == key), None)
        return (model.tags if kind == "tag" else model.params).get(key)

    return field


def sort_key(order: Order, fields: Fields) -> tuple[bool, float, str]:
    """The key to sort entities by one order. Entities without the field come last."""
    value = fields(order.kind, order.key)
    if value is None or value != value:
        return (True, 0.0, "")
    if isinstance(value, float):
        return (False, value if order.ascending else -value, "")
    return (False, 0.0, value)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise _invalid(text, f"cannot read {text[at:].strip()[:30]!r}")
        tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return tokens


def _condition(text: str, tokens: list[tuple[str, str]], at: int) -> tuple[Condition, int]:
    rest = tokens[at:]
    if len(rest) < 3 or rest[0][0] not in ("name", "text"):
        raise _invalid(text, "a condition is <field> <comparison> <value>")
    kind, key = _field(rest[0][1])
    operator = rest[1][1].upper()
    if operator == "NOT" and rest[2][1].upper() == "IN":
        values, used = _list(text, tokens, at + 3)
        return Condition(kind, key, "NOT IN", values), used
    if operator == "IN":
        values, used = _list(text, tokens, at + 2)
        return Condition(kind, key, "IN", values), used
    if rest[1][0] != "compare" and operator not in ("LIKE", "ILIKE"):
        raise _invalid(text, f"{rest[1][1]!r} is not a comparison")
    numeric = kind == "metric" or (kind == "attribute" and key in _NUMERIC)
    value = _value(text, rest[2], numeric)
    if not numeric and operator in _ORDERED:
        raise _invalid(text, f"{operator} compares numbers, and {key!r} is not a number")
    if numeric and operator in ("LIKE", "ILIKE"):
        raise _invalid(text, f"{operator} compares texts, and {key!r} is a number")
    return Condition(kind, key, operator, (value,)), at + 3


def _list(text: str, tokens: list[tuple[str, str]], at: int) -> tuple[tuple[str | float, ...], int]:
    if at >= len(tokens) or tokens[at][1] != "(":
        raise _invalid(text, "IN takes a list in parentheses")
    values: list[str | float] = []
    at += 1
    while at < len(tokens) and tokens[at][1] != ")":
        if tokens[at][1] != ",":
            values.append(_value(text, tokens[at], numeric=False))
        at += 1
    if at >= len(tokens) or not values:
        raise _invalid(text, "IN takes a list of texts in parentheses")
    return tuple(values), at + 1


def _value(text: str, token: tuple[str, str], numeric: bool) -> str | float:
    group, value = token
    if numeric:
        try:
            return float(value.strip("'\""))
        except ValueError:
            raise _invalid(text, f"{value} is not a number") from None
    if group != "text":
        raise _invalid(text, f"the value {value} must be in quotes")
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)


def _field(name: str) -> tuple[str, str]:
    before, dot, after = name.partition(".")
    kind = _KINDS.get(before) if dot else None
    if kind is None:
        return "attribute", name.strip("`\"'")
    return kind, after.strip('`"')


def _order(clause: str) -> Order:
    text = clause.strip()
    words = text.rsplit(None, 1)
    ascending = True
    if len(words) == 2 and words[1].upper() in ("ASC", "DESC"):
        text, ascending = words[0], words[1].upper() == "ASC"
    if not text:
        raise InvalidInputError(f"Invalid order_by clause: {clause!r}")
    kind, key = _field(text)
    return Order(kind, key, ascending)


def _compares(found: float, operator: str, expected: float) -> bool:
    match operator:
        case "=":
            return found == expected
        case "!=":
            return found != expected
        case "<":
            return found < expected
        case "<=":
            return found <= expected
        case ">":
            return found > expected
    return operator == ">=" and found >= expected


def _pattern(like: str) -> str:
    return "".join(".*" if one == "%" else "." if one == "_" else re.escape(one) for one in like)


def _invalid(text: str, why: str) -> InvalidInputError:
    return InvalidInputError(f"Invalid clause(s) in filter string: {text[:200]!r}: {why}.")
