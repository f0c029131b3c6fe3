from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ledger.events import (
    GENESIS,
    REGISTRY_LEDGER,
    EventDraft,
    Fault,
    Head,
    Trigger,
    chain,
    model_ledger,
    verify_chain,
)
from tests.domain.build import NOW, stamp

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
    assert verify_chain("model:fraud", events, 0, GENESIS) is None
    assert verify_chain("model:fraud", events[1:], 1, events[0]["hash"]) is None


@given(chains, st.data())
def test_an_edit_anywhere_is_found_where_it_was_made(told: list[EventDraft], data: st.DataObject) -> None:
    events = build(told)
    index = data.draw(st.integers(0, len(events) - 1))
    field = data.draw(st.sampled_from(["actor", "time", "reason", "type", "id", "request_id"]))
    events[index] = {**events[index], field: "forged"}
    fault = verify_chain("model:fraud", events, 0, GENESIS)
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
    fault = verify_chain("model:fraud", events, 0, GENESIS)
    assert fault is not None and fault.sequence == index + 2


@given(chains, st.data())
def test_a_removed_event_is_found(told: list[EventDraft], data: st.DataObject) -> None:
    events = build(told)
    index = data.draw(st.integers(0, len(events) - 2))
    fault = verify_chain("model:fraud", events[:index] + events[index + 1 :], 0, GENESIS)
    assert fault is not None and fault.sequence == index + 1


@given(chains, st.data())
def test_two_events_exchanged_are_found(told: list[EventDraft], data: st.DataObject) -> None:
    events = build(told)
    index = data.draw(st.integers(0, len(events) - 2))
    events[index], events[index + 1] = events[index + 1], events[index]
    fault = verify_chain("model:fraud", events, 0, GENESIS)
    assert fault is not None and fault.sequence == index + 1


def test_an_event_is_the_document_that_auditors_know() -> None:
    draft = EventDraft(
        "alias.set",
        {"version": 1},
        {"version": 2},
        version=2,
        alias="champion",
        subject="s",
        trigger=Trigger.ROLLBACK,
        reason="worse",
        details={"scheme": "default"},
    )
    stamped = replace(stamp("e5"), correlation_id="release-7")
    event = chain("model:fraud", Head(4, "f" * 64, "e4"), draft, stamped, {"alias/champion": None})
    # Computed once with sha256sum over the canonical JSON, apart from this code.
    assert event == {
        "schema_version": 1,
        "id": "e5",
        "ledger": "model:fraud",
        "sequence": 5,
        "type": "alias.set",
        "time": NOW,
        "actor": "token:ada",
        "request_id": "request-1",
        "correlation_id": "release-7",
        "model": "fraud",
        "version": 2,
        "alias": "champion",
        "subject": "s",
        "trigger": "rollback",
        "reason": "worse",
        "details": {"scheme": "default"},
        "before": {"version": 1},
        "after": {"version": 2},
        "records": {"alias/champion": None},
        "previous_hash": "f" * 64,
        "hash": "ce250d74bf350cf0b3865374e3c4af5b3a58c3a884b3ab65440037d2438c4175",
    }


def test_the_registrys_own_events_are_of_no_model() -> None:
    event = chain(REGISTRY_LEDGER, Head(), EventDraft("role.set", None, {}), stamp())
    assert (event["ledger"], event["model"], event["sequence"]) == ("registry", None, 1)
    assert event["previous_hash"] == "0" * 64 and event["trigger"] == "request"
    assert model_ledger("fraud") == "model:fraud"


def test_a_fault_says_what_is_wrong_with_the_chain() -> None:
    events = build([EventDraft("model.created", None, None), EventDraft("alias.set", None, None)])
    assert verify_chain("model:fraud", events[1:], 0, GENESIS) == Fault(1, "event 1 is missing: found 2 in its place")
    assert verify_chain("model:fraud", events, 0, "1" * 64) == Fault(
        1, "previous_hash is not the hash of the event before"
    )
    forged = [{**events[0], "actor": "token:eve"}, events[1]]
    assert verify_chain("model:fraud", forged, 0, GENESIS) == Fault(1, "the hash does not match the content")
    assert verify_chain("model:fraud", [], 7, "1" * 64) is None
