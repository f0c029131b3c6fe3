"""Parsing of paths, queries, headers and bodies."""

import pytest

from tests.api import journey
from tests.api.gateway import Caller, encoded


def test_white_space_and_order_of_fields_do_not_make_another_request(admin: Caller) -> None:
    sent = {"Content-Type": "application/json"}
    admin.post("/v1/models", raw=b'{"name":"fraud","owner":"a"}', headers=sent, key="k")
    again = admin.post("/v1/models", raw=b'{ "owner": "a", "name": "fraud" }', headers=sent, key="k")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")


def test_a_number_beyond_a_double_is_refused_with_an_idempotency_key_too(admin: Caller) -> None:
    sent = {"Content-Type": "application/json"}
    body = b'{"name": "fraud", "metadata": {"a": 1e400}}'
    without = admin.post("/v1/models", raw=body, headers=sent)
    keyed = admin.post("/v1/models", raw=body, headers=sent, key="k")
    assert (without.status, without.document["code"]) == (400, "invalid_input")
    assert (keyed.status, keyed.document["code"]) == (400, "malformed_body")
    assert "1e400" in keyed.document["detail"]


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


@pytest.mark.parametrize("name", ["fraud detection", "ünï", "a+b", "50% off", "q?x=1&y", "#1"])
def test_a_model_of_any_legal_name_is_reached_by_its_encoded_path(admin: Caller, name: str) -> None:
    journey.model(admin, name)
    assert admin.get(f"/v1/models/{encoded(name)}").document["name"] == name
