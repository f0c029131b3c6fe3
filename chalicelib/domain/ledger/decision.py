"""A decision: what a command changes, and the events that say so. Committing makes both true at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.ledger.record import Record

R = TypeVar("R")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Put:
    """Save a record, new or changed."""

    record: Record


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a record."""

    record: Record


class DomainChange:
    """Base of named changes, for what cannot be said by putting a record that was loaded."""

    __slots__ = ()


Change: TypeAlias = Put | Remove | DomainChange


def _unchanged(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Decision(Generic[R]):
    """What to change. Index entries, alias copies, history, counts, revisions and times follow from it at the commit.

    ``state`` is the ledger's own state as it will be, its head still the present one. ``basis`` is what the result is
    made of: a record among the changes is replaced by its saved form before the caller gets it. ``subject`` is what a
    retry with the same idempotency key needs to find the result again. ``earlier`` are the events of decisions that
    this one goes on from, in the same commit; ``event`` is the last.
    """

    basis: Any
    state: Any
    event: EventDraft
    changes: tuple[Change, ...] = ()
    subject: str = ""
    present: Callable[[Any], R] = _unchanged
    earlier: tuple[EventDraft, ...] = ()

    @property
    def events(self) -> tuple[EventDraft, ...]:
        """The events in order. There is at least one."""
        return (*self.earlier, self.event)

    @property
    def result(self) -> R:
        """The result as decided, before the commit stamps it."""
        return self.present(self.basis)

    def map(self, present: Callable[[R], S]) -> "Decision[S]":
        """The same decision with another result, made from this one's."""
        inner = self.present
        # mypy takes ``replace`` to keep the type of the result, which this changes.
        return replace(self, present=lambda basis: present(inner(basis)))  # type: ignore[return-value, arg-type]

    def replaced(self, result: S) -> "Decision[S]":
        """The same decision with ``result`` for its result."""
        return self.map(lambda _: result)

    def after(self, first: "Decision[Any]") -> "Decision[R]":
        """This decision, made on the state that ``first`` leaves. One commit makes both, with the events of both."""
        return replace(self, changes=(*first.changes, *self.changes), earlier=(*first.events, *self.earlier))

    def with_changes(self, *changes: Change) -> "Decision[R]":
        """The same decision with more changes."""
        return replace(self, changes=(*self.changes, *changes))


@dataclass(frozen=True, slots=True)
class NoChange(Generic[R]):
    """Everything is already as asked: no record is written and no event is made. ``subject`` is that of a decision."""

    result: R
    subject: str = ""

    def map(self, present: Callable[[R], S]) -> "NoChange[S]":
        """The same outcome with another result."""
        return NoChange(present(self.result), self.subject)

    def replaced(self, result: S) -> "NoChange[S]":
        """The same outcome with ``result`` for its result."""
        return NoChange(result, self.subject)


Outcome: TypeAlias = Decision[R] | NoChange[R]


def decided(result: R, state: Any, event: EventDraft, *changes: Change, subject: str = "") -> Decision[R]:
    """A decision whose result is ``result``: a record among the changes, or any other value."""
    return Decision(result, state, event, changes, subject)


def put(*records: Record) -> tuple[Put, ...]:
    """A change for each record to save."""
    return tuple(Put(record) for record in records)
