"""Verifying the audit chain without the registry. The chains are written by the registry's own code."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import ChainBrokenError, ChainHead, verify_chain

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import EventDraft, Head, Stamp, chain

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def written(contents: list[Any]) -> list[dict[str, Any]]:
    """A ledger with one event for each content."""
    events: list[dict[str, Any]] = []
    head = Head()
    for content in contents:
        number = head.revision + 1
        stamp = Stamp("token:ci", f"r-{number}", f"e-{number}", Instant("2026-11-23T09:30:00.000Z"), number)
        event = chain("model:fraud", head, EventDraft("model.updated", None, {"value": content}), stamp)
        events.append(event)
        head = Head(number, event["hash"], event["id"])
    return events


@given(st.lists(json_values, min_size=1, max_size=4))
def test_what_the_registry_writes_holds(contents: list[Any]) -> None:
    events = written(contents)
    assert verify_chain(events) == ChainHead(len(events), events[-1]["hash"])


def test_a_chain_can_be_checked_from_a_head_kept_earlier() -> None:
    events = written([1, 2, 3])
    head = verify_chain(events[:1])
    assert verify_chain(events[1:], head).sequence == 3


@pytest.mark.parametrize(
    ("damage", "sequence"),
    [
        (lambda events: events[1].update(actor="someone else"), 2),
        (lambda events: events.pop(1), 2),
        (lambda events: events.insert(1, events[0]), 2),
        (lambda events: events.reverse(), 1),
        (lambda events: events[0].update(previous_hash="1" * 64), 1),
        (lambda events: events[2].pop("hash"), 3),
    ],
)
def test_whatever_is_done_to_an_event_shows(damage: Any, sequence: int) -> None:
    events = written(["a", "b", "c"])
    damage(events)
    with pytest.raises(ChainBrokenError) as broken:
        verify_chain(events)
    assert broken.value.sequence == sequence
