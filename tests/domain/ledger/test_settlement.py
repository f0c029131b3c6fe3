"""What a commit makes of a decision: the event, the stamped state and records, and what was loaded."""

from dataclasses import dataclass, replace
from typing import Any, Self

from chalicelib.domain.ledger.decision import Decision, DomainChange, NoChange, Put, Remove, decided, put
from chalicelib.domain.ledger.events import EventDraft, Head, Stamp, event_hash, verify_chain
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.ledger.settlement import Difference, Settlement, settle
from tests.domain.build import NOW, stamp


@dataclass(frozen=True, slots=True)
class Note(Record):
    """A record that remembers its commit and what it was before."""

    key: str
    text: str
    revision: int = 0
    was: str | None = None

    @property
    def identity(self) -> Identity:
        return (Note, self.key)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision, was=None if before is None else before.text)


@dataclass(frozen=True, slots=True)
class Ledger(Record):
    """The state of a ledger in these tests."""

    head: Head = Head()
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (Ledger,)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision + (0 if before is None else before.revision))


@dataclass(frozen=True, slots=True)
class Called(DomainChange):
    """A change that no record expresses."""

    name: str


HEAD = Head(4, "f" * 64, "e4", NOW)
OLD, KEPT, GONE = Note("a", "old"), Note("b", "kept"), Note("c", "gone")
EVENT = EventDraft("note.changed", None, {"text": "new"})


def made(*changes: Any, result: Any = None, before: Ledger | None = None) -> Settlement:
    loaded: dict[Identity, Record] = {note.identity: note for note in (OLD, KEPT, GONE)}
    decision = decided(result, Ledger(HEAD), EVENT, *changes)
    return settle("model:fraud", before, decision, stamp("e5", revision=5), loaded.get, ())


def test_each_change_is_compared_with_what_was_loaded() -> None:
    new = Note("d", "new")
    settlement = made(Put(replace(OLD, text="new")), Put(new), Remove(GONE), Remove(Note("e", "unread")), Called("x"))
    assert settlement.differences == {
        (Note, "a"): Difference(OLD, Note("a", "new", 5, "old")),
        (Note, "d"): Difference(None, Note("d", "new", 5, None)),
        (Note, "c"): Difference(GONE, None),
        (Note, "e"): Difference(Note("e", "unread"), None),
    }
    assert settlement.named == (Called("x"),)
    assert settlement.named_as(Called) == [Called("x")] and settlement.named_as(Note) == []
    assert settlement.of(Note) == list(settlement.differences.values()) and settlement.of(Ledger) == []


def test_the_state_has_the_event_for_its_head() -> None:
    settlement = made()
    event = settlement.event
    assert (event["sequence"], event["previous_hash"], event["ledger"]) == (5, "f" * 64, "model:fraud")
    assert settlement.after == Ledger(Head(5, event["hash"], "e5", NOW), 5)
    assert event["hash"] == event_hash(event)
    assert made(before=Ledger(HEAD, revision=2)).after.revision == 7


def test_a_decision_made_on_another_is_one_commit_with_the_events_of_both() -> None:
    loaded: dict[Identity, Record] = {OLD.identity: OLD}
    first = decided(None, Ledger(HEAD), EventDraft("note.begun", None, {}), Put(replace(OLD, text="begun")), Put(KEPT))
    second = decided(OLD, Ledger(HEAD), EVENT, Put(replace(OLD, text="ended"))).after(first)
    settlement = settle("model:fraud", None, second, stamp("e5", revision=5), loaded.get, ())
    begun, ended = settlement.events
    assert (begun["type"], begun["id"], begun["sequence"]) == ("note.begun", "e5", 5)
    assert (ended["type"], ended["id"], ended["sequence"]) == ("note.changed", "e6", 6)
    assert verify_chain("model:fraud", settlement.events, 4, "f" * 64) is None
    assert settlement.event is ended
    assert settlement.after == Ledger(Head(6, ended["hash"], "e6", NOW), 6)
    assert settlement.of(Note) == [
        Difference(OLD, Note("a", "ended", 6, "old")),
        Difference(None, replace(KEPT, revision=6)),
    ]


def test_ids_of_the_events_of_a_commit_sort_as_the_events_do() -> None:
    first = stamp("0009ff", revision=7)
    assert (first.next().event_id, first.next().revision) == ("000a00", 8)
    assert replace(first.next(), event_id=first.event_id, revision=7) == first


def test_a_record_is_present_as_saved_or_else_as_loaded() -> None:
    settlement = made(Put(replace(OLD, text="new")), Remove(GONE))
    present = settlement.present(Note, "a")
    assert present is not None and present.text == "new"
    assert settlement.present(Note, "b") == KEPT
    assert settlement.present(Note, "c") is None and settlement.present(Note, "d") is None
    assert settlement.present(Ledger) is None


def test_what_is_put_later_takes_the_place_of_what_was_to_be_saved() -> None:
    settlement = made(Put(replace(OLD, text="new"))).with_put(replace(OLD, text="newer")).with_put(KEPT)
    assert settlement.differences[Note, "a"] == Difference(OLD, replace(OLD, text="newer"))
    assert settlement.differences[Note, "b"] == Difference(KEPT, KEPT)


def test_the_caller_gets_records_as_they_are_saved_and_other_values_as_they_are() -> None:
    settlement = made(Put(replace(OLD, text="new")), Remove(GONE))
    assert settlement.saved(replace(OLD, text="new")) == Note("a", "new", 5, "old")
    assert settlement.saved(Ledger()) == settlement.after
    assert settlement.saved(KEPT) == KEPT and settlement.saved(GONE) == GONE
    assert settlement.saved("text") == "text"


def test_each_effect_sees_what_the_ones_before_it_made() -> None:
    def renames(settlement: Settlement) -> Settlement:
        return settlement.with_put(replace(KEPT, text="first"))

    def repeats(settlement: Settlement) -> Settlement:
        (difference,) = settlement.of(Note)
        return settlement.with_put(replace(difference.after, text=difference.after.text + " second"))

    loaded: dict[Identity, Record] = {KEPT.identity: KEPT}
    decision = decided(None, Ledger(HEAD), EVENT)
    settlement = settle("registry", None, decision, stamp("e5", revision=5), loaded.get, (renames, repeats))
    assert settlement.of(Note) == [Difference(KEPT, Note("b", "first second", 5, "kept"))]


def test_a_decision_can_be_given_another_result_and_more_changes() -> None:
    decision: Decision[Note] = decided(OLD, Ledger(), EVENT, Put(OLD), subject="a")
    assert decision.result == OLD and decision.subject == "a"
    text = decision.map(lambda note: note.text)
    assert text.result == "old" and text.map(len).result == 3
    assert text.present(replace(OLD, text="saved")) == "saved"
    assert decision.replaced(True).result is True
    assert decision.with_changes(Remove(GONE)).changes == (Put(OLD), Remove(GONE))
    assert NoChange(OLD).map(lambda note: note.text) == NoChange("old")
    assert NoChange(OLD).replaced(7) == NoChange(7)
    assert put(OLD, KEPT) == (Put(OLD), Put(KEPT))
