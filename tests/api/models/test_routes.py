"""Models over HTTP."""

from tests.api import journey
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
