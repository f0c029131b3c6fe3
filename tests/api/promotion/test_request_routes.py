"""Transition requests over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from tests.api import journey
from tests.api.callers import token
from tests.api.gateway import Caller, granted
from tests.api.promotion.gated import REQUESTS, gated_model, opened


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    gated_model(admin, registry)


@pytest.fixture
def reviewer(admin: Caller) -> Caller:
    return granted(admin, "reviewer", "fraud", "cy")


def test_a_request_is_opened_approved_and_executed(admin: Caller, reviewer: Caller) -> None:
    assert opened(admin, reason="ready", reviewers=["token:cy"])["state"] == "open"
    approved = reviewer.post(f"{REQUESTS}/1/approve", {"reason": "sound"})
    assert approved.document["state"] == "approved"
    assert approved.document["votes"][0]["principal"] == "token:cy"
    moved = admin.post(f"{REQUESTS}/1/execute")
    assert (moved.status, moved.document["stage"]) == (200, "live")
    assert admin.get(f"{REQUESTS}/1").document["state"] == "executed"
    history = admin.get("/v1/models/fraud/stages/live/history").document["items"]
    assert history[0]["details"]["approvals"] == ["token:cy"]


def test_neither_the_author_nor_a_caller_without_the_action_can_approve(admin: Caller) -> None:
    opened(admin)
    refused = admin.post(f"{REQUESTS}/1/approve")
    assert (refused.status, refused.code) == (403, "separation_of_duties")
    assert granted(admin, "contributor").post(f"{REQUESTS}/1/approve").code == "permission_denied"


def test_a_request_can_name_an_alias_and_a_due_date(admin: Caller, registry: Services) -> None:
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
def test_an_invalid_body_is_refused_with_the_place_of_the_fault(
    admin: Caller, changes: dict[str, Any], pointer: str
) -> None:
    refused = admin.post(REQUESTS, {"version": 1, "to_stage": "live", **changes})
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert [problem["pointer"] for problem in refused.document["errors"]] == [pointer]


def test_a_request_that_cannot_be_opened_is_refused_with_a_code_of_its_own(admin: Caller) -> None:
    assert admin.post(REQUESTS, {"version": 9, "to_stage": "live"}).code == "version_not_found"
    assert admin.post(REQUESTS, {"version": "@none", "to_stage": "live"}).code == "alias_not_found"
    assert admin.post(REQUESTS, {"version": 1, "to_stage": "nowhere"}).code == "stage_not_found"
    assert admin.post(REQUESTS, {"version": 1, "to_stage": "draft"}).code == "stage_changed"
    opened(admin)
    assert admin.post(REQUESTS, {"version": 1, "to_stage": "live"}).code == "request_exists"
    assert admin.get(f"{REQUESTS}/2").code == "request_not_found"
    assert admin.post(f"{REQUESTS}/2/approve").code == "request_not_found"
    assert admin.delete("/v1/models/fraud/versions/1").code == "version_in_use"


def test_a_closed_request_stays_closed(admin: Caller, reviewer: Caller) -> None:
    opened(admin)
    assert admin.post(f"{REQUESTS}/1/withdraw", {"reason": "not yet"}).document["state"] == "withdrawn"
    for caller, verb in ((reviewer, "approve"), (admin, "execute")):
        refused = caller.post(f"{REQUESTS}/1/{verb}")
        assert (refused.status, refused.code) == (409, "request_closed")
    assert reviewer.post(f"{REQUESTS}/1/reject").code == "invalid_input"
    assert admin.get(REQUESTS, query={"state": "open"}).document["items"] == []
    assert [one["number"] for one in admin.get(REQUESTS).document["items"]] == [1]


def test_only_a_manager_of_the_model_withdraws_somebody_elses_request(admin: Caller) -> None:
    opened(admin)
    refused = granted(admin, "contributor", "fraud", "bob").post(f"{REQUESTS}/1/withdraw")
    assert (refused.status, refused.code) == (403, "permission_denied")
    assert granted(admin, "maintainer", "fraud", "eve").post(f"{REQUESTS}/1/withdraw").status == 200


def test_a_stale_vote_is_refused_and_a_repeated_one_replayed(admin: Caller, reviewer: Caller) -> None:
    opened(admin)
    stale = admin.get(f"{REQUESTS}/1").etag
    votes = [reviewer.post(f"{REQUESTS}/1/approve", key="once") for _ in range(2)]
    assert [vote.headers.get("Idempotent-Replayed") for vote in votes] == [None, "true"]
    refused = reviewer.post(f"{REQUESTS}/1/reject", {"reason": "no"}, headers={"If-Match": stale})
    assert refused.code == "precondition_failed"


def test_the_standing_of_a_request_says_what_holds_it_up(admin: Caller, reviewer: Caller) -> None:
    opened(admin)
    assert admin.get(f"{REQUESTS}/1/standing").document["executable"] is False
    reviewer.post(f"{REQUESTS}/1/approve")
    assert admin.get(f"{REQUESTS}/1/standing").document["executable"] is True
    admin.put("/v1/models/fraud/tier", {"tier": "high"})
    standing = admin.get(f"{REQUESTS}/1/standing").document
    assert (standing["executable"], standing["void_votes"]) == (False, ["token:cy"])


def test_an_approval_by_a_second_token_of_the_author_does_not_count(admin: Caller, registry: Services) -> None:
    grants = [{"role": role, "models": "*"} for role in ("admin", "reviewer")]
    _, ada = token(admin, "ada", grants, person="oidc:okta:ada")
    journey.ready(ada, registry, metrics={"auc": 0.95})
    _, laptop = token(ada, "ada-laptop", grants)
    _, phone = token(admin, "phone", grants, person="oidc:web:ada")
    request = opened(admin, version=2)["number"]
    for second in (laptop, phone):
        refused = second.post(f"{REQUESTS}/{request}/approve")
        assert (refused.status, refused.code) == (403, "separation_of_duties")
    _, bob = token(admin, "bob", grants)
    _, desk = token(admin, "desk", grants, person="token:bob")
    assert desk.post(f"{REQUESTS}/{request}/approve").status == 200
    voted = bob.post(f"{REQUESTS}/{request}/approve").document
    assert [(vote["principal"], vote["person"]) for vote in voted["votes"]] == [("token:bob", "")]
