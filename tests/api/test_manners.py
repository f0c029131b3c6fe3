"""What holds for every call: conditions, idempotency, cursors, and problem documents."""

import base64
import json

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, encoded, granted


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


def test_white_space_and_order_of_fields_do_not_make_another_request(admin: Caller) -> None:
    sent = {"Content-Type": "application/json"}
    admin.post("/v1/models", raw=b'{"name":"fraud","owner":"a"}', headers=sent, key="k")
    again = admin.post("/v1/models", raw=b'{ "owner": "a", "name": "fraud" }', headers=sent, key="k")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")


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


def test_a_cursor_is_good_for_its_own_query_and_caller_only(admin: Caller) -> None:
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


def test_a_list_shows_only_what_the_caller_may_read(admin: Caller) -> None:
    for name in ("fraud", "churn"):
        journey.model(admin, name)
    page = granted(admin, "viewer", "fr*").get("/v1/models").document
    assert [item["name"] for item in page["items"]] == ["fraud"]


def test_a_cursor_tells_nothing_of_a_model_that_the_caller_may_not_read(admin: Caller) -> None:
    for name in ("fraud", "secret-merger", "zebra"):
        journey.model(admin, name)
    reader = granted(admin, "viewer", "fr*")
    query: dict[str, object] = {"order": "name", "limit": 2}
    cursor = reader.get("/v1/models", query=query).document["next_cursor"]
    assert b"secret-merger" not in base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    rest = reader.get("/v1/models", query={**query, "cursor": cursor})
    assert rest.document == {"items": [], "next_cursor": None}


def test_a_prefix_does_not_tell_whether_models_begin_so_that_the_caller_may_not_read(admin: Caller) -> None:
    """Else a page that is empty and goes on would give a name away letter by letter."""
    for name in ("fraud", "secret-merger", "zebra"):
        journey.model(admin, name)
    reader = granted(admin, "viewer", "fr*")
    for prefix in ("s", "secret", "t"):
        page = reader.get("/v1/models", query={"order": "name", "limit": 1, "prefix": prefix}).document
        assert page == {"items": [], "next_cursor": None}
    for prefix in ("f", "fr", "fraud"):
        page = reader.get("/v1/models", query={"order": "name", "limit": 1, "prefix": prefix}).document
        assert [item["name"] for item in page["items"]] == ["fraud"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed_body"),
        (b"\xff\xfe", "application/json", 400, "malformed_body"),
        (b'{"name": 1}', "application/json", 400, "invalid_input"),
        (b'{"name": "x", "surprise": 1}', "application/json", 400, "invalid_input"),
        (b'{"name": "x", "metadata": {"a": NaN}}', "application/json", 400, "invalid_input"),
        (b'{"name": "a/b"}', "application/json", 400, "invalid_name"),
        (b'{"name": "x"}', "text/plain", 415, "unsupported_media_type"),
        (b'{"name": "' + b"x" * 2**20 + b'"}', "application/json", 413, "too_large"),
    ],
    ids=[
        "not-json",
        "not-utf8",
        "wrong-type",
        "unknown-field",
        "nan",
        "bad-name",
        "content-type",
        "too-large",
    ],
)
def test_bad_bodies_are_problem_documents(
    admin: Caller, body: bytes, content_type: str, status: int, code: str
) -> None:
    refused = admin.post("/v1/models", raw=body, headers={"Content-Type": content_type})
    assert (refused.status, refused.code) == (status, code)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.document["request_id"] == refused.headers["X-Request-Id"]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": "x"}, {"limit": 101}, {"surprise": 1}])
def test_bad_query_parameters_are_refused(admin: Caller, query: dict[str, object]) -> None:
    assert admin.get("/v1/models", query=query).code == "invalid_input"
    assert admin.get("/v1/models?limit=1&limit=2").code == "invalid_input"


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
def test_what_does_not_exist_is_said_plainly(admin: Caller, path: str, code: str) -> None:
    refused = admin.get(path)
    assert refused.code == code
    assert refused.status in (400, 404)


@pytest.mark.parametrize("name", ["fraud detection", "ünï", "a+b", "50% off", "q?x=1&y", "#1"])
def test_a_model_of_any_legal_name_is_reached_by_its_encoded_path(admin: Caller, name: str) -> None:
    journey.model(admin, name)
    assert admin.get(f"/v1/models/{encoded(name)}").document["name"] == name


def test_without_a_valid_token_nothing_is_told(registry: Services) -> None:
    for token in (None, "moor_none_" + "x" * 64, "nonsense"):
        assert Caller(token).get("/v1/models").status == 401


def test_a_revoked_token_ends(admin: Caller) -> None:
    someone = granted(admin, "viewer")
    token = admin.get("/v1/tokens").document["items"][0]
    assert "token" not in token
    assert someone.get("/v1/whoami").document["grants"] == [{"role": "viewer", "models": "*", "actions": ["read"]}]
    assert admin.delete(f"/v1/tokens/{token['id']}").status == 204
    assert someone.get("/v1/whoami").status == 401


def test_a_token_is_shown_once(admin: Caller) -> None:
    body = {"name": "ci", "grants": [{"role": "viewer", "models": "*"}]}
    first = admin.post("/v1/tokens", body, key="k")
    again = admin.post("/v1/tokens", body, key="k")
    assert first.document["token"].startswith("moor_")
    assert again.document == first.document | {"token": None}


def test_each_request_leaves_one_line_without_its_secrets(admin: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    admin.post("/v1/models", {"name": "fraud", "description": "private words"})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert (line["route"], line["status"], line["model"]) == ("/v1/models", 201, "fraud")
    assert "private words" not in lines[0]
    assert "moor_" not in lines[0]


def test_an_outage_below_is_a_503_that_says_to_retry(
    admin: Caller, registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    host = "-".join(("inner", "host"))

    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url=host)

    events = registry.client("dynamodb").meta.events
    events.register_first("before-call.dynamodb.BatchGetItem", fail)
    refused = admin.get("/v1/models/fraud")
    events.unregister("before-call.dynamodb.BatchGetItem", fail)
    assert (refused.status, refused.code) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert host not in refused.text + capsys.readouterr().out


def test_a_fault_of_our_own_is_a_500_without_internals(
    admin: Caller, registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("inner words")

    events = registry.client("dynamodb").meta.events
    events.register_first("before-call.dynamodb.BatchGetItem", fail)
    refused = admin.get("/v1/models/fraud")
    events.unregister("before-call.dynamodb.BatchGetItem", fail)
    assert (refused.status, refused.code) == (500, "internal_error")
    assert "inner words" not in refused.text
    assert "RuntimeError" in capsys.readouterr().out
