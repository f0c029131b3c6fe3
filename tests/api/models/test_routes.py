"""Models over HTTP."""

from tests.api.gateway import Caller


def test_a_created_model_can_be_read_back(admin: Caller) -> None:
    created = admin.post("/v1/models", {"name": "fraud", "owner": "risk", "tags": {"team": "a"}})
    assert created.status == 201, created.text
    read = admin.get("/v1/models/fraud")
    assert (read.status, read.document) == (200, created.document)
    assert read.document["owner"] == "risk"
    assert read.etag == created.etag == '"1"'
