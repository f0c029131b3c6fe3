"""Settling a decision: everything that follows from it, computed from what was loaded and what is saved.

No decision declares an effect by hand. Effects compare the state before and after, so a new command cannot forget one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from chalicelib.domain.ledger import facts
from chalicelib.domain.ledger.decision import Decision, DomainChange, Put, Remove
from chalicelib.domain.ledger.events import EventDraft, Stamp, chain, head_of
from chalicelib.domain.ledger.late import Late, concerned
from chalicelib.domain.ledger.record import Identity, Record

T = TypeVar("T", bound=Record)
# Finds a record that was loaded for the decision; None if it does not exist or was not asked for.
Find: TypeAlias = Callable[[Identity], Record | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One record before and after. ``before`` is None if it is new, ``after`` if it is removed."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Settlement:
    """A decision with everything that follows from it.

    ``before`` and ``after`` are the ledger's own state; ``before`` is None for a new ledger. ``named`` are the domain
    changes that no loaded record expresses. ``find`` gives what was loaded. ``stamp`` is that of the last event.
    ``drafts`` are the events as decided, and ``events`` the events themselves. The last of them is made last: it says
    what everything else saves.
    """

    stamp: Stamp
    before: Any
    after: Any
    differences: Mapping[Identity, Difference]
    named: tuple[DomainChange, ...]
    drafts: tuple[EventDraft, ...]
    events: tuple[Mapping[str, Any], ...]
    find: Find

    @property
    def event(self) -> Mapping[str, Any]:
        """The last event, which the ledger's head and the changed records name."""
        return self.events[-1]

    def of(self, kind: type[T]) -> list[Difference]:
        """The differences of the records of one type."""
        return [difference for identity, difference in self.differences.items() if identity[0] is kind]

    def named_as(self, kind: type[Any]) -> list[Any]:
        """The domain changes of one type."""
        return [change for change in self.named if isinstance(change, kind)]

    def present(self, kind: type[T], *key: Any) -> T | None:
        """A record as it will be: as saved, else as loaded; None if it is removed, absent or was not loaded."""
        identity = (kind, *key)
        if identity in self.differences:
            saved: T | None = self.differences[identity].after
            return saved
        loaded = self.find(identity)
        return loaded if isinstance(loaded, kind) else None

    def with_put(self, record: Record) -> "Settlement":
        """The settlement with a record saved, in place of what was to be saved of it."""
        known = self.differences.get(record.identity)
        before = self.find(record.identity) if known is None else known.before
        return replace(self, differences={**self.differences, record.identity: Difference(before, record)})

    def saved(self, value: Any) -> Any:
        """A value as the caller gets it: a record that this commit saves in its saved form, anything else unchanged."""
        if not isinstance(value, Record):
            return value
        if self.after is not None and value.identity == self.after.identity:
            return self.after
        difference = self.differences.get(value.identity)
        return value if difference is None or difference.after is None else difference.after


# Computes what follows from a settlement so far: each returns one with more in it.
Effect: TypeAlias = Callable[[Settlement], Settlement]


def settle(
    ledger: str,
    before: Any,
    decision: Decision[Any],
    stamp: Stamp,
    find: Find,
    effects: Iterable[Effect | Late],
    tells: Iterable[facts.Tell | Late] = (),
) -> Settlement:
    """The settlement of ``decision`` on the ledger whose state is ``before``. ``stamp`` is that of its first event.

    ``tells`` add to what the last event says.
    """
    differences: dict[Identity, Difference] = {}
    named: list[DomainChange] = []
    for change in decision.changes:
        match change:
            case Put(record):
                differences[record.identity] = Difference(find(record.identity), record)
            case Remove(record):
                differences[record.identity] = Difference(find(record.identity) or record, None)
            case _:
                named.append(change)
    head, begun = decision.state.head, []
    for draft in decision.events[:-1]:
        begun.append(chain(ledger, head, draft, stamp))
        head, stamp = head_of(begun[-1]), stamp.next()
    settlement = Settlement(
        stamp, before, decision.state, differences, tuple(named), decision.events, tuple(begun), find
    )
    for effect in effects:
        following = concerned(effect, settlement.differences)
        settlement = settlement if following is None else following(settlement)
    settlement = _stamped(settlement)
    event = chain(ledger, head, decision.events[-1], stamp, _told(settlement, tells))
    return replace(settlement, events=(*begun, event), after=replace(settlement.after, head=head_of(event)))


def _stamped(settlement: Settlement) -> Settlement:
    stamp = settlement.stamp
    differences = {
        identity: Difference(one.before, None if one.after is None else one.after.stamped(one.before, stamp))
        for identity, one in settlement.differences.items()
    }
    return replace(settlement, after=settlement.after.stamped(settlement.before, stamp), differences=differences)


def _told(settlement: Settlement, tells: Iterable[facts.Tell | Late]) -> facts.Told:
    """What the event says of every record that is saved, so that the state can be rebuilt from the events."""
    told: facts.Told = {}
    if settlement.after.kind:
        told[facts.place_of(settlement.after.identity)] = facts.saved(settlement.before, settlement.after)
    for identity, one in settlement.differences.items():
        if identity[0].kind:
            told[facts.place_of(identity)] = facts.saved(one.before, one.after)
    for tell in tells:
        telling = concerned(tell, settlement.differences)
        told |= {} if telling is None else telling(settlement)
    return {place: saved for place, saved in told.items() if saved != {facts.CHANGED: {}}}
