"""Whether a filter holds for a record.

A condition on something that the record does not have is false, ``IS NULL`` apart, and NOT turns that around. Of
several values (aliases, a list in metadata) one is enough for a comparator that affirms; one that denies (``!=``,
``NOT LIKE``, ``NOT IN``) holds if there are values and none is as denied.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from chalicelib.domain.search.parser import as_instant
from chalicelib.domain.search.patterns import compiled
from chalicelib.domain.search.syntax import And, Comparator, Condition, Expression, Field, Not, Or, Scalar


class Moment(str):
    """A time among a record's values, as the registry writes times."""

    __slots__ = ()


Value: TypeAlias = Scalar | Moment | None
# Field by field: one value, a tuple of values, or, for a field with keys, a mapping. None: the record has none.
Record: TypeAlias = Mapping[str, Any]

_WORD: Final = re.compile(r"\w+")
_DENIALS: Final[Mapping[Comparator, Comparator]] = {
    Comparator.UNEQUAL: Comparator.EQUAL,
    Comparator.NOT_LIKE: Comparator.LIKE,
    Comparator.NOT_ILIKE: Comparator.ILIKE,
    Comparator.NOT_IN: Comparator.IN,
}
_OF_TEXT: Final = frozenset({Comparator.LIKE, Comparator.ILIKE, Comparator.CONTAINS})
_COMPARE: Final[Mapping[Comparator, Callable[[Any, Any], bool]]] = {
    Comparator.EQUAL: lambda mine, asked: bool(mine == asked),
    Comparator.LESS: lambda mine, asked: bool(mine < asked),
    Comparator.AT_MOST: lambda mine, asked: bool(mine <= asked),
    Comparator.MORE: lambda mine, asked: bool(mine > asked),
    Comparator.AT_LEAST: lambda mine, asked: bool(mine >= asked),
    Comparator.LIKE: lambda mine, asked: compiled(asked).matches(mine),
    Comparator.ILIKE: lambda mine, asked: compiled(asked.lower()).matches(mine.lower()),
    Comparator.CONTAINS: lambda mine, asked: words(asked) <= words(mine),
}


def holds(where: Expression | None, record: Record) -> bool:
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
    """The record's values of a field; None among them is a value that nothing compares with."""
    found = record.get(field.name)
    if field.key is not None:
        found = _at(found, field.key) if field.name == "metadata" else (found or {}).get(field.key)
    if found is None:
        return ()
    return found if isinstance(found, tuple) else (found,)


def words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _at(document: Any, path: str) -> Value | tuple[Value, ...]:
    for step in path.split("/"):
        if not isinstance(document, Mapping) or step not in document:
            return None
        document = document[step]
    return tuple(map(_plain, document)) if isinstance(document, list) else (_plain(document),)


def _plain(value: Value | Mapping[str, Any]) -> Value:
    """A value of metadata: ``{"$time": …}`` is a time, any other object nothing that compares."""
    if isinstance(value, Mapping):
        at = as_instant(str(value.get("$time")))
        return None if at is None else Moment(at)
    return value


def _condition_holds(condition: Condition, found: Sequence[Value]) -> bool:
    if condition.comparator is Comparator.IS_NULL:
        return not found
    if condition.comparator is Comparator.IS_NOT_NULL:
        return bool(found)
    denied = _DENIALS.get(condition.comparator)
    if denied is not None:
        return bool(found) and not any(_affirmed(denied, value, condition.value) for value in found)
    return any(_affirmed(condition.comparator, value, condition.value) for value in found)


def _affirmed(comparator: Comparator, mine: Value, asked: object) -> bool:
    if comparator is Comparator.IN:
        return isinstance(asked, tuple) and any(_affirmed(Comparator.EQUAL, mine, one) for one in asked)
    if isinstance(mine, Moment):
        if not isinstance(asked, str) or comparator not in _COMPARE or comparator in _OF_TEXT:
            return False
        asked = as_instant(asked)
    return _sort(mine) is _sort(asked) is not None and _COMPARE[comparator](mine, asked)


def _sort(value: object) -> type | None:
    """What a value is compared as: text with text, number with number, truth with truth."""
    if isinstance(value, str):
        return str
    if isinstance(value, bool):
        return bool
    return float if isinstance(value, int | float) else None
