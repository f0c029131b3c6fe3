"""Parses MLflow's filters and orders, exactly as MLflow's servers accept them, to the tree of the native grammar.

A filter is conditions joined by AND; the AND may be missing or repeated. Texts have no escapes. Error messages are
MLflow's own where it has one. Clauses that MLflow answers with 500 (``IS NULL``) are refused as invalid.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn

from chalicelib.domain.errors import InvalidFilterError
from chalicelib.domain.search.evaluation import holds
from chalicelib.domain.search.faults import fault
from chalicelib.domain.search.syntax import (
    MAX_CONDITIONS,
    MAX_LENGTH,
    And,
    Comparator,
    Condition,
    Expression,
    Field,
    Not,
    Or,
    Order,
    Scalar,
    Subject,
)

RUN_ID: Final = Field("run_id")
IS_PROMPT: Final = Field("tags", "mlflow.prompt.is_prompt")

_ENTITIES: Final = ("attribute", "tag", "tags")
_ATTRIBUTES: Final = {
    Subject.MODELS: {"name": "name"},
    Subject.VERSIONS: {"name": "name", "run_id": "run_id", "source_path": "source", "version_number": "version"},
}
_LISTED: Final = {Subject.MODELS: ("name",), Subject.VERSIONS: ("name", "run_id")}
_TEXT_COMPARATORS: Final = frozenset({Comparator.EQUAL, Comparator.UNEQUAL, Comparator.LIKE, Comparator.ILIKE})
_NUMBER_COMPARATORS: Final = frozenset(
    {
        *(Comparator.EQUAL, Comparator.UNEQUAL, Comparator.LESS),
        *(Comparator.AT_MOST, Comparator.MORE, Comparator.AT_LEAST),
    }
)
_VERSION_ORDERS: Final = {
    "name": Field("name"),
    "version_number": Field("version"),
    "creation_timestamp": Field("created_at"),
    "last_updated_timestamp": Field("updated_at"),
}
_MODEL_ORDERS: Final = {
    "name": Field("name"),
    "timestamp": Field("updated_at"),
    "last_updated_timestamp": Field("updated_at"),
}
_TIE_BREAKERS: Final = {
    Subject.MODELS: (Order(Field("name")),),
    Subject.VERSIONS: (Order(Field("name")), Order(Field("version"), descending=True)),
}

_CLAUSE: Final = re.compile(
    r"""\s*(?P<identifier>[^\W\d][\w$#]*(?:\.(?:[\w$#.]*|`[^`]*`|'[^']*'|"[^"]*"))?)
    \s*(?P<comparator>[<>=~!]+|(?:NOT\s+)?(?:LIKE|ILIKE|IN)\b)
    \s*(?P<value>'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|`[^`]*`|\([^()]*\)|-?[\w.]+)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_BETWEEN: Final = re.compile(r"(?:\s|\bAND\b)*", re.IGNORECASE)
_INTEGER: Final = re.compile(r"-?[0-9]+")
_NUMBER: Final = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]-?[0-9]+)?")
_ITEM: Final = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)")\s*(,|$)""")
_ORDER: Final = re.compile(r"""([^\W\d][\w.]*|`[^`]*`|"[^"]*"|attribute\.`[^`]*`)(?:\s+(\w+))?""")


@dataclass(frozen=True, slots=True)
class _Clause:
    """One condition as written; ``at`` is the number of its first character, from 0."""

    text: str
    at: int
    identifier: str
    comparator: str
    value: str

    def refuse(self, message: str) -> NoReturn:
        raise fault(self.text, self.at, message, "filter")


def parse_filter(text: str, subject: Subject) -> Expression | None:
    """Parse a filter. Prompts are excluded unless the filter asks for them. Raises InvalidFilterError."""
    return _without_prompts([_condition(clause, subject) for clause in _clauses(text)])


def parse_order(clauses: Iterable[str], subject: Subject) -> tuple[Order, ...]:
    """Parse an order and complete it with MLflow's tie-breakers. Raises InvalidFilterError."""
    found = [_order(clause, subject) for clause in clauses]
    if not found and subject is Subject.VERSIONS:
        found = [Order(Field("updated_at"), descending=True)]
    fields = [order.field for order in found]
    if len(set(fields)) != len(fields):
        raise InvalidFilterError("`order_by` contains duplicate fields: " + ", ".join(map(str, fields)))
    return (*found, *(one for one in _TIE_BREAKERS[subject] if one.field not in fields))


def _clauses(text: str) -> list[_Clause]:
    if len(text) > MAX_LENGTH:
        raise fault(text, MAX_LENGTH, f"it has {len(text)} characters, the limit is {MAX_LENGTH}")
    if text and not text.strip():
        raise fault(text, 0, f"Invalid filter {text!r}. Could not be parsed")
    found: list[_Clause] = []
    at = _past_ands(text, 0)
    while at < len(text):
        match = _CLAUSE.match(text, at)
        if match is None:
            raise fault(text, at, f"Invalid clause(s) in filter string: {text[at : at + 100]}")
        if len(found) == MAX_CONDITIONS:
            raise fault(text, at, f"a filter has at most {MAX_CONDITIONS} conditions")
        found.append(_Clause(text, match.start("identifier"), match[1], " ".join(match[2].upper().split()), match[3]))
        after = match.end()
        at = _past_ands(text, after)
        if at == after < len(text):
            raise fault(text, at, f"Invalid clause(s) in filter string: {text[at : at + 100]}")
    return found


def _past_ands(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return at if match is None else match.end()


def _condition(clause: _Clause, subject: Subject) -> Condition:
    entity, dot, key = clause.identifier.partition(".")
    if not dot:
        entity, key = "attribute", clause.identifier
    if entity not in _ENTITIES:
        clause.refuse(f"Invalid entity type '{entity}'. Valid entity types are {_ENTITIES}")
    if entity != "attribute":
        return _on_tag(clause, key[1:-1] if key[:1] in ("`", "'", '"') else key)
    if key not in _ATTRIBUTES[subject]:
        clause.refuse(
            f"Invalid attribute key '{key}' specified. Valid keys are '{', '.join(sorted(_ATTRIBUTES[subject]))}'"
        )
    return _on_attribute(clause, key, subject)


def _on_tag(clause: _Clause, key: str) -> Condition:
    if clause.value[0] not in ("'", '"'):
        clause.refuse(f"Expected a quoted string value for tag (e.g. 'my-value'). Got value {clause.value}")
    comparator = _comparator(clause, _TEXT_COMPARATORS, "Invalid comparator for tag")
    return Condition(Field("tags", key), comparator, clause.value[1:-1])


def _on_attribute(clause: _Clause, key: str, subject: Subject) -> Condition:
    field, value = Field(_ATTRIBUTES[subject][key]), clause.value
    if value[0] == "(":
        if key not in _LISTED[subject]:
            clause.refuse(
                f"Only {list(_LISTED[subject])} attributes support comparison with a list of quoted string values"
            )
        return Condition(
            field, _comparator(clause, frozenset({Comparator.IN, Comparator.NOT_IN})), _list(clause, value)
        )
    if key == "version_number":
        comparator = _comparator(clause, _NUMBER_COMPARATORS, f"Invalid comparator for attribute {key}")
        return Condition(field, comparator, _number(clause, key))
    if value[0] not in ("'", '"'):
        clause.refuse(_unquoted(clause, subject))
    return Condition(field, _comparator(clause, _TEXT_COMPARATORS), value[1:-1])


def _unquoted(clause: _Clause, subject: Subject) -> str:
    if subject is Subject.VERSIONS and _NUMBER.fullmatch(clause.value):
        return "Only the 'version_number' attributes support comparison with numeric values"
    return (
        "Parameter value is either not quoted or unidentified quote types used for string value "
        f"{clause.value}. Use either single or double quotes"
    )


def _number(clause: _Clause, key: str) -> int:
    written = clause.value[1:-1] if clause.value[0] in ("'", '"') else clause.value
    if not _INTEGER.fullmatch(written.strip()):
        clause.refuse(f"Invalid value for numeric attribute '{key}': {written!r}")
    return int(written)


def _list(clause: _Clause, written: str) -> tuple[Scalar, ...]:
    inner = written[1:-1].strip()
    values: list[Scalar] = []
    at = 0
    while at < len(inner):
        match = _ITEM.match(inner, at)
        if match is None:
            clause.refuse(
                "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list"
            )
        values.append(match[1] if match[1] is not None else match[2])
        at = match.end()
    if not values:
        clause.refuse(
            "While parsing a list in the query, expected a non-empty list of string values, but got empty list"
        )
    return tuple(values)


def _comparator(
    clause: _Clause, allowed: frozenset[Comparator], refusal: str = "Invalid comparator for attribute"
) -> Comparator:
    found = next((one for one in allowed if one == clause.comparator), None)
    if found is None:
        clause.refuse(f"{refusal}: {clause.comparator}")
    return found


def _without_prompts(conditions: list[Condition]) -> Expression | None:
    """The conditions, with prompts excluded unless a condition on the prompt tag asks for them."""
    of_prompts = [condition for condition in conditions if condition.field == IS_PROMPT]
    parts: list[Expression] = list(map(_with_missing_runs, conditions))
    if not of_prompts or not _asks_for_prompts(of_prompts[0]):
        others = [condition for condition in conditions if condition.field != IS_PROMPT]
        parts = [*map(_with_missing_runs, others), Not(Condition(IS_PROMPT, Comparator.EQUAL, "true"))]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _with_missing_runs(condition: Condition) -> Expression:
    """The condition, true also for a version without a run if it is true for an empty id: MLflow stores that instead.

    So ``!=``, ``NOT IN``, ``= ''`` and ``LIKE '%'`` find versions without a run.
    """
    if condition.field != RUN_ID or not holds(condition, {RUN_ID.name: ""}):
        return condition
    return Or((condition, Condition(RUN_ID, Comparator.IS_NULL)))


def _asks_for_prompts(condition: Condition) -> bool:
    comparison = (condition.comparator, str(condition.value).lower())
    return comparison in ((Comparator.EQUAL, "true"), (Comparator.UNEQUAL, "false"))


def _order(clause: str, subject: Subject) -> Order:
    match = _ORDER.fullmatch(clause)
    if match is None:
        raise InvalidFilterError(f"Invalid order_by clause '{clause}'. Could not be parsed.")
    direction = (match[2] or "asc").lower()
    if direction not in ("asc", "desc"):
        raise InvalidFilterError(f"Invalid ordering key in order_by clause '{clause}'.")
    key = match[1]
    if subject is Subject.VERSIONS:
        key = key.removeprefix("attribute.")
    if key[0] in ("`", '"'):
        key = key[1:-1]
    fields = _VERSION_ORDERS if subject is Subject.VERSIONS else _MODEL_ORDERS
    if key not in fields:
        raise InvalidFilterError(
            f"Invalid order by key '{key}' specified. Valid keys are '{', '.join(sorted(fields))}'"
        )
    return Order(fields[key], direction == "desc")
