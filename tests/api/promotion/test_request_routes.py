"""Transition requests, dry runs and overrides over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.domain.schemes.documents import document

WHERE = "/v1/models/fraud/requests"
GATED = {
    "from": "draft",
    "to": "live",
    "gates": [{"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0.9}],
    "approvals": [{"count": 1, "roles": ["reviewer"]}],
}


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    body = {key: value for key, value in document().items() if key != "name"}
    assert admin.put("/v1/schemes/own", {**body, "transitions": [GATED, body["transitions"][1]]}).status == 200
    journey.model(admin)
    assert admin.put("/v1/models/fraud/scheme", {"scheme": "own"}).status == 200
    journey.ready(admin, registry, metrics={"auc": 0.95})


@pytest.fixture
def reviewer(admin: Caller) -> Caller:
    return granted(admin, "reviewer", "fraud", "cy")


def opened(admin: Caller, **body: Any) -> dict[str, Any]:
    reply = admin.post(WHERE, {"version": 1, "to_stage": "live", **body})
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.document
    return found


def test_a_request_is_opened_approved_and_executed(admin: Caller, reviewer: Caller) -> None:
    assert opened(admin, reason="ready", reviewers=["token:cy"])["state"] == "open"
    approved = reviewer.post(f"{WHERE}/1/approve", {"reason": "sound"})
    assert approved.document["state"] == "approved"
    assert approved.document["votes"][0]["principal"] == "token:cy"
    moved = admin.post(f"{WHERE}/1/execute")
    assert (moved.status, moved.document["stage"]) == (200, "live")
    assert admin.get(f"{WHERE}/1").document["state"] == "executed"
    history = admin.get("/v1/models/fraud/stages/live/history").document["items"]
    assert history[0]["details"]["approvals"] == ["token:cy"]


def test_who_asked_may_not_judge_and_who_may_not_approve_is_refused(admin: Caller) -> None:
    opened(admin)
    refused = admin.post(f"{WHERE}/1/approve")
    assert (refused.status, refused.code) == (403, "separation_of_duties")
    assert granted(admin, "contributor").post(f"{WHERE}/1/approve").code == "permission_denied"


def test_a_request_goes_by_alias_and_has_a_due_date(admin: Caller, registry: Services) -> None:
    admin.put("/v1/models/fraud/aliases/candidate", {"version": 1})
    due = later(registry.clock(), timedelta(days=1))
    assert opened(admin, version="@candidate", due_at=due)["due_at"] == due


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"due_at": "tomorrow"}, "/due_at"),
        ({"due_at": "2020-01-01T00:00:00Z"}, "/due_at"),
        ({"to_stage": ""}, "/to_stage"),
        ({"reviewers": ["x"] * 21}, "/reviewers"),
        ({"votes": []}, "/votes"),
    ],
)
def test_a_body_that_is_not_sound_is_refused_with_the_place(
    admin: Caller, changes: dict[str, Any], pointer: str
) -> None:
    refused = admin.post(WHERE, {"version": 1, "to_stage": "live", **changes})
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert [problem["pointer"] for problem in refused.document["errors"]] == [pointer]


def test_what_cannot_be_asked_for_is_said_plainly(admin: Caller) -> None:
    assert admin.post(WHERE, {"version": 9, "to_stage": "live"}).code == "version_not_found"
    assert admin.post(WHERE, {"version": "@none", "to_stage": "live"}).code == "alias_not_found"
    assert admin.post(WHERE, {"version": 1, "to_stage": "nowhere"}).code == "stage_not_found"
    assert admin.post(WHERE, {"version": 1, "to_stage": "draft"}).code == "stage_changed"
    opened(admin)
    assert admin.post(WHERE, {"version": 1, "to_stage": "live"}).code == "request_exists"
    assert admin.get(f"{WHERE}/2").code == "request_not_found"
    assert admin.post(f"{WHERE}/2/approve").code == "request_not_found"
    assert admin.delete("/v1/models/fraud/versions/1").code == "version_in_use"


def test_a_closed_request_stays_closed(admin: Caller, reviewer: Caller) -> None:
    opened(admin)
    assert admin.post(f"{WHERE}/1/withdraw", {"reason": "not yet"}).document["state"] == "withdrawn"
    for caller, verb in ((reviewer, "approve"), (admin, "execute")):
        refused = caller.post(f"{WHERE}/1/{verb}")
        assert (refused.status, refused.code) == (409, "request_closed")
    assert reviewer.post(f"{WHERE}/1/reject").code == "invalid_input"
    assert admin.get(WHERE, query={"state": "open"}).document["items"] == []
    assert [one["number"] for one in admin.get(WHERE).document["items"]] == [1]


def test_somebody_elses_request_is_withdrawn_by_who_manages_the_model(admin: Caller) -> None:
    opened(admin)
    refused = granted(admin, "contributor", "fraud", "bob").post(f"{WHERE}/1/withdraw")
    assert (refused.status, refused.code) == (403, "permission_denied")
    assert granted(admin, "maintainer", "fraud", "eve").post(f"{WHERE}/1/withdraw").status == 200


def test_a_stale_vote_is_refused_and_a_repeated_one_replayed(admin: Caller, reviewer: Caller) -> None:
    opened(admin)
    stale = admin.get(f"{WHERE}/1").etag
    votes = [reviewer.post(f"{WHERE}/1/approve", key="once") for _ in range(2)]
    assert [vote.headers.get("Idempotent-Replayed") for vote in votes] == [None, "true"]
    refused = reviewer.post(f"{WHERE}/1/reject", {"reason": "no"}, headers={"If-Match": stale})
    assert refused.code == "precondition_failed"


def test_a_direct_move_that_takes_approvals_says_what_to_do(admin: Caller) -> None:
    refused = admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "live"})
    assert (refused.status, refused.code) == (409, "approvals_missing")
    assert "open a transition request" in refused.document["detail"]


def test_a_direct_move_that_a_request_asks_for_names_that_request(admin: Caller) -> None:
    opened(admin)
    refused = admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "live"})
    assert (refused.status, refused.code) == (409, "approvals_missing")
    assert "by request 1, which asks for it" in refused.document["detail"]
    assert [fault["pointer"] for fault in refused.document["errors"]] == ["/requests/1"]


def test_a_dry_run_is_complete(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry, metrics={"auc": 0.5})
    found = admin.get("/v1/models/fraud/versions/2/transitions/live").document
    assert (found["allowed"], found["request"], len(found["blockers"])) == (False, None, 2)
    (gate,) = found["gates"]
    assert (gate["gate"], gate["holds"], gate["actual"], gate["needed"]) == ("auc", False, 0.5, "auc at least 0.9")
    assert found["approvals"] == [
        {"needed": "1 approval from role reviewer", "count": 1, "approved_by": [], "met": False}
    ]
    assert admin.get("/v1/models/fraud/versions/2/transitions/nowhere").code == "stage_not_found"
    refused = admin.post("/v1/models/fraud/versions/2/transitions", {"to_stage": "live"})
    assert refused.code == "gates_not_met"
    assert [problem["pointer"] for problem in refused.document["errors"]] == ["/gates/auc"]


def test_the_standing_of_a_request_says_what_holds_it_up(admin: Caller, reviewer: Caller) -> None:
    opened(admin)
    assert admin.get(f"{WHERE}/1/standing").document["executable"] is False
    reviewer.post(f"{WHERE}/1/approve")
    assert admin.get(f"{WHERE}/1/standing").document["executable"] is True
    admin.put("/v1/models/fraud/tier", {"tier": "high"})
    standing = admin.get(f"{WHERE}/1/standing").document
    assert (standing["executable"], standing["void_votes"]) == (False, ["token:cy"])


def test_breaking_glass_takes_an_administrator_and_a_reason(admin: Caller) -> None:
    where = "/v1/models/fraud/versions/1/override"
    assert granted(admin, "maintainer").post(where, {"to_stage": "live", "reason": "outage"}).status == 403
    assert admin.post(where, {"to_stage": "live"}).document["errors"][0]["pointer"] == "/reason"
    assert admin.post(where, {"to_stage": "live", "reason": "outage"}).document["stage"] == "live"
    told = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (told["trigger"], told["details"]["overridden"]) == ("override", ["1 approval from role reviewer"])
