"""Orders: sort values, which are texts that sort as the values of a field do, and how several of them compare."""

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.evaluation import Record, values
from chalicelib.domain.search.fields import FIELDS, Kind
from chalicelib.domain.search.syntax import Field, Order, SearchQuery, Subject

NAME: Final = Field("name")
VERSION: Final = Field("version")
UPDATED_AT: Final = Field("updated_at")
CREATED_AT: Final = Field("created_at")

# Versions that are equal otherwise come by name, then newest first. No two entities are equal in these fields.
_TIE_BREAKERS: Final = {
    Subject.VERSIONS: (Order(NAME), Order(VERSION, descending=True)),
    Subject.MODELS: (Order(NAME),),
}
_DEFAULT: Final = {Subject.VERSIONS: (Order(UPDATED_AT, descending=True),), Subject.MODELS: (Order(NAME),)}


def completed(query: SearchQuery, subject: Subject) -> tuple[Order, ...]:
    """The query's order, or the subject's default, with tie-breakers.

    Fields that come after the order is already unique are dropped.
    """
    order = query.order or _DEFAULT[subject]
    fields = {one.field for one in order}
    whole = (*order, *(one for one in _TIE_BREAKERS[subject] if one.field not in fields))
    undecided = {one.field for one in _TIE_BREAKERS[subject]}
    for index, one in enumerate(whole):
        undecided.discard(one.field)
        if not undecided:
            return whole[: index + 1]
    return whole


def sort_values(record: Record, order: Sequence[Order], subject: Subject) -> tuple[str, ...] | None:
    """The record's sort value for each field of the order.

    None if the record has no value in one of them. Then no search in this order finds it.
    """
    found = [_sort_value(record, one.field, subject) for one in order]
    return None if None in found else tuple(value for value in found if value is not None)


def sort_value(value: Any, field: Field, subject: Subject) -> str:
    """A text that sorts among the field's values as ``value`` does."""
    match FIELDS[subject][field.name].kind:
        case Kind.INTEGER:
            return f"{value:09d}"
        case Kind.NUMBER:
            return sort_keys.number_part(value)
        case Kind.TIME:
            return str(value)
        case Kind.VALUE:
            return _mixed_sort_value(value)
        case _:
            return str(value) if field == NAME else sort_keys.text_part(value)


class Position:
    """Sort values that compare as an order says, whose fields ascend or descend."""

    __slots__ = ("_order", "_values")

    def __init__(self, values: Sequence[str], order: Sequence[Order]) -> None:
        self._values = values
        self._order = order

    def __lt__(self, other: "Position") -> bool:
        for mine, its, one in zip(self._values, other._values, self._order, strict=True):
            if mine != its:
                return (mine > its) if one.descending else (mine < its)
        return False


def _sort_value(record: Record, field: Field, subject: Subject) -> str | None:
    found = values(record, field)
    return sort_value(found[0], field, subject) if found and found[0] is not None else None


def _mixed_sort_value(value: Any) -> str:
    """Booleans sort before numbers, and numbers before texts."""
    if isinstance(value, bool):
        return f"b{int(value)}"
    return f"n{sort_keys.number_part(value)}" if isinstance(value, int | float) else f"t{sort_keys.text_part(value)}"
