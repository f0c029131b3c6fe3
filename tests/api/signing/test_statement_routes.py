"""Promotion statements over HTTP."""

import base64
import json

import pytest

from chalicelib.aws.services import Services
from chalicelib.registry.signing import statements
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.registry.signing.keys import KEY

WHERE = "/v1/models/fraud/versions/1/statements"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


def moved(admin: Caller, registry: Services, stage: str) -> int:
    """Move the version, and sign what the move was. Answers the number of its event."""
    assert admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": stage}).status == 200
    event = admin.get("/v1/models/fraud/events?limit=1").document["items"][0]
    statements.sign_move(registry, KEY, event, "invocation-1")
    return int(event["sequence"])


def test_a_statement_is_listed_and_shown_with_its_envelope(admin: Caller, registry: Services) -> None:
    first, second = moved(admin, registry, "staging"), moved(admin, registry, "production")
    listed = admin.get(WHERE).document["items"]
    assert [one["sequence"] for one in listed] == [second, first]
    assert (listed[0]["from_stage"], listed[0]["to_stage"]) == ("staging", "production")
    shown = admin.get(f"{WHERE}/{second}").document
    assert {name: shown[name] for name in listed[0]} == listed[0]
    payload = base64.b64decode(shown["envelope"]["payload"])
    assert json.loads(payload) == shown["statement"]
    assert shown["statement"]["subject"][0]["name"] == "fraud/1"
    assert admin.get(f"{WHERE}?limit=1").document["next_cursor"] is not None


def test_a_version_without_statements_lists_none_and_one_without_version_is_not_found(admin: Caller) -> None:
    assert admin.get(WHERE).document == {"items": [], "next_cursor": None}
    assert admin.get(f"{WHERE}/1").code == "statement_not_found"
    assert admin.get("/v1/models/fraud/versions/9/statements").code == "version_not_found"


def test_who_may_read_the_model_reads_what_was_signed(admin: Caller, registry: Services) -> None:
    number = moved(admin, registry, "staging")
    assert granted(admin, "viewer", "fraud", "viewer").get(f"{WHERE}/{number}").status == 200
    assert granted(admin, "viewer", "other", "stranger").get(f"{WHERE}/{number}").status == 403
