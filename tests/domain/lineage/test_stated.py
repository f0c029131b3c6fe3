"""Stated links are added once each, within bounds."""

import pytest

from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError, LimitExceededError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove
from chalicelib.domain.lineage.link import Link, LinkType
from chalicelib.domain.lineage.node import Kind, Node, dataset_node, version_node
from chalicelib.domain.lineage.stated import MAX_AT_ONCE, MAX_STATED, Origins, state_links, unstate_links
from chalicelib.domain.models.model import Model
from tests.domain.build import NOW

NODE = version_node("fraud", 3)


def links(*numbers: int) -> tuple[Link, ...]:
    return tuple(Link(LinkType.TRAINED_ON, dataset_node(f"d{number}"), NOW) for number in numbers)


def state(present: Origins | None, given: tuple[Link, ...], node: Node = NODE) -> Outcome[Origins]:
    return state_links(Model("fraud"), present, node, given, event_types.LINEAGE_STATED)


def test_the_event_tells_only_the_new_links() -> None:
    outcome = state(Origins(NODE, links(1)), links(1, 2))
    assert isinstance(outcome, Decision)
    assert outcome.result == Origins(NODE, links(1, 2))
    assert outcome.event.version == 3
    assert outcome.event.after == {
        "node": {"kind": "version", "model": "fraud", "version": 3},
        "links": [{"type": "trained_on", "origin": {"kind": "dataset", "name": "d2"}}],
    }


def test_what_was_stated_before_changes_nothing() -> None:
    present = Origins(NODE, links(1, 2))
    assert state(present, links(2, 1, 2)) == NoChange(present)
    assert state(None, ()) == NoChange(Origins(NODE, ()))


def test_nothing_comes_from_itself() -> None:
    assert isinstance(state(None, (Link(LinkType.BASED_ON, NODE, NOW),)), NoChange)


def test_links_are_bounded_at_once_and_in_all() -> None:
    assert isinstance(state(None, links(*range(MAX_AT_ONCE))), Decision)
    with pytest.raises(LimitExceededError, match="41 new links"):
        state(None, links(*range(MAX_AT_ONCE + 1)))
    full = Origins(NODE, links(*range(MAX_STATED)))
    with pytest.raises(LimitExceededError, match="there are 200, and this has 1 more"):
        state(full, links(MAX_STATED))


def test_the_links_of_a_node_take_a_bounded_room() -> None:
    def long(first: int) -> tuple[Link, ...]:
        names = (f"{number}" + "\u00e9" * 2_000 for number in range(first, first + 10))
        return tuple(Link(LinkType.TRAINED_ON, dataset_node(name), NOW) for name in names)

    assert isinstance(state(None, long(0)), Decision)
    with pytest.raises(BodyTooLargeError, match="lineage of a version takes"):
        state(Origins(NODE, long(0)), long(10))


@pytest.mark.parametrize("name", ["", "x" * 2_049])
def test_a_node_needs_a_name_that_can_be_kept(name: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 2048 characters"):
        state(None, (Link(LinkType.MADE_BY, Node(Kind.RUN, name), NOW),))
    with pytest.raises(InvalidInputError, match="1 to 2048 characters"):
        state(None, links(1), Node(Kind.RUN, name))


def unstate(present: Origins | None, given: tuple[Link, ...]) -> Outcome[Origins]:
    return unstate_links(Model("fraud"), present, NODE, given, event_types.LINEAGE_UNSTATED)


def test_links_are_taken_back_and_the_event_tells_which() -> None:
    outcome = unstate(Origins(NODE, links(1, 2, 3)), links(3, 2, 7))
    assert isinstance(outcome, Decision)
    assert (outcome.result, outcome.changes) == (Origins(NODE, links(1)), (Put(Origins(NODE, links(1))),))
    assert (outcome.event.version, outcome.event.after) == (3, None)
    assert outcome.event.before == {
        "node": {"kind": "version", "model": "fraud", "version": 3},
        "links": [
            {"type": "trained_on", "origin": {"kind": "dataset", "name": "d2"}},
            {"type": "trained_on", "origin": {"kind": "dataset", "name": "d3"}},
        ],
    }


def test_nothing_is_kept_of_a_node_of_which_nothing_is_stated_any_more() -> None:
    present = Origins(NODE, links(1, 2))
    outcome = unstate(present, links(1, 2))
    assert isinstance(outcome, Decision)
    assert outcome.changes == (Remove(present),)


def test_what_is_not_stated_cannot_be_taken_back() -> None:
    present = Origins(NODE, links(1))
    assert unstate(present, links(2)) == NoChange(present)
    assert unstate(None, links(2)) == NoChange(Origins(NODE, ()))
