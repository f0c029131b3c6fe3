"""What all requests share: the caller, and the line in the log."""

import json
from typing import Any

import pytest

from chalicelib.api.arrival import correlation_id
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.registry.access.authentication import authenticate
from tests.api import journey, serving
from tests.api.callers import ADMIN, ARN, SESSION, VIEWER, forget, iam, ok, token
from tests.api.gateway import Caller, Function


def test_an_aws_principal_gets_what_its_trust_gives(admin: Caller) -> None:
    journey.model(admin)
    assert iam().get("/v1/whoami").code == "unauthenticated"
    ok(admin.put("/v1/trust/aws", {"kind": "iam", "arns": [ARN], "grants": [{"role": "viewer", "models": "fr*"}]}))
    caller = iam("arn:aws:sts::123456789012:assumed-role/deploy/run-8")
    # The process remembers an empty list of trusts, but never a principal that it refused.
    with pytest.MonkeyPatch.context() as patch:
        forget(patch)
        assert caller.get("/v1/whoami").document["principal"] == f"iam:{ARN}"
        assert caller.get("/v1/models/fraud").status == 200
        assert caller.patch("/v1/models/fraud", {"owner": "x"}).status == 403
        assert iam("arn:aws:iam::999999999999:role/deploy").get("/v1/whoami").status == 401


@pytest.mark.parametrize(
    "context",
    [
        {"stage": "api", "identity": {"userArn": SESSION}},
        {"identity": {"userArn": SESSION}},
        {"stage": "iam", "identity": {"userArn": None}},
        {"stage": "iam"},
        {"stage": "iam", "identity": {"user": SESSION, "caller": SESSION}},
    ],
)
def test_an_aws_identity_counts_only_from_the_api_that_checks_signatures(admin: Caller, context: Any) -> None:
    ok(admin.put("/v1/trust/aws", {"kind": "iam", "arns": [ARN], "grants": ADMIN}))
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=x", "userArn": SESSION, "X-Amzn-Stage": "iam"}
    assert Function(None, **context).get("/v1/whoami", headers=headers).status == 401


BASIC = "Basic eDptb29yXzFfYWJj"


@pytest.mark.parametrize(
    ("authorization", "site", "refused"),
    [
        (BASIC, "cross-site", True),
        (BASIC.lower(), "same-site", True),
        (BASIC, "same-origin", False),
        # Typed into the address bar, or no browser.
        (BASIC, "none", False),
        (BASIC, None, False),
        # No browser sends this by itself.
        ("Bearer moor_1_abc", "cross-site", False),
    ],
)
def test_no_other_site_changes_anything_with_what_a_browser_keeps(
    registry: Services, authorization: str, site: str | None, refused: bool
) -> None:
    caller = serving.as_role(Role.ADMIN)
    headers = {"Authorization": authorization} | ({} if site is None else {"Sec-Fetch-Site": site})
    created = caller.post("/v1/models", {"name": "fraud"}, headers=headers)
    assert (created.status == 403) == refused
    path = "/api/2.0/mlflow/registered-models/create"
    assert (caller.post(path, {"name": "other"}, headers=headers).status == 403) == refused
    assert caller.get("/v1/whoami", headers=headers).status == 200


def test_revocation_goes_through_every_layer(admin: Caller, registry: Services) -> None:
    token_id, caller = token(admin, "ci")
    header = f"Bearer {caller._token}"
    assert authenticate(registry, header).name == "token:ci"
    admin.delete(f"/v1/tokens/{token_id}")
    # The authorizer does not remember registry tokens, so only the gateway's 30 seconds delay a revocation.
    assert caller.get("/v1/whoami").status == 401
    ok(admin.put("/v1/trust/aws", {"kind": "iam", "arns": [ARN], "grants": VIEWER}))
    assert iam().get("/v1/whoami").status == 200
    admin.delete("/v1/trust/aws")
    assert iam().get("/v1/whoami").status == 200, "remembered"
    with pytest.MonkeyPatch.context() as patch:
        forget(patch)
        assert iam().get("/v1/whoami").status == 401


def test_each_request_leaves_one_line_without_its_secrets(admin: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    admin.post("/v1/models", {"name": "fraud", "description": "private words"})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert (line["route"], line["status"], line["model"]) == ("/v1/models", 201, "fraud")
    assert "private words" not in lines[0]
    assert "moor_" not in lines[0]


def test_a_caller_says_what_a_call_belongs_to(admin: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    reply = admin.post("/v1/models", {"name": "fraud"}, headers={"X-Correlation-Id": "ci/run-7"})
    assert reply.headers["X-Correlation-Id"] == "ci/run-7" != reply.headers["X-Request-Id"]
    assert json.loads(capsys.readouterr().out)["correlation_id"] == "ci/run-7"
    (event,) = admin.get("/v1/models/fraud/events").document["items"]
    assert (event["correlation_id"], event["request_id"]) == ("ci/run-7", reply.headers["X-Request-Id"])
    alone = admin.get("/v1/models/fraud")
    assert alone.headers["X-Correlation-Id"] == alone.headers["X-Request-Id"]


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "request-1"),
        ({"x-correlation-id": "a" * 128}, "a" * 128),
        ({"x-correlation-id": "a" * 129}, "request-1"),
        ({"x-correlation-id": "two words"}, "request-1"),
        ({"x-correlation-id": "a\n"}, "request-1"),
        ({"x-correlation-id": ""}, "request-1"),
        ({"x-correlation-id": "-a"}, "request-1"),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, TRACE),
        ({"traceparent": f"01-{TRACE}-00f067aa0ba902b7-01-more"}, TRACE),
        ({"traceparent": f"ff-{TRACE}-00f067aa0ba902b7-01"}, "request-1"),
        ({"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"}, "request-1"),
        ({"traceparent": f"00-{TRACE}-{'0' * 16}-01"}, "request-1"),
        ({"traceparent": f"00-{TRACE.upper()}-00f067aa0ba902b7-01"}, "request-1"),
        ({"x-correlation-id": "ci/run-7", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, "ci/run-7"),
        ({"x-correlation-id": "no such id", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, TRACE),
    ],
)
def test_a_malformed_correlation_id_is_passed_over(headers: dict[str, str], expected: str) -> None:
    assert correlation_id(headers, "request-1") == expected
