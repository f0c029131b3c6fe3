"""What every view shares: conditions, idempotency, and errors for what does not exist."""

import pytest

from tests.api import journey
from tests.api.gateway import Caller


def test_a_retry_with_the_same_key_has_one_effect(admin: Caller) -> None:
    journey.model(admin)
    body = {"files": [journey.FILE]}
    first = admin.post("/v1/models/fraud/versions", body, key="k1")
    again = admin.post("/v1/models/fraud/versions", body, key="k1")
    assert (first.status, again.status) == (201, 201)
    assert again.document["version"] == first.document["version"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert admin.get("/v1/models/fraud").document["last_version"] == 1


def test_the_same_key_with_another_request_is_refused(admin: Caller) -> None:
    admin.post("/v1/models", {"name": "fraud"}, key="k")
    refused = admin.post("/v1/models", {"name": "fraud", "owner": "b"}, key="k")
    assert (refused.status, refused.code) == (422, "idempotency_key_reused")


def test_a_stale_write_is_refused_and_a_fresh_one_is_not(admin: Caller) -> None:
    etag = journey.model(admin).etag
    changed = admin.patch("/v1/models/fraud", {"owner": "a"}, headers={"If-Match": etag})
    assert changed.status == 200
    assert changed.etag != etag
    stale = admin.patch("/v1/models/fraud", {"owner": "b"}, headers={"If-Match": etag})
    assert (stale.status, stale.code) == (412, "precondition_failed")
    assert admin.get("/v1/models/fraud").document["owner"] == "a"


def test_an_unchanged_entity_is_not_sent_again(admin: Caller) -> None:
    etag = journey.model(admin).etag
    unchanged = admin.get("/v1/models/fraud", headers={"If-None-Match": etag})
    assert (unchanged.status, unchanged.text) == (304, "")
    assert admin.get("/v1/models/fraud", headers={"If-None-Match": '"0"'}).status == 200


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/models/none", "model_not_found"),
        ("/v1/models/none/versions/1", "version_not_found"),
        ("/v1/models/none/versions/latest", "invalid_name"),
        ("/v1/models/none/versions/@x", "alias_not_found"),
        ("/v1/models/a%3Ab", "invalid_name"),
        ("/v1/models/%FF", "invalid_name"),
        ("/v1/models/" + "x" * 3000, "invalid_name"),
        ("/v1/models/x/stages/nowhere/history", "model_not_found"),
        ("/v1/models/x/requests/1", "request_not_found"),
        ("/v1/models/x/requests/01", "invalid_name"),
        ("/v1/models/x/requests", "model_not_found"),
        ("/v1/models/x/scheme", "model_not_found"),
        ("/v1/schemes/none", "scheme_not_found"),
        ("/v1/schemes/No%20ne", "invalid_name"),
        ("/v1/tokens/none", "token_not_found"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_code_of_its_own(admin: Caller, path: str, code: str) -> None:
    refused = admin.get(path)
    assert refused.code == code
    assert refused.status in (400, 404)
