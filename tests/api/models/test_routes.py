"""Models over HTTP."""

import pytest

from tests.api import journey
from tests.api.callers import token
from tests.api.gateway import Caller, granted


def test_a_created_model_can_be_read_back(admin: Caller) -> None:
    created = admin.post("/v1/models", {"name": "fraud", "owner": "risk", "tags": {"team": "a"}})
    assert created.status == 201, created.text
    read = admin.get("/v1/models/fraud")
    assert (read.status, read.document) == (200, created.document)
    assert read.document["owner"] == "risk"
    assert read.etag == created.etag == '"1"'


def test_a_list_shows_only_what_the_caller_may_read(admin: Caller) -> None:
    for name in ("fraud", "churn"):
        journey.model(admin, name)
    page = granted(admin, "viewer", "fr*").get("/v1/models").document
    assert [item["name"] for item in page["items"]] == ["fraud"]


def _told(reader: Caller, query: dict[str, object]) -> list[tuple[list[str], bool]]:
    """What a caller gets of a list: the names on each page, and whether there is a cursor."""
    pages: list[tuple[list[str], bool]] = []
    cursor: dict[str, object] = {}
    while not pages or pages[-1][1]:
        page = reader.get("/v1/models", query={**query, **cursor}).document
        pages.append(([item["name"] for item in page["items"]], page["next_cursor"] is not None))
        cursor = {"cursor": page["next_cursor"]}
    return pages


@pytest.mark.parametrize("pattern", ["*-eu", "m*-eu", "merger-*-eu"])
def test_pages_are_the_same_whether_or_not_hidden_models_exist(admin: Caller, pattern: str) -> None:
    """Neither a prefix, nor the size of a page, nor a cursor may tell about models that the caller may not read."""
    for name in ("fraud-eu", "merger-1-eu", "merger-2-eu", "zebra-eu"):
        journey.model(admin, name)
    reader = granted(admin, "viewer", pattern)
    queries: list[dict[str, object]] = [
        {"order": order, "limit": limit, **prefix}
        for limit in (1, 2, 50)
        for order, prefix in [
            ("newest", {}),
            *(("name", {"prefix": prefix}) for prefix in ("a", "m", "merger-1", "merger-secret", "zebra-eu")),
        ]
    ]
    before = [_told(reader, query) for query in queries]
    for name in ("a", "merger-1-us", "merger-secret", "merger-secret-us", "zebra-euro"):
        journey.model(admin, name)
    assert [_told(reader, query) for query in queries] == before


def test_a_list_begins_where_the_callers_grants_do(admin: Caller) -> None:
    for name in ("apple", "fraud", "fraud-eu", "fraudulent", "zebra"):
        journey.model(admin, name)
    grants = [{"role": "viewer", "models": pattern} for pattern in ("fraud", "fraud-*", "zebra", "none")]
    _, reader = token(admin, "narrow", grants)
    found: list[str] = []
    for names, _ in _told(reader, {"order": "name", "limit": 1}):
        assert names, "no page is empty"
        found += names
    assert found == ["fraud", "fraud-eu", "zebra"]


def test_a_prefix_does_not_reveal_models_that_the_caller_may_not_read(admin: Caller) -> None:
    """Otherwise an empty page with a cursor would give a name away letter by letter."""
    for name in ("fraud", "secret-merger", "zebra"):
        journey.model(admin, name)
    reader = granted(admin, "viewer", "fr*")
    for prefix in ("s", "secret", "t"):
        page = reader.get("/v1/models", query={"order": "name", "limit": 1, "prefix": prefix}).document
        assert page == {"items": [], "next_cursor": None}
    for prefix in ("f", "fr", "fraud"):
        page = reader.get("/v1/models", query={"order": "name", "limit": 1, "prefix": prefix}).document
        assert [item["name"] for item in page["items"]] == ["fraud"]
