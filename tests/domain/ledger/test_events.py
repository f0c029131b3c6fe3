from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ledger.events import GENESIS, EventDraft, Head, chain, verify_chain
from tests.domain.build import stamp

happenings = st.builds(
    EventDraft,
    type=st.sampled_from(["model.created", "alias.set"]),
    before=st.none()
    | st.dictionaries(st.text(max_size=3), st.floats(allow_nan=False, allow_infinity=False), max_size=2),
    after=st.none() | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    version=st.none() | st.integers(1, 9),
)
chains = st.lists(happenings, min_size=2, max_size=8)


def build(told: list[EventDraft]) -> list[dict[str, Any]]:
    head, events = Head(), []
    for happening in told:
        event = chain("model:fraud", head, happening, stamp(event_id=f"e{head.revision + 1}"))
        head = Head(event["sequence"], event["hash"], event["id"])
        events.append(event)
    return events


@given(chains)
def test_an_untouched_chain_verifies_from_any_place(told: list[EventDraft]) -> None:
    events = build(told)
    assert verify_chain(events, 0, GENESIS) is None
    assert verify_chain(events[1:], 1, events[0]["hash"]) is None


@given(chains, st.data())
def test_an_edit_anywhere_is_found_where_it_was_made(told: list[EventDraft], data: st.DataObject) -> None:
    events = build(told)
    index = data.draw(st.integers(0, len(events) - 1))
    field = data.draw(st.sampled_from(["actor", "time", "reason", "type", "id", "request_id"]))
    events[index] = {**events[index], field: "forged"}
    fault = verify_chain(events, 0, GENESIS)
    assert fault is not None and fault.sequence == index + 1


@given(chains, st.data())
def test_a_forged_hash_breaks_the_link_to_the_next_event(told: list[EventDraft], data: st.DataObject) -> None:
    events = build(told)
    index = data.draw(st.integers(0, len(events) - 2))
    forged = chain(
        "model:fraud",
        Head(index, events[index]["previous_hash"], ""),
        replace(told[index], reason="x"),
        stamp(),
    )
    events[index] = forged
    fault = verify_chain(events, 0, GENESIS)
    assert fault is not None and fault.sequence == index + 2


@given(chains, st.data())
def test_a_removed_event_is_found(told: list[EventDraft], data: st.DataObject) -> None:
    events = build(told)
    index = data.draw(st.integers(0, len(events) - 2))
    fault = verify_chain(events[:index] + events[index + 1 :], 0, GENESIS)
    assert fault is not None and fault.sequence == index + 1


@given(chains, st.data())
def test_two_events_exchanged_are_found(told: list[EventDraft], data: st.DataObject) -> None:
    events = build(told)
    index = data.draw(st.integers(0, len(events) - 2))
    events[index], events[index + 1] = events[index + 1], events[index]
    fault = verify_chain(events, 0, GENESIS)
    assert fault is not None and fault.sequence == index + 1
