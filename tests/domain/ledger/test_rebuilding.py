"""The state that events tell: as they say it themselves, and as events of earlier releases are read."""

from typing import Any

from chalicelib.domain.access.token import Previous, Token
from chalicelib.domain.audit.state import Stored, compare
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.facts import LONGEST, changed, digest_of, facts_of, short, stands_for
from chalicelib.domain.ledger.rebuilding import UNKNOWN, rebuilt
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.readings import READINGS
from tests.domain.build import NOW


def event(sequence: int, kind: str = "model.updated", **members: Any) -> dict[str, Any]:
    known = {"model": "fraud", "version": None, "alias": None, "before": None, "after": {}, "actor": "token:ada"}
    return {**known, "sequence": sequence, "time": NOW, "type": kind, **members}


def test_fields_are_read_as_they_are_declared_and_empty_ones_are_no_facts() -> None:
    facts = facts_of(Model("fraud", aliases={"a/b": Pointer(2, (1,))}, standing={"live": 1}))
    assert facts["aliases/a~1b/version"] == 2 and facts["aliases/a~1b/trail"] == [1]
    assert facts["standing"] == {"live": 1} and "frozen" not in facts and "deleted" not in facts


def test_of_a_secret_there_is_only_the_digest() -> None:
    previous = (Previous("other hash", NOW),)
    token = Token("t", "ci", (), "hash of the secret", NOW, "token:ada", NOW, None, previous=previous)
    facts = facts_of(token)
    assert facts["secret_hash"] == digest_of("hash of the secret")
    assert facts["previous"] == [{"secret_hash": digest_of("other hash"), "until": Instant(NOW)}]


def test_a_long_value_is_told_by_its_digest_and_no_value_can_pass_for_one() -> None:
    long = "x" * (LONGEST + 1)
    assert short(long) == digest_of(long) and stands_for(short(long), long)
    assert short(digest_of(long)) != digest_of(long)
    assert not stands_for(digest_of(long), long + "x")


def test_a_later_event_replaces_fields_and_null_removes_a_place() -> None:
    events = [
        event(1, records={"profile": {"new": {"owner": "ada", "tags": {"a": "b"}}}, "label/1": {"new": {"number": 1}}}),
        event(2, records={"profile": {"changed": {"owner": "eve", "tags": None}}, "label/1": None}),
    ]
    state = rebuilt(events, READINGS)
    assert state.fields("profile") == {"owner": "eve", "tags": None} and state.places["label/1"].gone
    stored = [Stored("profile", {"owner": "eve"})]
    assert compare(state, stored).differences == []
    (left,) = compare(state, [*stored, Stored("label/1", {"number": 1})]).differences
    assert (left.place, left.sequence) == ("label/1", 2)


def test_a_value_that_an_event_has_in_full_is_expected_in_full() -> None:
    metrics = {f"metric {number}": 0.5 for number in range(50)}
    created = {"stage": "draft", "status": "PENDING", "digest": "d", "metrics": metrics}
    told = {"version/1": {"new": {"description/metrics": digest_of(metrics)}}}
    state = rebuilt([event(1, "version.created", version=1, after=created, records=told)], READINGS)
    assert state.fields("version/1") == {"description/metrics": metrics}
    (difference,) = compare(state, [Stored("version/1", {"description/metrics": {"auc": 1}})]).differences
    assert difference.expected == metrics


def test_an_event_of_an_earlier_release_is_read_and_the_rest_is_unproven() -> None:
    created = {"stage": "draft", "status": "PENDING", "digest": "d", "file_count": 1, "metrics": {"auc": 0.8}}
    state = rebuilt([event(1, "version.created", version=1, after=created)], READINGS)
    fields = {"description/metrics": {"auc": 0.99}, "uid": "never told", "digest": "d", "stage": "draft"}
    found = compare(state, [Stored("version/1", {**fields, "status": "PENDING"}), Stored("card", {"revision": 1})])
    metrics = [one for one in found.differences if one.field == "description/metrics"]
    assert (metrics[0].expected, metrics[0].found) == ({"auc": 0.8}, {"auc": 0.99})
    assert "uid" not in {one.field for one in found.differences} and found.unproven == 2


def test_where_a_stage_points_after_its_holder_left_is_unknown_in_earlier_releases() -> None:
    moved = {"before": {"stage": "draft"}, "after": {"stage": "live"}}
    left = {"before": {"stage": "live"}, "after": {"stage": "gone"}}
    events = [event(1, "version.transitioned", version=1, **moved), event(2, "version.transitioned", version=1, **left)]
    assert rebuilt(events[:1], READINGS).fields("model")["stages/live/version"] == 1
    assert rebuilt(events, READINGS).fields("model")["stages/live/version"] is UNKNOWN


def test_only_the_facts_that_differ_are_told() -> None:
    assert changed({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 4, "d": 5}) == {"b": 4, "d": 5, "c": None}


def test_a_deleted_model_points_nowhere_whatever_an_earlier_stretch_of_events_told() -> None:
    moved = {"before": {"stage": "draft"}, "after": {"stage": "live"}}
    events = [event(1, "version.transitioned", version=1, **moved), event(2, "model.deleted", after=None)]
    assert rebuilt(events, READINGS).fields("model")["stages/live/version"] is None
    stored = [Stored("model", {"name": "fraud", "stages/live/version": 1})]
    for known in (events, events[1:]):
        differences = compare(rebuilt(known, READINGS), stored).differences
        assert "stages/live/version" in [one.field for one in differences if one.expected is None]


def test_a_place_of_which_all_that_is_known_is_unknown_need_not_be_stored() -> None:
    state = rebuilt(
        [event(1, "model.created"), event(2, "model.deleted", after=None), event(3, "model.created")], READINGS
    )
    assert "card" in state.places
    assert {one.place for one in compare(state, []).differences} == {"model"}
