"""The history of fields over HTTP."""

from typing import Any

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

CHANGES = "/v1/models/fraud/changes"


def walk(caller: Caller, **query: Any) -> tuple[list[dict[str, Any]], int]:
    """The items of all pages, and the number of pages."""
    found: list[dict[str, Any]] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        page = caller.get(CHANGES, query={**query, **({"cursor": cursor} if cursor else {})}).document
        assert len(page["items"]) <= query.get("limit", 50)
        found, cursor, pages = found + page["items"], page["next_cursor"], pages + 1
    return found, pages


def field_changes(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(one["version"], one["field"], one["before"], one["after"]) for one in found]


def history(admin: Caller, registry: Services) -> None:
    """Changes of many fields of a model. Version 2 replaces version 1 in production."""
    admin.post("/v1/models", {"name": "fraud", "owner": "ada", "tags": {"team": "a", "x": "y"}})
    for number in (1, 2):
        journey.ready(admin, registry, metrics={"auc": 0.9})
        admin.post(f"/v1/models/fraud/versions/{number}/transitions", {"to_stage": "production", "reason": "good"})
        admin.put("/v1/models/fraud/aliases/champion", {"version": number})
    admin.patch("/v1/models/fraud", {"owner": "ben", "tags": {"team": "b"}})
    admin.patch("/v1/models/fraud/versions/1", {"description": "old"})
    admin.put("/v1/models/fraud/card", {"sections": {"factors": "Age."}})


def test_every_field_has_a_history(admin: Caller, registry: Services) -> None:
    history(admin, registry)
    found, _ = walk(admin)
    assert field_changes(found)[:5] == [
        (None, "card/sections/factors", "", "Age."),
        (1, "description", "", "old"),
        (None, "owner", "ada", "ben"),
        (None, "tags/team", "a", "b"),
        (None, "tags/x", "y", None),
    ]
    first = found[0]
    assert first["actor"] == "token:bootstrap" and first["type"] == "card.updated" and first["time"]
    sequences = [one["sequence"] for one in found]
    assert sequences == sorted(sequences, reverse=True)


def test_the_history_of_one_field(admin: Caller, registry: Services) -> None:
    history(admin, registry)
    assert field_changes(walk(admin, field="owner")[0]) == [(None, "owner", "ada", "ben"), (None, "owner", None, "ada")]
    assert [one["field"] for one in walk(admin, field="tags")[0]] == ["tags/team", "tags/x", "tags/team", "tags/x"]
    assert field_changes(walk(admin, field="aliases/champion/version")[0]) == [
        (2, "aliases/champion/version", 1, 2),
        (1, "aliases/champion/version", None, 1),
    ]
    assert walk(admin, field="own")[0] == []


def test_the_history_of_a_version_includes_changes_that_other_versions_caused(
    admin: Caller, registry: Services
) -> None:
    history(admin, registry)
    assert field_changes(walk(admin, version=1, field="stage")[0]) == [
        (1, "stage", "production", "archived"),
        (1, "stage", "development", "production"),
        (1, "stage", None, "development"),
    ]
    assert walk(admin, version=3)[0] == []


def test_pages_of_any_size_show_the_same(admin: Caller, registry: Services) -> None:
    history(admin, registry)
    for query in ({}, {"version": 1}, {"field": "tags"}, {"version": 2, "field": "metrics"}):
        whole, _ = walk(admin, limit=100, **query)
        for limit in (1, 2, 3):
            assert walk(admin, limit=limit, **query)[0] == whole, (query, limit)


def test_a_filtered_page_reads_a_bounded_range_and_says_where_to_continue(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.version(admin)
    for number in range(12):
        admin.patch("/v1/models/fraud", {"owner": f"owner {number}"})
    page = admin.get(CHANGES, query={"version": 1, "limit": 1}).document
    assert page["items"] == [] and page["next_cursor"], "five events were read, none of version 1"
    found, pages = walk(admin, version=1, limit=10)
    assert pages == 1 and {one["sequence"] for one in found} == {2}


def test_a_deleted_model_keeps_its_history(admin: Caller) -> None:
    assert admin.get(CHANGES).code == "model_not_found"
    admin.post("/v1/models", {"name": "fraud", "owner": "ada"})
    admin.delete("/v1/models/fraud")
    owners = [change for change in field_changes(walk(admin)[0]) if change[1] == "owner"]
    assert owners == [(None, "owner", "ada", None), (None, "owner", None, "ada")]
    assert granted(admin, "viewer", "other").get(CHANGES).status == 403
