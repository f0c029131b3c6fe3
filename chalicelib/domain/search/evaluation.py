"""Evaluates a filter on a record.

A condition on a value that the record does not have is false, except ``IS NULL``; NOT makes it true. If there are
several values (aliases, a list in metadata), one match is enough. A negated comparator (``!=``, ``NOT LIKE``,
``NOT IN``) holds if there are values and none of them matches.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from chalicelib.domain.search.parser import as_instant
from chalicelib.domain.search.patterns import compiled
from chalicelib.domain.search.syntax import And, Comparator, Condition, Expression, Field, Not, Or, Scalar


class Timestamp(str):
    """A time among a record's values, in the registry's format."""

    __slots__ = ()


Value: TypeAlias = Scalar | Timestamp | None
# By field: one value, a tuple of values, or, for a field with keys, a mapping. None: the record has no value.
Record: TypeAlias = Mapping[str, Any]

_WORD: Final = re.compile(r"\w+")
_NEGATED: Final[Mapping[Comparator, Comparator]] = {
    Comparator.UNEQUAL: Comparator.EQUAL,
    Comparator.NOT_LIKE: Comparator.LIKE,
    Comparator.NOT_ILIKE: Comparator.ILIKE,
    Comparator.NOT_IN: Comparator.IN,
}
_TEXT_ONLY: Final = frozenset({Comparator.LIKE, Comparator.ILIKE, Comparator.CONTAINS})
_COMPARE: Final[Mapping[Comparator, Callable[[Any, Any], bool]]] = {
    Comparator.EQUAL: lambda value, expected: bool(value == expected),
    Comparator.LESS: lambda value, expected: bool(value < expected),
    Comparator.AT_MOST: lambda value, expected: bool(value <= expected),
    Comparator.MORE: lambda value, expected: bool(value > expected),
    Comparator.AT_LEAST: lambda value, expected: bool(value >= expected),
    Comparator.LIKE: lambda value, expected: compiled(expected).matches(value),
    Comparator.ILIKE: lambda value, expected: compiled(expected.lower()).matches(value.lower()),
    Comparator.CONTAINS: lambda value, expected: words(expected) <= words(value),
}


def holds(where: Expression | None, record: Record) -> bool:
    """Whether the filter is true for the record."""
    match where:
        case None:
            return True
        case Condition():
            return _condition_holds(where, values(record, where.field))
        case Not(part):
            return not holds(part, record)
        case And(parts):
            return all(holds(part, record) for part in parts)
        case Or(parts):
            return any(holds(part, record) for part in parts)


def values(record: Record, field: Field) -> tuple[Value, ...]:
    """The record's values of a field. None among them is a value that cannot be compared."""
    found = record.get(field.name)
    if field.key is not None:
        found = _at_path(found, field.key) if field.name == "metadata" else (found or {}).get(field.key)
    if found is None:
        return ()
    return found if isinstance(found, tuple) else (found,)


def words(text: str) -> frozenset[str]:
    """The words of a text, regardless of case."""
    return frozenset(_WORD.findall(text.casefold()))


def _at_path(document: Any, path: str) -> Value | tuple[Value, ...]:
    """The value at a path in the metadata; of a list, all its values."""
    for step in path.split("/"):
        if not isinstance(document, Mapping) or step not in document:
            return None
        document = document[step]
    return tuple(map(_plain, document)) if isinstance(document, list) else (_plain(document),)


def _plain(value: Value | Mapping[str, Any]) -> Value:
    """A value of metadata: ``{"$time": …}`` is a time. Any other object is None, which cannot be compared."""
    if isinstance(value, Mapping):
        at = as_instant(str(value.get("$time")))
        return None if at is None else Timestamp(at)
    return value


def _condition_holds(condition: Condition, found: Sequence[Value]) -> bool:
    if condition.comparator is Comparator.IS_NULL:
        return not found
    if condition.comparator is Comparator.IS_NOT_NULL:
        return bool(found)
    positive = _NEGATED.get(condition.comparator)
    if positive is not None:
        return bool(found) and not any(_matches(positive, value, condition.value) for value in found)
    return any(_matches(condition.comparator, value, condition.value) for value in found)


def _matches(comparator: Comparator, value: Value, expected: object) -> bool:
    if comparator is Comparator.IN:
        return isinstance(expected, tuple) and any(_matches(Comparator.EQUAL, value, one) for one in expected)
    if isinstance(value, Timestamp):
        if not isinstance(expected, str) or comparator not in _COMPARE or comparator in _TEXT_ONLY:
            return False
        expected = as_instant(expected)
    comparable = _comparable_type(value) is _comparable_type(expected) is not None
    return comparable and _COMPARE[comparator](value, expected)


def _comparable_type(value: object) -> type | None:
    """The type as which a value is compared. Values of different types are never equal and have no order."""
    if isinstance(value, str):
        return str
    if isinstance(value, bool):
        return bool
    return float if isinstance(value, int | float) else None
