"""Checks over HTTP: reported, listed, expired, withdrawn."""

from datetime import timedelta

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from tests.api import journey
from tests.api.gateway import Caller, granted

WHERE = "/v1/models/fraud/versions/1/checks"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


def test_a_reported_check_is_listed_with_who_said_so(admin: Caller) -> None:
    ci = granted(admin, "contributor", "fraud", "ci")
    given = {"passed": True, "evidence": "https://ci.example.com/runs/42", "details": "412 tests"}
    reported = ci.put(f"{WHERE}/ci", given)
    assert reported.status == 200, reported.text
    assert reported.document["reported_by"] == "token:ci"
    admin.put(f"{WHERE}/bias.v2", {"passed": False})
    listed = admin.get(WHERE).document["items"]
    assert [(check["name"], check["passed"], check["valid"]) for check in listed] == [
        ("bias.v2", False, True),
        ("ci", True, True),
    ]
    assert listed[1] == reported.document


def test_the_latest_check_of_a_name_counts_and_events_keep_both(admin: Caller) -> None:
    admin.put(f"{WHERE}/ci", {"passed": False, "details": "3 failures"})
    admin.put(f"{WHERE}/ci", {"passed": True})
    assert [check["passed"] for check in admin.get(WHERE).document["items"]] == [True]
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (event["type"], event["version"]) == ("check.reported", 1)
    assert (event["before"]["check"], event["before"]["details"]) == ("ci", "3 failures")
    assert (event["after"]["check"], event["after"]["passed"]) == ("ci", True)


def test_a_check_expires_by_time_alone(admin: Caller, registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    admin.put(f"{WHERE}/scan", {"passed": True, "expires_in_days": 30})
    now = registry.clock()
    monkeypatch.setattr(registry, "clock", lambda: later(now, timedelta(days=29)))
    assert admin.get(WHERE).document["items"][0]["valid"] is True
    monkeypatch.setattr(registry, "clock", lambda: later(now, timedelta(days=31)))
    assert admin.get(WHERE).document["items"][0]["valid"] is False


def test_a_withdrawn_check_is_gone_and_can_be_reported_anew(admin: Caller) -> None:
    admin.put(f"{WHERE}/ci", {"passed": True})
    assert admin.delete(f"{WHERE}/ci").status == 204
    assert admin.get(WHERE).document["items"] == []
    assert admin.delete(f"{WHERE}/ci").code == "check_not_found"
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (event["type"], event["before"]["check"], event["after"]) == ("check.withdrawn", "ci", None)
    assert admin.put(f"{WHERE}/ci", {"passed": True}).status == 200


def test_a_version_that_is_not_ready_takes_no_check(admin: Caller) -> None:
    journey.version(admin)
    refused = admin.put("/v1/models/fraud/versions/2/checks/ci", {"passed": True})
    assert (refused.status, refused.code) == (409, "version_not_ready")


def test_a_check_that_changed_meanwhile_is_not_overwritten(admin: Caller) -> None:
    first = admin.put(f"{WHERE}/ci", {"passed": True})
    admin.put(f"{WHERE}/ci", {"passed": False})
    stale = {"If-Match": first.etag}
    assert admin.put(f"{WHERE}/ci", {"passed": True}, headers=stale).code == "precondition_failed"
    assert admin.delete(f"{WHERE}/ci", headers=stale).code == "precondition_failed"
    assert admin.put(f"{WHERE}/new", {"passed": True}, headers=stale).code == "precondition_failed"


@pytest.mark.parametrize(
    ("name", "body", "pointer"),
    [
        ("ci", {}, "/passed"),
        ("ci", {"passed": "yes"}, "/passed"),
        ("ci", {"passed": True, "evidence": "ftp://ci.example.com"}, "/evidence"),
        ("ci", {"passed": True, "evidence": "/runs/42"}, "/evidence"),
        ("ci", {"passed": True, "evidence": "https://user:secret@ci.example.com"}, "/evidence"),
        ("ci", {"passed": True, "evidence": "https://ci.example.com/a b"}, "/evidence"),
        ("ci", {"passed": True, "evidence": "https://[::1"}, "/evidence"),
        ("ci", {"passed": True, "evidence": "https://ci.example.com:port"}, "/evidence"),
        ("ci", {"passed": True, "evidence": "https://c/" + "x" * 2048}, "/evidence"),
        ("ci", {"passed": True, "details": "x" * 2001}, "/details"),
        ("ci", {"passed": True, "expires_in_days": 0}, "/expires_in_days"),
        ("ci", {"passed": True, "expires_in_days": 1, "expires_at": "2999-01-01T00:00:00Z"}, "/expires_at"),
        ("ci", {"passed": True, "expires_at": "2001-01-01T00:00:00Z"}, "/expires_at"),
        ("ci", {"passed": True, "expires_at": "2999-01-01T00:00:00"}, "/expires_at"),
        ("ci", {"passed": True, "expires_at": "0001-01-01T00:00:00Z"}, "/expires_at"),
        ("ci", {"passed": True, "expires_at": "soon"}, "/expires_at"),
    ],
)
def test_a_malformed_check_is_refused_with_the_place_of_the_fault(
    admin: Caller, name: str, body: dict[str, object], pointer: str
) -> None:
    refused = admin.put(f"{WHERE}/{name}", body)
    assert refused.status == 400, refused.text
    assert [error["pointer"] for error in refused.document["errors"]] == [pointer]


@pytest.mark.parametrize("name", ["CI", "a%20b", "x" * 65, "%2E%2E", "c\u00f6"])
def test_an_invalid_name_is_refused(admin: Caller, name: str) -> None:
    assert admin.put(f"{WHERE}/{name}", {"passed": True}).code == "invalid_name"
