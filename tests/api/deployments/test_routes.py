"""Targets and deployments over HTTP: from a target to a roll-back, with a deployer that reports."""

import json
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.ledger import event_types
from chalicelib.reactions.deployments.deployer import deployer
from tests.api import journey
from tests.api.gateway import Function, Reply
from tests.registry.build import ready

TERMS: dict[str, Any] = {
    "environment": "production",
    "models": ["fr*"],
    "stage": "production",
    "policy": {"roll_back": True},
    "reporters": ["token:argo"],
}
ADMIN = Function(Principal("token:ada", (Grant(Role.ADMIN, "*"),)))
ARGO = Function(Principal("token:argo", ()))
READER = Function(Principal("token:rea", (Grant(Role.VIEWER, "fr*"),)))


def events(registry: str = "/v1/models/fraud/events") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ADMIN.get(registry, query={"limit": 100, "order": "oldest"}).document["items"]
    return items


def follow(*types: str) -> None:
    """Give the deployer the newest event of these types."""
    newest = [event for event in events() if event["type"] in types][-1]
    deployer({"detail": json.loads(json.dumps(newest))}, SimpleNamespace(aws_request_id="lambda-1"))


def report(number: int, status: str, by: Function = ARGO, **more: Any) -> Reply:
    return by.put(f"/v1/models/fraud/deployments/{number}/status", {"status": status, **more})


@pytest.fixture
def promoted(registry: Services) -> Services:
    """A target, and two versions that entered production one after the other: the first is served there."""
    assert ADMIN.put("/v1/targets/eu", TERMS).status == 200
    journey.model(ADMIN)
    for number in (1, 2):
        ready(registry)
        moved = ADMIN.post(f"/v1/models/fraud/versions/{number}/transitions", {"to_stage": "production"})
        assert moved.status == 200, moved.text
        follow("version.transitioned")
        if number == 1:
            assert report(1, "succeeded").status == 200
    return registry


def test_a_release_goes_from_the_move_to_the_roll_back_in_events_of_the_published_form(promoted: Services) -> None:
    started = report(2, "in_progress", detail="syncing", links={"Argo": "https://argo.example.com/fraud"})
    assert (started.status, started.document["status"], started.document["reported_by"]) == (
        200,
        "in_progress",
        "token:argo",
    )
    assert report(2, "in_progress").document["started_at"] == started.document["started_at"]
    assert report(2, "failed", detail="crash loop").document["status"] == "failed"
    follow("deployment.failed")
    third = READER.get("/v1/models/fraud/deployments/3").document
    assert (third["version"], third["rolls_back"], third["status"]) == (1, 2, "pending")
    assert report(3, "succeeded").status == 200
    listed = READER.get("/v1/models/fraud/deployments").document["items"]
    assert [one["status"] for one in listed] == ["succeeded", "rolled_back", "succeeded"]
    observed = {"model": "fraud", "version": 2}
    assert ARGO.put("/v1/targets/eu/observed", observed).document["drifting"] is True
    assert ARGO.put("/v1/targets/eu/observed", {**observed, "version": 1}).document["drifting"] is False
    assert ADMIN.post("/v1/models/fraud/deployments", {"target": "eu", "version": 2}).status == 201
    assert ADMIN.post("/v1/models/fraud/deployments", {"target": "eu", "version": 1}).status == 201
    assert ADMIN.put("/v1/targets/eu", {**TERMS, "description": "EU"}).status == 200
    assert ADMIN.delete("/v1/models/fraud/targets/eu").status == 204
    assert ADMIN.delete("/v1/targets/eu").status == 204
    told = [*events(), *events("/v1/events")]
    validator = jsonschema.Draft202012Validator(ADMIN.get("/v1/schemas/event.json").document)
    for event in told:
        validator.validate(event)
    wanted = {name for name in event_types.ALL if name.startswith(("deployment.", "target."))}
    assert {event["type"] for event in told} >= wanted


def test_what_runs_where_is_shown_to_readers_of_the_model_alone(promoted: Services) -> None:
    (place,) = READER.get("/v1/models/fraud/targets").document["items"]
    assert (place["target"], place["wanted"]["version"], place["serving"]["version"], place["active"]) == (
        "eu",
        2,
        1,
        2,
    )
    assert READER.get("/v1/targets/eu/models").document["items"] == [place]
    stranger = Function(Principal("token:eve", (Grant(Role.VIEWER, "other*"),)))
    later, digest = {"time": "2099-01-01T00:00:00Z"}, place["wanted"]["digest"]
    for path, query in (("targets/eu/models", {}), ("targets/eu/as-of", later), ("recall", {"digest": digest})):
        assert stranger.get(f"/v1/{path}", query=query).document["items"] == []
    then = READER.get("/v1/targets/eu/as-of", query=later).document["items"]
    assert [(one["model"], one["version"]) for one in then] == [("fraud", 1)]
    # Both versions have the same file, and so the same digest.
    affected = READER.get("/v1/recall", query={"digest": digest}).document["items"]
    assert [(one["version"], one["serving"], one["found"]) for one in affected] == [
        (1, True, [f"digest {digest}"]),
        (2, False, [f"digest {digest}"]),
    ]


def test_a_reporter_may_report_and_nothing_else(promoted: Services) -> None:
    assert ARGO.get("/v1/models/fraud/deployments/2").status == 403
    assert ARGO.post("/v1/models/fraud/deployments", {"target": "eu", "version": 2}).status == 403
    refused = report(2, "succeeded", by=READER)
    assert (refused.status, refused.document["code"]) == (403, "permission_denied")
    # Nobody learns by that which deployments there are.
    unknown = report(99, "succeeded", by=READER)
    assert (unknown.status, unknown.document["detail"]) == (403, refused.document["detail"])
    assert report(99, "succeeded", by=ADMIN).document["code"] == "deployment_not_found"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"status": "pending"}, "invalid_input"),
        ({"status": "succeeded", "links": {"x": "javascript:alert(1)"}}, "invalid_input"),
        ({"status": "succeeded", "links": {"": "https://x.example"}}, "invalid_input"),
        ({"status": "succeeded", "links": {"x": "https://[bad"}}, "invalid_input"),
        ({"status": "succeeded", "detail": "x" * 1001}, "invalid_input"),
        ({"status": "succeeded", "attempt": 2}, "deployment_closed"),
        ({"status": "succeeded", "more": 1}, "invalid_input"),
    ],
)
def test_reports_that_make_no_sense_are_refused(promoted: Services, body: dict[str, Any], code: str) -> None:
    reply = ARGO.put("/v1/models/fraud/deployments/2/status", body)
    assert (reply.status // 100, reply.document["code"]) == (4, code)


@pytest.mark.parametrize(
    "change",
    [
        {"stage": None},
        {"alias": "champion"},
        {"models": []},
        {"kind": "teleport"},
        {"policy": {"give_up_after": 1}},
        {"policy": {"move_back": True}},
        {"more": 1},
    ],
)
def test_targets_that_make_no_sense_are_refused(registry: Services, change: dict[str, Any]) -> None:
    assert ADMIN.put("/v1/targets/eu", {**TERMS, **change}).status in (400, 409)
    assert ADMIN.get("/v1/targets/eu").document["code"] == "target_not_found"


def test_numbers_of_deployments_are_numbers(promoted: Services) -> None:
    assert READER.get("/v1/models/fraud/deployments/0").document["code"] == "invalid_name"
    assert READER.get("/v1/models/fraud/deployments/9").document["code"] == "deployment_not_found"
