"""Orders: the parts by which things sort, as texts that sort as the values do, and the comparison of several parts."""

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

# What is equal otherwise: by name, of one model the newest version first. No two things are equal in these.
_TIES: Final = {Subject.VERSIONS: (Order(NAME), Order(VERSION, descending=True)), Subject.MODELS: (Order(NAME),)}
_DEFAULT: Final = {Subject.VERSIONS: (Order(UPDATED_AT, descending=True),), Subject.MODELS: (Order(NAME),)}


def completed(query: SearchQuery, subject: Subject) -> tuple[Order, ...]:
    """The order, or the subject's own, with the ties; nothing after the field that leaves no two things equal."""
    order = query.order or _DEFAULT[subject]
    fields = {one.field for one in order}
    whole = (*order, *(tie for tie in _TIES[subject] if tie.field not in fields))
    undecided = {tie.field for tie in _TIES[subject]}
    for index, one in enumerate(whole):
        undecided.discard(one.field)
        if not undecided:
            return whole[: index + 1]
    return whole


def sort_part(record: Record, field: Field, subject: Subject) -> str | None:
    """What a record sorts by in one field; None if it has no value there."""
    found = values(record, field)
    return part_of(found[0], field, subject) if found and found[0] is not None else None


def part_of(value: Any, field: Field, subject: Subject) -> str:
    match FIELDS[subject][field.name].kind:
        case Kind.INTEGER:
            return f"{value:09d}"
        case Kind.NUMBER:
            return sort_keys.number_part(value)
        case Kind.TIME:
            return str(value)
        case Kind.VALUE:
            return _of_any_kind(value)
        case _:
            return str(value) if field == NAME else sort_keys.text_part(value)


def sort_parts(record: Record, order: Sequence[Order], subject: Subject) -> tuple[str, ...] | None:
    """None if the record has no value in a field of the order: then it is in no result of this order."""
    parts = [sort_part(record, one.field, subject) for one in order]
    return None if None in parts else tuple(part for part in parts if part is not None)


class Rank:
    """Parts as they compare in an order whose fields ascend or descend."""

    __slots__ = ("_order", "_parts")

    def __init__(self, parts: Sequence[str], order: Sequence[Order]) -> None:
        self._parts = parts
        self._order = order

    def __lt__(self, other: "Rank") -> bool:
        for mine, its, one in zip(self._parts, other._parts, self._order, strict=True):
            if mine != its:
                return (mine > its) if one.descending else (mine < its)
        return False


def _of_any_kind(value: Any) -> str:
    """Truths before numbers before texts."""
    if isinstance(value, bool):
        return f"b{int(value)}"
    return f"n{sort_keys.number_part(value)}" if isinstance(value, int | float) else f"t{sort_keys.text_part(value)}"
