"""A version in quarantine by every route: no bytes, no move, no protected alias, until it is scanned or released."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.instants import later
from chalicelib.domain.mlflow.tracking.locations import of_version
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.models.models import model_head
from chalicelib.registry.promotion.promotion import judge_event
from chalicelib.registry.scanning import scans
from tests.api import serving
from tests.api.gateway import Caller, Reply
from tests.registry import build
from tests.registry.build import MODEL, request, sha256
from tests.registry.scanning.states import ask, finish, quarantined

FRAUD = "/v1/models/fraud"
MLFLOW = "/api/2.0"
FILE = "config.json"
BLOB = f"/v2/moorage/fraud/blobs/sha256:{sha256(serving.FILES[FILE])}"
# How every route that gives out bytes, or the way to them, is asked, and the code with which its dialect refuses.
ROUTES: dict[str, tuple[Callable[[Caller], Reply], str]] = {
    "manifest by number": (lambda one: one.get(f"{FRAUD}/versions/1/artifacts"), "quarantined"),
    "manifest by alias": (lambda one: one.get(f"{FRAUD}/versions/@champion/artifacts"), "quarantined"),
    "file by number": (lambda one: one.get(f"{FRAUD}/versions/1/artifacts/file", query={"path": FILE}), "quarantined"),
    "file by alias": (lambda one: one.get(f"{FRAUD}/versions/@champion/files/{FILE}"), "quarantined"),
    "head of a file": (lambda one: one.request("HEAD", f"{FRAUD}/versions/1/files/{FILE}"), ""),
    "Hugging Face": (lambda one: one.get(f"/hf/moorage/fraud/resolve/champion/{FILE}"), ""),
    "OCI blob": (lambda one: one.get(BLOB), "DENIED"),
    "MLflow's artifacts": (
        lambda one: one.get(f"{MLFLOW}/mlflow-artifacts/artifacts/{of_version(MODEL, 1)}/{FILE}"),
        "PERMISSION_DENIED",
    ),
    "MLflow's presigned artifacts": (
        lambda one: one.get(f"{MLFLOW}/mlflow-artifacts/presigned/{of_version(MODEL, 1)}/{FILE}"),
        "PERMISSION_DENIED",
    ),
    "MLflow's download address": (
        lambda one: one.get(f"{MLFLOW}/mlflow/model-versions/get-download-uri", query={"name": MODEL, "version": "1"}),
        "PERMISSION_DENIED",
    ),
    "a copy of it": (
        lambda one: one.post(f"{MLFLOW}/mlflow/model-versions/create", {"name": MODEL, "source": f"models:/{MODEL}/1"}),
        "PERMISSION_DENIED",
    ),
}


@pytest.fixture
def caller(registry: Services) -> Caller:
    """Somebody with all rights but to override. ``fraud`` has a champion."""
    serving.champion(registry)
    return serving.as_role(Role.MAINTAINER)


def release(registry: Services) -> None:
    until = later(registry.clock(), timedelta(hours=1))
    scans.release(registry, request(), MODEL, "1", "incident 7", until)


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_gives_out_bytes_in_quarantine_and_each_does_after_a_release(
    registry: Services, caller: Caller, route: str
) -> None:
    send, code = ROUTES[route]
    quarantined(registry, 1)
    refused = send(caller)
    assert refused.status == 403
    assert code in refused.text
    release(registry)
    assert send(caller).status in (200, 302, 307)


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_gives_out_bytes_while_the_first_scan_is_pending(
    registry: Services, caller: Caller, route: str
) -> None:
    send, _ = ROUTES[route]
    quarantined(registry, 1)
    ask(registry)
    refused = send(caller)
    # MLflow's clients wait by themselves after a 429.
    assert refused.status == (429 if "MLflow" in route or "copy" in route else 409)
    assert refused.headers["Retry-After"] == "5"
    finish(registry, Verdict.CLEAN)
    assert send(caller).status in (200, 302, 307)


@pytest.mark.parametrize("route", [route for route in ROUTES if "MLflow's" not in route and "copy" not in route])
def test_what_gives_out_bytes_says_what_the_scan_found(registry: Services, caller: Caller, route: str) -> None:
    ask(registry)
    finish(registry, Verdict.UNSCANNED)
    assert ROUTES[route][0](caller).headers["X-Moorage-Verdict"] == "unscanned"


def test_the_dialects_show_the_verdict_beside_the_metadata(registry: Services, caller: Caller) -> None:
    plain = caller.get("/v2/moorage/fraud/manifests/champion")
    quarantined(registry, 1, verdict=Verdict.REVIEW)
    info = caller.get("/hf/api/models/moorage/fraud/revision/champion")
    assert (info.document["tags"], info.headers["X-Moorage-Verdict"]) == (["moorage.verdict:review"], "review")
    manifest = caller.get("/v2/moorage/fraud/manifests/champion")
    # What names a manifest is its digest, which a scan must not change.
    assert manifest.text == plain.text and manifest.headers["X-Moorage-Verdict"] == "review"
    found = caller.get(f"{MLFLOW}/mlflow/model-versions/get", query={"name": MODEL, "version": "1"}).document
    assert {"key": "moorage.verdict", "value": "review"} in found["model_version"]["tags"]
    assert found["model_version"]["status"] == "READY"


def test_mlflows_clients_wait_for_a_version_whose_first_scan_is_pending(registry: Services, caller: Caller) -> None:
    def status() -> str:
        found = caller.get(f"{MLFLOW}/mlflow/model-versions/get", query={"name": MODEL, "version": "1"})
        status: str = found.document["model_version"]["status"]
        return status

    ask(registry)
    assert status() == "READY", "it was registered before, and is open"
    finish(registry, Verdict.UNSAFE)
    ask(registry)
    assert status() == "PENDING_REGISTRATION"
    finish(registry, Verdict.CLEAN)
    assert status() == "READY"


def test_a_version_in_quarantine_enters_no_stage_that_asks_for_more(registry: Services, caller: Caller) -> None:
    quarantined(registry, 1)
    refused = caller.post(f"{FRAUD}/versions/1/transitions", {"to_stage": "production"})
    assert (refused.status, refused.code) == (409, "version_quarantined")
    overridden = serving.as_role(Role.ADMIN).post(
        f"{FRAUD}/versions/1/override", {"to_stage": "production", "reason": "incident 7"}
    )
    assert overridden.code == "version_quarantined"
    blockers = caller.get(f"{FRAUD}/versions/1/transitions/production").document["blockers"]
    assert any("in quarantine" in blocker for blocker in blockers)
    assert caller.post(f"{FRAUD}/versions/1/transitions", {"to_stage": "archived"}).status == 200
    release(registry)
    assert caller.post(f"{FRAUD}/versions/1/transitions", {"to_stage": "staging"}).status == 200


def test_a_stage_may_take_versions_in_quarantine(registry: Services, caller: Caller) -> None:
    scheme = {
        "initial": "draft",
        "archive": "gone",
        "stages": [{"name": "draft"}, {"name": "sandbox", "quarantined": True}, {"name": "live"}, {"name": "gone"}],
        "transitions": [
            {"from": "draft", "to": "sandbox"},
            {"from": ["draft", "sandbox"], "to": "live"},
            {"from": "live", "to": "gone"},
        ],
    }
    admin = serving.as_role(Role.ADMIN)
    assert admin.put("/v1/schemes/own", scheme).status in (200, 201)
    build.model(registry, "churn")
    assert admin.put("/v1/models/churn/scheme", {"scheme": "own"}).status == 200
    build.ready(registry, "churn")
    quarantined(registry, 1, "churn")
    move = "/v1/models/churn/versions/1/transitions"
    assert admin.post(move, {"to_stage": "live"}).code == "version_quarantined"
    assert admin.post(move, {"to_stage": "sandbox"}).status == 200


def test_a_stage_is_not_rolled_back_to_a_version_in_quarantine(registry: Services, caller: Caller) -> None:
    build.ready(registry)
    for number in (1, 2):
        moved = caller.post(f"{FRAUD}/versions/{number}/transitions", {"to_stage": "production"})
        assert moved.status == 200, moved.text
    quarantined(registry, 1)
    refused = caller.post(f"{FRAUD}/stages/production/rollback", {})
    assert (refused.status, refused.code) == (409, "version_quarantined")


def test_a_protected_alias_refuses_a_version_in_quarantine_and_others_take_it(
    registry: Services, caller: Caller
) -> None:
    build.ready(registry)
    quarantined(registry, 2)
    assert caller.put(f"{FRAUD}/aliases/champion", {"version": 2}).status == 200
    assert caller.post(f"{FRAUD}/aliases/champion/rollback", {}).status == 200
    assert caller.put(f"{FRAUD}/aliases/champion", {"version": 2}).status == 200
    assert caller.put(f"{FRAUD}/aliases/champion", {"version": 1}).status == 200
    assert caller.put(f"{FRAUD}/aliases/champion/protection", {"protected": True}).status == 200
    assert caller.put(f"{FRAUD}/aliases/champion", {"version": 2}).code == "version_quarantined"
    assert caller.post(f"{FRAUD}/aliases/champion/rollback", {"version": 2}).code == "version_quarantined"
    caller.put(f"{FRAUD}/challenger", {"version": 2})
    assert caller.post(f"{FRAUD}/challenger/promote", {}).code == "version_quarantined"


def test_a_promotion_rule_waits_for_the_scan_and_moves_the_version_then(registry: Services, caller: Caller) -> None:
    rule = {"metric": "auc", "to_stage": "production", "at_least": 0.5}
    assert caller.put(f"{FRAUD}/promotion-rule", rule).status == 200
    build.ready(registry, metrics={"auc": 0.9})
    ask(registry, 2)
    quarantined(registry, 2)
    ask(registry, 2)

    def judged(event_type: str) -> list[str]:
        event = {"id": f"e-{event_type}", "type": event_type, "model": MODEL, "version": 2}
        return [judgement.reason for judgement in judge_event(registry, event)]

    assert "is being scanned" in judged("version.ready")[0]
    assert model_head(registry, MODEL).stages.get("production", Pointer()).version is None
    finish(registry, Verdict.CLEAN, 2)
    judged("scan.finished")
    assert model_head(registry, MODEL).stages["production"].version == 2
