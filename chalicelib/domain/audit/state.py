"""Comparing what is stored with what the events tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.ledger.facts import Facts, short, stands_for
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Known, Rebuilt

NEVER_MADE: Final = "no event made it, or one removed it"
MISSING: Final = "it is not stored"
UNREADABLE: Final = "what is stored cannot be read"
DIFFERS: Final = "it differs from what the events tell"


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored at a place. ``fields`` is None if it cannot be read.

    ``copy_of`` is the place whose facts it must have, if it is a copy: an alias carries its version's.
    """

    place: str
    fields: Facts | None
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored is not what the events tell. ``field`` is None if it is about the place as a whole.

    ``sequence`` is that of the last event that told of the place, None if none did.
    """

    place: str
    field: str | None
    expected: Any
    found: Any
    sequence: int | None
    reason: str


@dataclass(slots=True)
class Comparison:
    """The differences, and the counts of places compared and of fields and places that events do not tell of."""

    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    unproven: int = 0


def compare(state: Rebuilt, stored: Iterable[Stored]) -> Comparison:
    """Compare all that is stored of a ledger with what its events tell."""
    result = Comparison()
    found: set[str] = set()
    for one in stored:
        result.compared += 1
        found.add(one.place)
        _compare_place(state, one, result)
    for place, known in state.places.items():
        # What is unknown may be nothing.
        told = known.whole or any(value for value in known.fields.values() if value != UNKNOWN)
        if place not in found and not known.gone and told:
            result.differences.append(Difference(place, None, short(known.fields), None, known.sequence, MISSING))
    return result


def _compare_place(state: Rebuilt, stored: Stored, result: Comparison) -> None:
    told = state.places.get(stored.copy_of or stored.place)
    sequence = None if told is None else told.sequence
    if stored.fields is None:
        result.differences.append(Difference(stored.place, None, None, None, sequence, UNREADABLE))
    elif told is None and not state.proven:
        result.unproven += 1
    elif told is None or told.gone:
        result.differences.append(Difference(stored.place, None, None, short(stored.fields), sequence, NEVER_MADE))
    else:
        _compare_fields(told, stored.place, stored.fields, result)


def _compare_fields(told: Known, place: str, found: Mapping[str, Any], result: Comparison) -> None:
    for name in sorted({*told.fields, *found}):
        expected, value = told.fields.get(name), found.get(name)
        if not told.knows(name) or expected is UNKNOWN:
            result.unproven += 1
        elif not _same(expected, value):
            result.differences.append(Difference(place, name, expected, value, told.sequence, DIFFERS))


def _same(expected: Any, found: Any) -> bool:
    # A field with an empty value is no fact.
    if not expected or not found:
        return not expected and not found
    return stands_for(found, expected) or canonical_json(expected) == canonical_json(found)
