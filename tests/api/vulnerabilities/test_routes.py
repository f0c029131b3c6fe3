"""Vulnerabilities over HTTP: the index, what a version has, statements, and a gate that a statement opens."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.callers import ok
from tests.api.gateway import Caller, granted
from tests.registry.vulnerabilities.build import NOTHING, TORCH, stored_index

WHERE = "/v1/models/fraud/versions/1/vulnerabilities"
GATE = {"name": "known", "kind": "vulnerabilities", "max_severity": "medium", "max_age_days": 7, "unpinned": "fail"}
SCHEME = {
    "initial": "draft",
    "archive": "gone",
    "stages": [{"name": "draft"}, {"name": "live", "exclusive": True}, {"name": "gone"}],
    "transitions": [{"from": "draft", "to": "live", "gates": [GATE]}],
    "evidence": [{"checks": ["vulnerabilities"], "independent": True}],
}
LIFTED = {"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}


def index(registry: Services, content: Any = TORCH) -> dict[str, Any]:
    given = stored_index(registry, content)
    return {"sha256": given.sha256, "size": given.size, "source": given.source, "published_at": given.published_at}


@pytest.fixture
def version(admin: Caller, registry: Services) -> None:
    """A version that requires what is vulnerable, registered by somebody who may do all else, too."""
    ok(admin.put("/v1/schemes/checked", SCHEME))
    journey.model(admin)
    ok(admin.put("/v1/models/fraud/scheme", {"scheme": "checked"}))
    requirements = ["torch==2.5.0", "numpy==2.1.0"]
    journey.ready(admin, registry, provenance={"runtime": {"requirements": requirements}})


def test_an_index_is_uploaded_made_current_and_shown(admin: Caller, registry: Services) -> None:
    assert admin.get("/v1/vulnerabilities").document == {"index": None, "rematching": False, "matched": 0}
    upload = ok(admin.post("/v1/vulnerabilities/upload", index(registry)))
    assert upload["method"] == "PUT" and "vulnerabilities/PyPI/" in upload["url"]
    made = ok(admin.put("/v1/vulnerabilities", index(registry)))
    shown = granted(admin, "viewer").get("/v1/vulnerabilities").document
    assert shown["rematching"] is True
    assert (shown["index"]["sha256"], shown["index"]["advisories"]) == (made["sha256"], 1)


def test_only_administrators_say_which_advisories_count(admin: Caller, registry: Services) -> None:
    maintainer = granted(admin, "maintainer")
    for reply in (
        maintainer.post("/v1/vulnerabilities/upload", index(registry)),
        maintainer.put("/v1/vulnerabilities", index(registry)),
    ):
        assert (reply.status, reply.code) == (403, "permission_denied")


def test_what_cannot_be_an_index_is_a_fault_of_the_caller(admin: Caller, registry: Services) -> None:
    missing = admin.put("/v1/vulnerabilities", {**index(registry), "sha256": "0" * 64})
    assert (missing.status, missing.code) == (409, "upload_incomplete")
    given = stored_index(registry, b"no gzip")
    body = {"sha256": given.sha256, "size": given.size, "source": "x", "published_at": given.published_at}
    torn = admin.put("/v1/vulnerabilities", body)
    assert (torn.status, torn.code) == (400, "invalid_advisory_index")
    large = admin.post("/v1/vulnerabilities/upload", {**body, "size": 5_000_000})
    assert (large.status, large.code) == (400, "invalid_input")
    secret = admin.post("/v1/vulnerabilities/upload", {**body, "source": "https://ada:secret@example.com/all.zip"})
    assert (secret.status, secret.code) == (400, "invalid_input") and "secret@" not in secret.text


def test_without_an_index_nothing_is_matched(admin: Caller, version: None) -> None:
    reply = admin.post(WHERE)
    assert (reply.status, reply.code) == (409, "no_advisory_index")
    shown = admin.get(WHERE).document
    assert (shown["matched_at"], shown["vulnerabilities"]) == (None, [])


def test_an_advisory_blocks_a_move_until_somebody_independent_lifts_it(
    admin: Caller, registry: Services, version: None
) -> None:
    ok(admin.put("/v1/vulnerabilities", index(registry)))
    found = ok(admin.post(WHERE))
    (one,) = found["vulnerabilities"]
    assert (one["id"], one["package"], one["fixed"], one["lifted"]) == ("GHSA-1", "torch", "2.6.0", False)
    assert (found["requirements"], found["unpinned"]) == (2, [])

    def move() -> Any:
        return admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "live"})

    refused = move()
    assert (refused.status, refused.code) == (409, "gates_not_met")
    assert "GHSA-1 (high) by torch 2.5.0, fixed in 2.6.0" in refused.text

    own = admin.put(f"{WHERE}/CVE-1", LIFTED)
    assert (own.status, own.code) == (403, "separation_of_duties")
    security = granted(admin, "contributor", "fraud", "security")
    stated = ok(security.put(f"{WHERE}/CVE-1", LIFTED))
    assert stated["vulnerabilities"][0]["lifted"] is True
    assert [(one["id"], one["stated_by"], one["stands"]) for one in stated["statements"]] == [
        ("CVE-1", "token:security", True)
    ]

    # Taken back, it blocks again.
    assert security.delete(f"{WHERE}/CVE-1").status == 204
    assert move().status == 409
    ok(security.put(f"{WHERE}/CVE-1", LIFTED))
    assert move().status == 200


def test_gates_are_judged_by_the_current_advisories_whatever_the_version_was_matched_against(
    admin: Caller, registry: Services, version: None
) -> None:
    def gate() -> dict[str, Any]:
        run = ok(admin.get("/v1/models/fraud/versions/1/transitions/live"))
        (result,) = run["gates"]
        return dict(result)

    assert gate()["reason"] == "the version was matched against no advisories yet"
    ok(admin.put("/v1/vulnerabilities", index(registry, NOTHING)))
    assert (gate()["holds"], gate()["actual"]["worst"]) == (True, "none")
    ok(admin.post(WHERE))
    ok(admin.put("/v1/vulnerabilities", index(registry)))
    assert (gate()["holds"], gate()["actual"]["worst"]) == (False, "high")
    refused = admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "live"})
    assert refused.code == "gates_not_met" and "GHSA-1" in refused.text
    assert ok(admin.get(WHERE))["vulnerabilities"] == [], "looking keeps nothing"


def test_requests_of_several_models_are_judged_by_one_index(admin: Caller, registry: Services, version: None) -> None:
    ok(admin.put("/v1/vulnerabilities", index(registry)))
    journey.model(admin, "churn")
    ok(admin.put("/v1/models/churn/scheme", {"scheme": "checked"}))
    journey.ready(admin, registry, "churn", provenance={"runtime": {"requirements": ["torch==2.5.0"]}})
    for name in ("fraud", "churn"):
        assert admin.post(f"/v1/models/{name}/requests", {"version": 1, "to_stage": "live"}).status == 201
    waiting = ok(admin.get("/v1/inbox?for=all"))["items"]
    assert ["GHSA-1" in str(one) for one in waiting] == [True, True]


def test_statements_are_kept_to_their_form(admin: Caller, version: None) -> None:
    security = granted(admin, "contributor", "fraud", "security")
    for body, pointer in (
        ({"status": "ignored"}, "/status"),
        ({"status": "not_affected"}, "/justification"),
        ({"status": "not_affected", "justification": "because"}, "/justification"),
        ({"status": "fixed", "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
    ):
        reply = security.put(f"{WHERE}/CVE-1", body)
        assert (reply.status, reply.code) == (400, "invalid_input")
        assert reply.document["errors"][0]["pointer"] == pointer
    assert security.put(f"{WHERE}/a%20b", LIFTED).code == "invalid_name"
    missing = security.delete(f"{WHERE}/CVE-1")
    assert (missing.status, missing.code) == (404, "vex_statement_not_found")


def test_a_statement_is_replaced_only_as_it_was_read(admin: Caller, version: None) -> None:
    security = granted(admin, "contributor", "fraud", "security")
    ok(security.put(f"{WHERE}/CVE-1", {"status": "under_investigation"}))
    etag = security.get(WHERE).etag
    ok(security.put(f"{WHERE}/CVE-1", LIFTED, headers={"If-Match": etag}))
    late = security.put(f"{WHERE}/CVE-1", {"status": "fixed"}, headers={"If-Match": etag})
    assert late.status == 412


def test_affected_versions_are_those_that_the_caller_may_read(admin: Caller, registry: Services, version: None) -> None:
    ok(admin.put("/v1/models/fraud/aliases/champion", {"version": 1}))
    ok(admin.put("/v1/vulnerabilities", index(registry)))
    ok(admin.post(WHERE))
    (one,) = ok(admin.get("/v1/vulnerabilities/affected?advisory=CVE-1"))["items"]
    assert (one["model"], one["version"], one["aliases"]) == ("fraud", 1, ["champion"])
    assert one["requirements"] == ["torch==2.5.0"]
    other = granted(admin, "viewer", "other", "other")
    assert ok(other.get("/v1/vulnerabilities/affected?advisory=CVE-1"))["items"] == []
    assert admin.get("/v1/vulnerabilities/affected").status == 400
    assert admin.get("/v1/vulnerabilities/affected?advisory=a&package=b").status == 400


def test_everything_that_judges_a_request_sees_what_was_found(admin: Caller, registry: Services, version: None) -> None:
    approved = {**SCHEME, "rollback": {"allowed": True, "gates": [GATE]}}
    approved["transitions"] = [{"from": "draft", "to": "live", "gates": [GATE], "approvals": [{"count": 1}]}]
    ok(admin.put("/v1/schemes/checked", approved))
    ok(admin.put("/v1/models/fraud/scheme", {"scheme": "checked"}))
    ok(admin.put("/v1/vulnerabilities", index(registry)))
    ok(admin.post(WHERE))
    assert admin.post("/v1/models/fraud/requests", {"version": 1, "to_stage": "live"}).status == 201
    reviewer = granted(admin, "maintainer", "fraud", "reviewer")
    ok(reviewer.post("/v1/models/fraud/requests/1/approve"))

    def blocked() -> list[bool]:
        (listed,) = ok(reviewer.get("/v1/inbox?for=all"))["items"]
        standing = ok(admin.get("/v1/models/fraud/requests/1/standing"))
        seen = ok(admin.get("/v1/models/fraud/versions/1/transitions"))
        return ["GHSA-1" in str(one) for one in (listed, standing, seen)]

    assert blocked() == [True, True, True]
    refused = admin.post("/v1/models/fraud/requests/1/execute")
    assert (refused.status, refused.code) == (409, "gates_not_met")
    ok(granted(admin, "contributor", "fraud", "security").put(f"{WHERE}/CVE-1", LIFTED))
    # The approval was given for what was found then.
    ok(reviewer.post("/v1/models/fraud/requests/1/approve"))
    assert ok(admin.post("/v1/models/fraud/requests/1/execute"))["stage"] == "live"
    simulated = ok(admin.post("/v1/models/fraud/scheme/simulate", approved))
    assert [(move["allowed"], move["unjudged"]) for move in simulated["moves"]] == [(True, [])]
