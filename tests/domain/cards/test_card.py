"""What a card may hold, and what its event says of a change."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.cards import decisions as cards
from chalicelib.domain.cards.card import MAX_CARD, MAX_SECTION, SECTIONS, Card, checked_fields, checked_sections
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, NoChange, Put
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model

ORIGIN = Stamp("token:ada", "request", "event", Instant("2026-11-24T12:00:00.000Z"), 1)


def changed(card: Card, sections: dict[str, str | None], fields: Any = None, whole: bool = False) -> Decision[Card]:
    outcome = cards.update(Model("fraud"), card, CardChange(sections, fields or {}, whole), ORIGIN)
    assert isinstance(outcome, Decision)
    return outcome


def test_each_change_makes_the_next_revision_and_names_what_it_changed() -> None:
    first = changed(Card(), {"factors": "Age."}, {"license": "mit"}).result
    assert (first.revision, first.changed) == (1, ("sections/factors", "fields/license"))
    decision = changed(first, {"metrics": "AUC."}, {"license": None})
    assert decision.result.sections == {"factors": "Age.", "metrics": "AUC."}
    assert (decision.result.revision, decision.result.fields) == (2, {})
    assert decision.changes == (Put(decision.result),)
    assert decision.event.before == {"sections": {"metrics": ""}, "fields": {"license": "mit"}}
    assert decision.event.after == {
        "sections": {"metrics": "AUC."},
        "fields": {"license": None},
        "revision": 2,
        "digest": decision.result.digest,
    }


def test_a_whole_card_leaves_nothing_of_the_former() -> None:
    card = Card(3, {"factors": "Age."}, {"license": "mit"})
    assert changed(card, {"metrics": "AUC."}, whole=True).result.document() == {
        "sections": {"metrics": "AUC."},
        "fields": {},
    }


@given(st.dictionaries(st.sampled_from(sorted(SECTIONS)), st.text(max_size=10)))
def test_writing_what_stands_already_changes_nothing(sections: dict[str, str]) -> None:
    card = Card(1, checked_sections(sections), {})
    assert isinstance(cards.update(Model("fraud"), card, CardChange(sections, {}, whole=True), ORIGIN), NoChange)


def test_line_ends_and_blank_lines_around_a_section_do_not_count() -> None:
    assert checked_sections({"factors": "\r\na\r\nb\rc\n\n", "metrics": " \n"}) == {"factors": "a\nb\nc"}


def test_long_texts_stand_in_the_event_as_their_digest() -> None:
    text = "x" * MAX_SECTION
    after = changed(Card(), {"factors": text}).event.after
    assert after is not None
    assert after["sections"]["factors"] == {"$sha256": sha256_hex(text), "$characters": MAX_SECTION}


def test_the_largest_change_of_a_card_is_an_event_that_the_bus_takes() -> None:
    # Characters outside the basic plane take four bytes each, control characters six.
    sections: dict[str, str | None] = dict.fromkeys(SECTIONS, "😀" * 1000)
    fields = {"extra": {"a": "\x01" * 600}, "tags": ["\U0001f600" * 900], "introduction": "\U0001f600" * 1_000}
    before = changed(Card(), sections, fields).result
    happening = changed(before, dict.fromkeys(SECTIONS, "\x02" * 650), {"tags": ["\x02" * 600]}).event
    assert len(canonical_json([happening.before, happening.after]).encode()) < 200 * 1024


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": "red"},
        {"license": ["mit"]},
        {"license": "x" * 1001},
        {"tags": "a"[:0] or [""]},
        {"tags": [1]},
        {"extra": {"license": "mit"}},
        {"extra": {"tags": "one"}},
        {"extra": {"language": ["en"]}},
        {"license": "mit", "extra": {"license": 7}},
        {"introduction": "x" * (MAX_SECTION + 1)},
        {"extra": {"a": float("nan")}},
    ],
)
def test_a_field_that_does_not_fit_is_refused_with_its_place(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_fields(fields)
    assert refused.value.problems[0].pointer.startswith("/fields/")


def test_extra_keeps_what_a_field_cannot_hold() -> None:
    fields = {"extra": {"license": ["mit", "gpl"], "tags": [], "language": False, "model-index": [{"a": 1}]}}
    assert checked_fields(fields) == fields


def test_unknown_and_overlong_sections_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="is no section"):
        checked_sections({"colour": "x"})
    with pytest.raises(InvalidInputError, match="more than"):
        checked_sections({"factors": "x" * (MAX_SECTION + 1)})


def test_a_card_beyond_its_bound_is_refused_as_a_whole() -> None:
    half: dict[str, str | None] = {"factors": "x" * MAX_SECTION, "metrics": "y" * (MAX_CARD - MAX_SECTION - 100)}
    card = changed(Card(), half).result
    with pytest.raises(BodyTooLargeError):
        cards.update(Model("fraud"), card, CardChange({"caveats_and_recommendations": "z" * 200}, {}), ORIGIN)


def test_the_writer_of_a_section_is_who_changed_it_last() -> None:
    first = changed(Card(), {"factors": "Age.", "metrics": "AUC."}).result.stamped(None, ORIGIN)
    assert first.writers == {"factors": "token:ada", "metrics": "token:ada"}
    ben = replace(ORIGIN, actor="token:nightly", person="ben")
    second = changed(first, {"metrics": "AUC and recall.", "factors": "Age."}).result.stamped(first, ben)
    assert second.writers == {"factors": "token:ada", "metrics": "ben"}
    third = changed(second, {"factors": None}).result.stamped(second, ben)
    assert third.writers == {"metrics": "ben"}


def test_of_a_section_from_an_earlier_release_no_writer_is_known_until_it_changes() -> None:
    earlier = Card(1, {"factors": "Age.", "metrics": "AUC."})
    later = changed(earlier, {"metrics": "Recall."}).result.stamped(earlier, ORIGIN)
    assert later.writers == {"metrics": "token:ada"}
