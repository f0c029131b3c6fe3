"""Rebuilding the state of a ledger from its events. There is no other code that does it.

An event says in ``records`` what it saved (``facts.py``). Events of earlier releases do not. What they say in other
members is read by the ``Reading`` of their type, which the capability of the event registers. Such facts are known, but
not that they are all: a place of which only readings told has other fields that nobody can prove.

Events may be read in stretches, each without what the ones before told. So a reading never needs to know which fields
were told before to say that they are empty: it says so of all fields that begin with a name that ends with a slash.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.ledger.facts import CHANGED, LONGEST, NEW, Facts, Saved, digest_of, stands_for

Event: TypeAlias = Mapping[str, Any]
# What an event of an earlier release says of a place: facts, or None once it is removed.
Read: TypeAlias = tuple[str, Facts | None]
Reading: TypeAlias = Callable[[Event, "Rebuilt"], Iterable[Read]]
# By the type of the event.
Readings: TypeAlias = Mapping[str, Reading]

RECORDS: Final = "records"
# A fact that an event of an earlier release changed without saying to what. Nothing can be compared with it.
UNKNOWN: Final = {"$unknown": True}
# The end of a name that stands for all fields that begin with it. No field ends so: what follows is never empty.
_EACH: Final = "/"


@dataclass(slots=True)
class Known:
    """What events tell of a place. ``whole``: its fields are all known, so one that is missing is empty.

    ``sequence`` is that of the last event that told of it; ``gone``: that it was removed. A field that is None is known
    to be empty.
    """

    sequence: int
    whole: bool = False
    gone: bool = False
    fields: Facts = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether the field is known, be it to be empty."""
        return self.whole or name in self.fields or name.startswith(_emptied(self.fields))

    def document(self) -> dict[str, Any]:
        """What is known, as JSON, with digests for long values."""
        # What an event tells is short already, and a digest must not be digested again.
        fields = {
            name: digest_of(value) if len(canonical_json(value)) > LONGEST else value
            for name, value in self.fields.items()
        }
        return {"sequence": self.sequence, "whole": self.whole, "gone": self.gone, "fields": fields}


@dataclass(slots=True)
class Rebuilt:
    """The state after the events taken so far, by place.

    ``proven`` is False once an event of an earlier release was among them: then places may exist of which no event
    tells.
    """

    readings: Readings
    places: dict[str, Known] = field(default_factory=dict)
    proven: bool = True

    def take(self, event: Event) -> None:
        """Apply the next event of the ledger."""
        sequence: int = event["sequence"]
        reading = self.readings.get(event["type"])
        read = [] if reading is None else list(reading(event, self))
        if RECORDS not in event:
            self.proven = False
            for place, facts in read:
                self._take(place, sequence, None if facts is None else {CHANGED: facts})
            return
        # Long values are told by their digests. Elsewhere the event may have one in full.
        full = {(place, name): value for place, facts in read if facts for name, value in facts.items()}
        for place, saved in event[RECORDS].items():
            self._take(place, sequence, None if saved is None else _in_full(place, saved, full))

    def fields(self, place: str) -> Facts:
        """The known fields of a place; none if it does not exist."""
        known = self.places.get(place)
        return {} if known is None else known.fields

    def under(self, prefix: str) -> Iterator[tuple[str, Facts]]:
        """The places that exist and begin with ``prefix``, with their known fields."""
        for place, known in self.places.items():
            if place.startswith(prefix) and not known.gone:
                yield place, known.fields

    def _take(self, place: str, sequence: int, saved: Saved) -> None:
        known = self.places.get(place)
        if saved is None:
            self.places[place] = Known(sequence, whole=True, gone=True)
        elif NEW in saved:
            self.places[place] = Known(sequence, whole=True, fields=dict(saved[NEW]))
        else:
            if known is None or known.gone:
                known = self.places[place] = Known(sequence)
            known.sequence = sequence
            known.fields = _later(known.fields, saved[CHANGED])


def rebuilt(events: Iterable[Event], readings: Readings) -> Rebuilt:
    """The state after ``events``, which are a ledger's from its first on."""
    state = Rebuilt(readings)
    for event in events:
        state.take(event)
    return state


def _later(fields: Facts, told: Facts) -> Facts:
    """The fields after ``told``, in which ``sections/`` stands for every field that begins so."""
    emptied = _emptied(told)
    return {name: None if name.startswith(emptied) else value for name, value in fields.items()} | told


def _emptied(fields: Facts) -> tuple[str, ...]:
    return tuple(name for name in fields if name.endswith(_EACH))


def _in_full(place: str, saved: dict[str, Facts], full: Mapping[tuple[str, str], Any]) -> Saved:
    def value_of(name: str, said: Any) -> Any:
        value = full.get((place, name))
        return value if value is not None and stands_for(said, value) else said

    return {how: {name: value_of(name, said) for name, said in facts.items()} for how, facts in saved.items()}
