"""What conditions that must all hold say of one field: that it is one of a few values, or lies in a stretch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.fields import FIELDS, Kind
from chalicelib.domain.search.ordering import NAME, VERSION, part_of
from chalicelib.domain.search.patterns import plain_prefix
from chalicelib.domain.search.syntax import Comparator, Condition, Expression, Field, Scalar, Subject

# Each is a query of its own.
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
    """``equal``: sorting parts of which it must have one; ``low`` and ``high``: between which its places lie.

    ``said`` are the conditions that are no narrower than this.
    """

    equal: tuple[str, ...] = ()
    low: str = ""
    high: str = sort_keys.LAST
    said: tuple[Condition, ...] = ()

    @property
    def ranged(self) -> bool:
        return bool(self.low) or self.high != sort_keys.LAST


def bounds_of(parts: Iterable[Expression], subject: Subject) -> Mapping[Field, Bounds]:
    """The bounds of every field that a condition among ``parts`` says something of."""
    found: dict[Field, Bounds] = defaultdict(Bounds)
    for part in parts:
        if isinstance(part, Condition) and _is_bounding(part, subject):
            found[part.field] = _narrowed(found[part.field], part, subject)
    return found


def _is_said(condition: Condition) -> bool:
    """Whether what the bounds let through holds the condition."""
    if condition.comparator is Comparator.LIKE:
        pattern = str(condition.value)
        return pattern == plain_prefix(pattern) + "%"
    return condition.comparator in _EXACT


def _is_bounding(condition: Condition, subject: Subject) -> bool:
    kind = FIELDS[subject][condition.field.name]
    return not kind.several and condition.comparator is not Comparator.IS_NULL


def _narrowed(so_far: Bounds, condition: Condition, subject: Subject) -> Bounds:
    known = replace(so_far, said=(*so_far.said, condition)) if _is_said(condition) else so_far
    if FIELDS[subject][condition.field.name].kind is Kind.VALUE:
        return known
    equal = _equal(condition, subject)
    if equal and (not known.equal or len(equal) < len(known.equal)):
        return replace(known, equal=equal)
    low, high = _stretch(condition, subject)
    return replace(known, low=max(known.low, low), high=min(known.high, high))


def _equal(condition: Condition, subject: Subject) -> tuple[str, ...]:
    asked = condition.value
    if condition.comparator is Comparator.EQUAL and asked is not None and not isinstance(asked, tuple):
        asked = (asked,)
    elif condition.comparator is not Comparator.IN or not isinstance(asked, tuple):
        return ()
    parts = {part_of(value, condition.field, subject) for value in asked if _possible(condition.field, value)}
    return tuple(sorted(parts)) if len(parts) <= MAX_VALUES else ()


def _possible(field: Field, value: Scalar) -> bool:
    """Whether there can be a thing with the value at all, and a key for it."""
    if field == VERSION:
        return isinstance(value, int) and 1 <= value <= _HIGHEST_VERSION
    return field.key is not None or value != ""


def _stretch(condition: Condition, subject: Subject) -> tuple[str, str]:
    """The lowest and the highest place that a thing may have for which the condition holds."""
    asked = condition.value
    nowhere = ("", sort_keys.LAST)
    if asked is None or isinstance(asked, tuple):
        return nowhere
    if condition.comparator is Comparator.LIKE:
        beginning, _ = _bound(condition.field, plain_prefix(str(asked)))
        return beginning, beginning + sort_keys.LAST
    begins, whole = _edge(condition.field, asked, subject)
    after = begins + (sort_keys.AFTER_PART if whole else sort_keys.LAST)
    match condition.comparator:
        case Comparator.MORE | Comparator.AT_LEAST:
            return begins, sort_keys.LAST
        case Comparator.LESS | Comparator.AT_MOST:
            return "", after
        case _:
            return nowhere


def _edge(field: Field, asked: Scalar, subject: Subject) -> tuple[str, bool]:
    if field == VERSION and isinstance(asked, int):
        return f"{min(max(asked, 0), _HIGHEST_VERSION):09d}", True
    if FIELDS[subject][field.name].kind in (Kind.TEXT, Kind.PROSE):
        return _bound(field, str(asked))
    return part_of(asked, field, subject), True


def _bound(field: Field, text: str) -> tuple[str, bool]:
    return sort_keys.bound(text, sort_keys.NAME_BYTES if field == NAME else sort_keys.VALUE_BYTES)
