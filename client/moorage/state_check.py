"""Comparing what the registry stores with what its events tell.

The registry answers what stretches of events tell (``events/verify?state=true``) and what it stores. Both are merged
and compared here. docs/audit.md describes places and facts, and which tampering shows how.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from moorage import paths
from moorage.audit import ChainBrokenError, canonical
from moorage.connection import Connection
from moorage.listing import Listing

_UNKNOWN: Final = {"$unknown": True}
# A place that changes while it is compared is compared again. One that always does is left to the next check.
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class StateDifference:
    """Something stored is not what the events tell. ``field`` is None if it is about the place as a whole.

    ``sequence`` is that of the last event that tells of the place, None if none does.
    """

    ledger: str
    place: str
    field: str | None
    expected: Any
    found: Any
    sequence: int | None
    reason: str

    def __str__(self) -> str:
        where = f"{self.ledger}, {self.place}" + ("" if self.field is None else f", {self.field}")
        source = "" if self.sequence is None else f" (event {self.sequence})"
        values = "" if self.field is None else f": expected {_text(self.expected)}{source}, found {_text(self.found)}"
        return f"{where}: {self.reason}{values}"


@dataclass(frozen=True, slots=True)
class StateCheck:
    """What comparing the state of a ledger found, through event ``sequence``.

    ``unproven`` counts fields and places that events of earlier releases do not tell of.
    """

    ledger: str
    sequence: int
    compared: int
    unproven: int
    differences: tuple[StateDifference, ...]


@dataclass(slots=True)
class _Told:
    """What the events so far tell, by place. ``proven`` is False once an event did not tell what it saved."""

    sequence: int = 0
    proven: bool = True
    places: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, answer: Mapping[str, Any]) -> None:
        self.sequence = answer["through_sequence"]
        self.proven = self.proven and answer["proven"]
        for place, facts in answer["facts"].items():
            known = self.places.get(place)
            if known is None or known["gone"] or facts["gone"] or facts["whole"]:
                self.places[place] = facts
            else:
                fields = _later(known["fields"], facts["fields"])
                self.places[place] = {**known, "sequence": facts["sequence"], "fields": fields}


class StateChecker:
    """Checks the state of ledgers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def check(self, model: str | None = None) -> StateCheck:
        """Compare the state of a model, or of the registry itself, with its events. Raises ChainBrokenError."""
        told = _Told()
        self._read_events(model, told)
        found = StateCheck(ledger_of(model), told.sequence, 0, 0, ())
        for _ in range(_ROUNDS):
            before = told.sequence
            stored = list(self._connection.pages(_state_path(model)))
            self._read_events(model, told)
            found = compare(ledger_of(model), told.places, told.proven, stored)
            settled = tuple(one for one in found.differences if (one.sequence or 0) <= before)
            found = replace(found, sequence=told.sequence, differences=settled)
            if told.sequence == before:
                break
        return found

    def check_bytes(self, model: str) -> Listing[StateDifference]:
        """Compare the stored objects of all versions of a model that have files with what their manifests say.

        ``check`` compares the manifests with the events.
        """
        return Listing(StateDifference, self._differing_bytes(model))

    def _differing_bytes(self, model: str) -> Iterator[StateDifference]:
        for stored in self._connection.pages(_state_path(model)):
            fields = stored["fields"] or {}
            if not stored["place"].startswith("version/") or fields.get("status") not in ("READY", "DELETED"):
                continue
            number = fields["number"]
            for file in self._connection.pages(f"{paths.version(model, number)}/bytes"):
                if file["fault"] is not None:
                    yield StateDifference(
                        ledger_of(model),
                        f"version/{number}/bytes/{file['path']}",
                        None,
                        file["sha256"],
                        None,
                        None,
                        file["fault"],
                    )

    def _read_events(self, model: str | None, told: _Told) -> None:
        while True:
            answer = self._connection.read(f"{_events_path(model)}/verify", after=told.sequence, state="true")
            if not answer["intact"]:
                raise ChainBrokenError(answer["fault"]["sequence"], answer["fault"]["reason"])
            told.take(answer)
            if answer["complete"]:
                return


def compare(
    ledger: str, places: Mapping[str, Mapping[str, Any]], proven: bool, stored: Iterable[Mapping[str, Any]]
) -> StateCheck:
    """Compare everything that is stored of a ledger with what its events tell, by place."""
    differences: list[StateDifference] = []
    found: set[str] = set()
    unproven = 0
    for one in stored:
        found.add(one["place"])
        told = places.get(one["copy_of"] or one["place"])
        sequence = None if told is None else told["sequence"]
        if one["fields"] is None:
            reason = "what is stored cannot be read"
            differences.append(StateDifference(ledger, one["place"], None, None, None, sequence, reason))
        elif told is None and not proven:
            unproven += 1
        elif told is None or told["gone"]:
            reason = "no event made it, or one removed it"
            differences.append(StateDifference(ledger, one["place"], None, None, one["fields"], sequence, reason))
        else:
            of_place, unknown = _compare_fields(ledger, one["place"], told, one["fields"])
            differences += of_place
            unproven += unknown
    for place, told in places.items():
        fields = told["fields"]
        # What is unknown may be nothing.
        known = told["whole"] or any(value for value in fields.values() if value != _UNKNOWN)
        if place not in found and not told["gone"] and known:
            differences.append(StateDifference(ledger, place, None, fields, None, told["sequence"], "it is not stored"))
    return StateCheck(ledger, 0, len(found), unproven, tuple(differences))


def ledger_of(model: str | None) -> str:
    """The name of a model's ledger, or of the registry's own."""
    return "registry" if model is None else f"model:{model}"


def _compare_fields(
    ledger: str, place: str, told: Mapping[str, Any], found: Mapping[str, Any]
) -> tuple[list[StateDifference], int]:
    differences: list[StateDifference] = []
    unknown = 0
    for name in sorted({*told["fields"], *found}):
        expected, value = told["fields"].get(name), found.get(name)
        if not _knows(told, name) or expected == _UNKNOWN:
            unknown += 1
        elif (expected or value) and canonical({"": expected}) != canonical({"": value}):
            reason = "it differs from what the events tell"
            differences.append(StateDifference(ledger, place, name, expected, value, told["sequence"], reason))
    return differences, unknown


def _knows(told: Mapping[str, Any], name: str) -> bool:
    """Whether events tell of a field, be it that it is empty."""
    return told["whole"] or name in told["fields"] or name.startswith(_emptied(told["fields"]))


def _later(fields: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields after what a later stretch of events told."""
    emptied = _emptied(told)
    return {name: None if name.startswith(emptied) else value for name, value in fields.items()} | dict(told)


def _emptied(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Names that stand for all fields that begin with them: ``sections/``, which events told to be empty."""
    return tuple(name for name in fields if name.endswith("/"))


def _text(value: Any) -> str:
    return canonical({"": value})[4:-1].decode()


def _events_path(model: str | None) -> str:
    return "events" if model is None else f"{paths.model(model)}/events"


def _state_path(model: str | None) -> str:
    return "audit/state" if model is None else f"{paths.model(model)}/state"
