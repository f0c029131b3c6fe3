"""Changes of fields, read off before and after of an event."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ledger.changes import changes_of, versions_of


def event(event_type: str, before: Any, after: Any, **named: Any) -> dict[str, Any]:
    plain = {"type": event_type, "version": None, "alias": None, "subject": None, "sequence": 1}
    return {**plain, "before": before, "after": after, **named}


def told(given_event: dict[str, Any]) -> list[tuple[int | None, str, Any, Any]]:
    return [(change.version, change.field, change.before, change.after) for change in changes_of(given_event)]


@pytest.mark.parametrize(
    ("given_event", "changes"),
    [
        (event("model.updated", {"owner": "a"}, {"owner": "b"}), [(None, "owner", "a", "b")]),
        (
            event("model.updated", {"tags": {"a": "1", "b": "2"}}, {"tags": {"b": "3", "c/d~e": "4"}}),
            [(None, "tags/a", "1", None), (None, "tags/b", "2", "3"), (None, "tags/c~1d~0e", None, "4")],
        ),
        (
            event("model.created", None, {"owner": "a", "description": "", "tags": {"x": "y"}, "metadata": {}}),
            [(None, "owner", None, "a"), (None, "tags/x", None, "y")],
        ),
        (event("model.deleted", {"owner": "a", "tags": {}}, None), [(None, "owner", "a", None)]),
        (
            event("model.updated", {"metadata": {"n": {"k": 1}}}, {"metadata": {"n": 2}}),
            [(None, "metadata/n", {"k": 1}, 2)],
        ),
        (
            event("model.updated", {"metadata": {"at": {"$time": "a"}}}, {"metadata": {"at": {"$time": "b"}}}),
            [(None, "metadata/at", {"$time": "a"}, {"$time": "b"})],
        ),
        (event("model.updated", {"metadata": {"n": 1}}, {"metadata": {"n": True}}), [(None, "metadata/n", 1, True)]),
        (
            event("model.rule_set", None, {"metric": "auc", "at_least": 0}),
            [(None, "promotion_rule/at_least", None, 0), (None, "promotion_rule/metric", None, "auc")],
        ),
        (
            event("alias.set", {"version": 1}, {"version": 2, "digest": "d"}, alias="champion", version=2),
            [(2, "aliases/champion/version", 1, 2)],
        ),
        (
            event(
                "version.transitioned",
                {"stage": "a"},
                {"stage": "b", "displaced": 1, "displaced_to": "archived"},
                version=2,
            ),
            [(2, "stage", "a", "b"), (1, "stage", "b", "archived")],
        ),
        (
            event("card.updated", {"sections": {"factors": ""}}, {"sections": {"factors": "Age."}, "revision": 1}),
            [(None, "card/sections/factors", "", "Age.")],
        ),
        (
            event("comment.deleted", {"text": "a"}, None, subject="v3-7", version=3),
            [(3, "comments/v3-7/text", "a", None)],
        ),
        (event("check.reported", None, {"passed": True}, version=3), [(3, "check/passed", None, True)]),
        (event("request.opened", None, {"to": "x"}, subject="7"), [(None, "request/7/to", None, "x")]),
    ],
)
def test_an_event_says_which_field_changed_from_what_to_what(
    given_event: dict[str, Any], changes: list[tuple[int | None, str, Any, Any]]
) -> None:
    assert told(given_event) == changes
    assert {version for version, *_ in changes if version} <= set(versions_of(given_event))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES)


@given(OBJECTS, OBJECTS)
def test_what_did_not_change_is_not_told_and_no_field_twice(before: dict[str, Any], after: dict[str, Any]) -> None:
    fields = [field for _, field, _, _ in told(event("model.updated", before, after))]
    assert len(fields) == len(set(fields))
    shared = {name for name in before.keys() & after.keys() if repr(before[name]) != repr(after[name])}
    assert {field.partition("/")[0] for field in fields} <= shared
    assert told(event("model.updated", before, before)) == []


@given(OBJECTS)
def test_a_thing_deleted_tells_what_its_making_told(content: dict[str, Any]) -> None:
    made = told(event("model.created", None, content))
    assert told(event("model.deleted", content, None)) == [
        (version, field, now, was) for version, field, was, now in made
    ]


@pytest.mark.parametrize(
    ("version", "field", "concerned"),
    [
        (None, None, True),
        (3, None, True),
        (4, None, False),
        (None, "tags/team", True),
        (None, "tags", True),
        (None, "tag", False),
        (None, "tags/team/x", False),
        (3, "tags", True),
        (4, "tags", False),
    ],
)
def test_a_change_concerns_its_version_and_its_field_and_what_holds_the_field(
    version: int | None, field: str | None, concerned: bool
) -> None:
    (change,) = changes_of(event("version.updated", {"tags": {"team": "a"}}, {"tags": {"team": "b"}}, version=3))
    assert change.concerns(version, field) == concerned
