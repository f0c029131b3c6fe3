"""The bounds that a filter puts on each field: a few exact values, or a range."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.fields import FIELDS, Kind
from chalicelib.domain.search.ordering import NAME, VERSION, sort_value
from chalicelib.domain.search.patterns import plain_prefix
from chalicelib.domain.search.syntax import Comparator, Condition, Expression, Field, Scalar, Subject

# Each value takes a query of its own.
MAX_VALUES: Final = 8
_EXACT: Final = frozenset(
    {
        *(Comparator.EQUAL, Comparator.IN, Comparator.IS_NOT_NULL),
        *(Comparator.LESS, Comparator.AT_MOST, Comparator.MORE, Comparator.AT_LEAST),
    }
)
_HIGHEST_VERSION: Final = 999_999_999


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds on one field.

    ``equal`` are the sort values of which an entity must have one; empty if there is no such list. ``low`` and ``high``
    bound the field's part of a sort key. ``answered`` are the conditions that everything within the bounds fulfils.
    """

    equal: tuple[str, ...] = ()
    low: str = ""
    high: str = sort_keys.LAST
    answered: tuple[Condition, ...] = ()

    @property
    def ranged(self) -> bool:
        """Whether there is a range that leaves something out."""
        return bool(self.low) or self.high != sort_keys.LAST


def bounds_of(parts: Iterable[Expression], subject: Subject) -> Mapping[Field, Bounds]:
    """The bounds of every field that a condition among ``parts`` limits. All parts must hold."""
    found: dict[Field, Bounds] = defaultdict(Bounds)
    for part in parts:
        if isinstance(part, Condition) and _is_bounding(part, subject):
            found[part.field] = _narrowed(found[part.field], part, subject)
    return found


def _is_answered(condition: Condition) -> bool:
    """Whether everything within the condition's bounds fulfils the condition."""
    if condition.comparator is Comparator.LIKE:
        pattern = str(condition.value)
        return pattern == plain_prefix(pattern) + "%"
    return condition.comparator in _EXACT


def _is_bounding(condition: Condition, subject: Subject) -> bool:
    field = FIELDS[subject][condition.field.name]
    return not field.several and condition.comparator is not Comparator.IS_NULL


def _narrowed(before: Bounds, condition: Condition, subject: Subject) -> Bounds:
    bounds = replace(before, answered=(*before.answered, condition)) if _is_answered(condition) else before
    if FIELDS[subject][condition.field.name].kind is Kind.VALUE:
        return bounds
    equal = _equal(condition, subject)
    if equal and (not bounds.equal or len(equal) < len(bounds.equal)):
        return replace(bounds, equal=equal)
    low, high = _range(condition, subject)
    return replace(bounds, low=max(bounds.low, low), high=min(bounds.high, high))


def _equal(condition: Condition, subject: Subject) -> tuple[str, ...]:
    """The sort values that the condition allows; empty if it does not list values, or lists too many."""
    expected = condition.value
    if condition.comparator is Comparator.EQUAL and expected is not None and not isinstance(expected, tuple):
        expected = (expected,)
    elif condition.comparator is not Comparator.IN or not isinstance(expected, tuple):
        return ()
    allowed = {
        sort_value(value, condition.field, subject) for value in expected if _is_possible(condition.field, value)
    }
    return tuple(sorted(allowed)) if len(allowed) <= MAX_VALUES else ()


def _is_possible(field: Field, value: Scalar) -> bool:
    """Whether an entity can have the value, and an index a key for it."""
    if field == VERSION:
        return isinstance(value, int) and 1 <= value <= _HIGHEST_VERSION
    return field.key is not None or value != ""


def _range(condition: Condition, subject: Subject) -> tuple[str, str]:
    """The range of the field's part of a sort key in which the condition can hold."""
    expected = condition.value
    unlimited = ("", sort_keys.LAST)
    if expected is None or isinstance(expected, tuple):
        return unlimited
    if condition.comparator is Comparator.LIKE:
        prefix, _ = _bound(condition.field, plain_prefix(str(expected)))
        return prefix, prefix + sort_keys.LAST
    prefix, is_whole = _edge(condition.field, expected, subject)
    end = prefix + (sort_keys.AFTER_PART if is_whole else sort_keys.LAST)
    match condition.comparator:
        case Comparator.MORE | Comparator.AT_LEAST:
            return prefix, sort_keys.LAST
        case Comparator.LESS | Comparator.AT_MOST:
            return "", end
        case _:
            return unlimited


def _edge(field: Field, expected: Scalar, subject: Subject) -> tuple[str, bool]:
    """The beginning of a sort key's part for a value, and whether that is the whole part."""
    if field == VERSION and isinstance(expected, int):
        return f"{min(max(expected, 0), _HIGHEST_VERSION):09d}", True
    if FIELDS[subject][field.name].kind in (Kind.TEXT, Kind.PROSE):
        return _bound(field, str(expected))
    return sort_value(expected, field, subject), True


def _bound(field: Field, text: str) -> tuple[str, bool]:
    return sort_keys.bound(text, sort_keys.NAME_BYTES if field == NAME else sort_keys.VALUE_BYTES)
