"""Freezes, locks, legal holds, deleted versions and retention over HTTP."""

from datetime import timedelta

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.registry.lifecycle.sweep import sweep_due
from tests.api import journey
from tests.api.gateway import Caller, granted

MODEL = "/v1/models/fraud"
VERSION = f"{MODEL}/versions/1"
WHY = {"reason": "incident 42"}


@pytest.fixture
def ready(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


@pytest.mark.usefixtures("ready")
def test_a_frozen_model_moves_nothing_until_the_freeze_is_lifted(admin: Caller) -> None:
    frozen = admin.put(f"{MODEL}/freeze", WHY)
    assert frozen.status == 200 and frozen.document["reason"] == "incident 42"
    assert admin.get(MODEL).document["frozen"] == frozen.document
    refused = admin.post(f"{VERSION}/transitions", {"to_stage": "staging"})
    assert (refused.status, refused.document["code"]) == (409, "model_frozen")
    assert "incident 42" in refused.document["detail"]
    assert admin.put(f"{MODEL}/aliases/champion", {"version": 1}).document["code"] == "model_frozen"
    assert admin.delete(f"{MODEL}/freeze").status == 204
    assert admin.post(f"{VERSION}/transitions", {"to_stage": "staging"}).status == 200
    assert admin.get(MODEL).document["frozen"] is None


@pytest.mark.usefixtures("ready")
def test_a_frozen_model_can_be_rolled_back(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    for number in (1, 2):
        admin.put(f"{MODEL}/aliases/champion", {"version": number})
        admin.post(f"{MODEL}/versions/{number}/transitions", {"to_stage": "production"})
    admin.put(f"{MODEL}/freeze", WHY)
    assert admin.delete(f"{MODEL}/aliases/champion").document["code"] == "model_frozen"
    assert admin.post(f"{MODEL}/aliases/champion/rollback").document["version"] == 1
    assert admin.post(f"{MODEL}/stages/production/rollback").document["number"] == 1


@pytest.mark.usefixtures("ready")
def test_nothing_about_a_locked_version_changes(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    admin.post(f"{VERSION}/transitions", {"to_stage": "production"})
    admin.put(f"{MODEL}/aliases/champion", {"version": 1})
    locked = admin.put(f"{VERSION}/lock", WHY)
    assert admin.get(VERSION).document["locked"] == locked.document
    assert admin.get(f"{MODEL}/versions/@champion").document["locked"] == locked.document
    attempts = [
        admin.patch(VERSION, {"description": "better"}),
        admin.post(f"{VERSION}/transitions", {"to_stage": "archived"}),
        admin.post(f"{MODEL}/versions/2/transitions", {"to_stage": "production"}),
        admin.put(f"{MODEL}/aliases/champion", {"version": 2}),
        admin.put(f"{MODEL}/aliases/other", {"version": 1}),
        admin.delete(f"{MODEL}/aliases/champion"),
        admin.delete(VERSION),
    ]
    assert {reply.document["code"] for reply in attempts} == {"version_locked"}
    assert admin.delete(f"{VERSION}/lock").status == 204
    assert admin.put(f"{MODEL}/aliases/champion", {"version": 2}).status == 200


@pytest.mark.usefixtures("ready")
def test_a_held_version_is_not_deleted_and_a_deleted_one_can_be_held(admin: Caller) -> None:
    held = admin.put(f"{VERSION}/hold", WHY)
    assert admin.get(VERSION).document["legal_hold"] == held.document
    refused = admin.delete(VERSION)
    assert (refused.status, refused.document["code"]) == (409, "version_held")
    assert admin.delete(f"{VERSION}/hold").status == 204
    assert admin.delete(VERSION).status == 204
    held = admin.put(f"{VERSION}/hold", WHY)
    assert held.status == 200
    assert admin.get(f"{MODEL}/deleted-versions").document["items"][0]["legal_hold"] == held.document


@pytest.mark.usefixtures("ready")
def test_holding_needs_more_than_the_maintainers_role(admin: Caller) -> None:
    maintainer = granted(admin, "maintainer", "*")
    assert maintainer.put(f"{VERSION}/hold", WHY).status == 403
    assert maintainer.put(f"{VERSION}/lock", WHY).status == 200


@pytest.mark.usefixtures("ready")
def test_a_deleted_version_is_listed_and_comes_back(admin: Caller, registry: Services) -> None:
    admin.post(f"{VERSION}/transitions", {"to_stage": "archived"})
    admin.delete(VERSION)
    listed = admin.get(f"{MODEL}/deleted-versions").document["items"][0]
    assert (listed["number"], listed["status"], listed["receipt"]) == (1, "DELETED", None)
    assert listed["purge_at"] == later(listed["deleted_at"], registry.settings.deleted_retention)
    restored = admin.post(f"{VERSION}/restore", {"reason": "still needed"})
    assert restored.status == 200
    assert (restored.document["status"], restored.document["stage"]) == ("READY", "archived")
    assert admin.get(f"{MODEL}/deleted-versions").document["items"] == []
    assert admin.get(f"{VERSION}/artifacts").status == 200
    assert admin.post(f"{VERSION}/restore").status == 200, "restoring a version that is not deleted changes nothing"
    assert admin.get(MODEL).document["versions"] == 1


@pytest.mark.usefixtures("ready")
def test_a_purged_version_has_a_receipt_and_cannot_be_restored(
    admin: Caller, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = admin.get(VERSION).document["digest"]
    admin.delete(VERSION)
    now = later(registry.clock(), timedelta(days=31))
    monkeypatch.setattr(registry, "clock", lambda: now)
    assert sweep_due(registry, "r") == 1
    listed = admin.get(f"{MODEL}/deleted-versions").document["items"][0]
    assert listed["status"] == "PURGED"
    assert listed["receipt"] == {
        "verified_at": now,
        "object_versions_deleted": 1,
        "bytes_deleted": len(journey.CONTENT),
        "digest": digest,
    }
    for attempt in (admin.post(f"{VERSION}/restore"), admin.put(f"{VERSION}/hold", WHY)):
        assert (attempt.status, attempt.document["code"]) == (409, "version_gone")


@pytest.mark.usefixtures("ready")
def test_the_preview_of_a_rule_names_what_it_would_delete(
    admin: Caller, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert admin.get(f"{MODEL}/retention").document["code"] == "retention_rule_not_found"
    assert admin.put(f"{MODEL}/retention", {"keep_last": 3}).status == 400
    rule = {"never_promoted_after_days": 30, "archived_after_days": None, "keep_last": 0}
    assert admin.put(f"{MODEL}/retention", rule).document == rule
    assert admin.get(MODEL).document["retention"] == rule
    assert admin.get(f"{MODEL}/retention/preview").document["items"] == []
    now = later(registry.clock(), timedelta(days=31))
    monkeypatch.setattr(registry, "clock", lambda: now)
    found = admin.get(f"{MODEL}/retention/preview").document["items"]
    assert [(one["version"], one["clause"]) for one in found] == [(1, "never_promoted")]
    assert admin.get(VERSION).status == 200, "a preview deletes nothing"
    assert admin.delete(f"{MODEL}/retention").status == 204
