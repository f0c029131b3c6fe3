"""Promotion statements: made of an event and nothing else."""

from typing import Any

import pytest

from chalicelib.domain.ledger.events import EventDraft, Head, Trigger, chain
from chalicelib.domain.signing.promotion_statement import PREDICATE_TYPE, promotion_statement
from tests.domain.build import NOW, stamp

DIGEST, BINDING = "d" * 64, "b" * 64
PROTECTED = {"alias/champion": {"new": {"version": 3, "protected": True}}}
GATE = {"gate": "auc", "kind": "metric", "holds": True, "actual": 0.9, "needed": "auc at least 0.8", "reason": "r"}
VOTE = {"principal": "token:cy", "person": "cy@acme.example", "at": NOW, "binding": BINDING}
DETAILS = {
    "scheme": {"name": "bank", "version": 4},
    "tier": "high",
    "gates": [{**GATE, "awaited": None}],
    "approvals": ["token:cy"],
    "votes": [VOTE],
    "request": 7,
}


def event(draft: EventDraft, records: dict[str, Any] | None = None) -> dict[str, Any]:
    return chain("model:fraud", Head(11, "e" * 64, "e11", NOW), draft, stamp("e12"), records)


def moved(**changed: Any) -> dict[str, Any]:
    given = {
        "type": "version.transitioned",
        "before": {"stage": "staging"},
        "after": {"stage": "production", "digest": DIGEST},
        "version": 3,
        "details": DETAILS,
    }
    return event(EventDraft(**{**given, **changed}))


def pointed(before: dict[str, Any] | None, records: dict[str, Any] | None, kind: str = "alias.set") -> dict[str, Any]:
    after = {"version": 3, "digest": DIGEST}
    return event(EventDraft(kind, before, after, version=3, alias="champion"), records)


def stated(given: dict[str, Any]) -> dict[str, Any]:
    statement = promotion_statement(given)
    assert statement is not None
    predicate: dict[str, Any] = statement["predicate"]
    return predicate


def test_a_move_between_stages_is_stated_with_everything_that_it_was_decided_on() -> None:
    happened = moved()
    statement = promotion_statement(happened)
    assert statement is not None
    assert statement["predicateType"] == PREDICATE_TYPE
    assert statement["subject"] == [{"name": "fraud/3", "digest": {"sha256": DIGEST}}]
    predicate = statement["predicate"]
    assert (predicate["from"], predicate["to"]) == ({"stage": "staging"}, {"stage": "production", "aliases": []})
    assert (predicate["scheme"], predicate["tier"], predicate["request"]) == ({"name": "bank", "version": 4}, "high", 7)
    assert predicate["gates"] == [GATE]
    assert predicate["approvals"] == [
        {"principal": "token:cy", "person": "cy@acme.example", "at": NOW, "bound_to": BINDING}
    ]
    assert predicate["event"] == {
        **{name: happened[name] for name in ("id", "type", "time", "actor", "previous_hash", "hash")},
        "ledger": "model:fraud",
        "sequence": 12,
    }


def test_the_same_event_always_gives_the_same_statement() -> None:
    assert promotion_statement(moved()) == promotion_statement(moved())
    assert promotion_statement(moved(reason="other")) != promotion_statement(moved())


def test_what_a_move_displaces_and_points_at_the_version_is_stated() -> None:
    after = {
        "stage": "production",
        "digest": DIGEST,
        "displaced": 2,
        "displaced_to": "archived",
        "aliases": ["champion"],
    }
    predicate = stated(moved(after=after))
    assert predicate["to"] == {"stage": "production", "aliases": ["champion"]}
    assert predicate["displaced"] == {"version": 2, "to": "archived"}


def test_a_roll_back_and_broken_glass_say_so() -> None:
    assert stated(moved(trigger=Trigger.ROLLBACK))["trigger"] == "rollback"
    broken = stated(moved(trigger=Trigger.OVERRIDE, reason="fire", details={**DETAILS, "overridden": ["auc"]}))
    assert (broken["trigger"], broken["reason"], broken["overridden"]) == ("override", "fire", ["auc"])


@pytest.mark.parametrize(
    ("before", "displaced"),
    [(None, None), ({"version": 2}, {"version": 2, "to": None})],
)
def test_a_protected_alias_is_stated_with_where_it_pointed(before: Any, displaced: Any) -> None:
    predicate = stated(pointed(before, PROTECTED))
    assert predicate["to"] == {"stage": None, "aliases": ["champion"]}
    assert (predicate["displaced"], predicate["gates"], predicate["approvals"]) == (displaced, [], [])


def test_a_promoted_challenger_displaces_the_champion() -> None:
    before = {"champion": 2, "challenger": 3}
    predicate = stated(pointed(before, PROTECTED, "challenger.promoted"))
    assert predicate["displaced"] == {"version": 2, "to": None}
    first = stated(pointed({"champion": None, "challenger": 3}, PROTECTED, "challenger.promoted"))
    assert first["displaced"] is None


def test_aliases_that_are_not_protected_and_other_events_are_not_stated() -> None:
    assert promotion_statement(pointed(None, {"alias/champion": {"new": {"version": 3}}})) is None
    assert promotion_statement(pointed(None, {"alias/other": PROTECTED["alias/champion"]})) is None
    assert promotion_statement(pointed(None, None)) is None
    assert promotion_statement(moved(type="version.updated")) is None


def test_of_an_earlier_release_who_approved_is_stated_as_far_as_it_is_known() -> None:
    earlier = {name: value for name, value in DETAILS.items() if name != "votes"}
    assert stated(moved(details=earlier))["approvals"] == [
        {"principal": "token:cy", "person": None, "at": None, "bound_to": None}
    ]
    assert stated(moved(details=None))["scheme"] is None
