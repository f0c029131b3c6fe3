"""Cursors: valid for one query and caller, and unreadable."""

from tests.api import journey
from tests.api.gateway import Caller, granted


def test_pages_join_to_the_whole_list_without_repeats(admin: Caller) -> None:
    names = [f"m{index}" for index in range(5)]
    for name in names:
        journey.model(admin, name)
    seen, cursor = [], None
    while True:
        query = {"order": "name", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = admin.get("/v1/models", query=query).document
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == names


def test_a_cursor_is_valid_only_for_its_own_query_and_caller(admin: Caller) -> None:
    for name in ("a1", "a2", "b1"):
        journey.model(admin, name)
    cursor = admin.get("/v1/models", query={"order": "name", "limit": 1}).document["next_cursor"]
    other = granted(admin, "viewer")
    damaged = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for caller, query in (
        (admin, {"order": "newest", "cursor": cursor}),
        (admin, {"prefix": "a", "cursor": cursor}),
        (other, {"order": "name", "cursor": cursor}),
        (admin, {"order": "name", "cursor": damaged}),
        (admin, {"order": "name", "cursor": "é"}),
    ):
        refused = caller.get("/v1/models", query=query)
        assert (refused.status, refused.code) == (400, "invalid_cursor"), query


def test_a_cursor_does_not_reveal_models_that_the_caller_may_not_read(admin: Caller) -> None:
    for name in ("fraud", "secret-merger", "zebra"):
        journey.model(admin, name)
    reader = granted(admin, "viewer", "fr*")
    query: dict[str, object] = {"order": "name", "limit": 2}
    page = reader.get("/v1/models", query=query).document
    assert [item["name"] for item in page["items"]] == ["fraud"]
    assert page["next_cursor"] is None
