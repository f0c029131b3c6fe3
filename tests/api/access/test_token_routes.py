"""Registry tokens over HTTP."""

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.registry.access.authentication import LAST_USED_EVERY
from tests.api.callers import ok, token
from tests.api.gateway import Caller, granted


def test_a_token_is_shown_once(admin: Caller) -> None:
    body = {"name": "ci", "grants": [{"role": "viewer", "models": "*"}]}
    first = admin.post("/v1/tokens", body, key="k")
    again = admin.post("/v1/tokens", body, key="k")
    assert first.document["token"].startswith("moor_")
    assert again.document == first.document | {"token": None}


def test_a_revoked_token_stops_working(admin: Caller) -> None:
    someone = granted(admin, "viewer")
    token = admin.get("/v1/tokens").document["items"][0]
    assert "token" not in token
    assert someone.get("/v1/whoami").document["grants"] == [{"role": "viewer", "models": "*", "actions": ["read"]}]
    assert admin.delete(f"/v1/tokens/{token['id']}").status == 204
    assert someone.get("/v1/whoami").status == 401


def test_after_a_rotation_the_old_secret_works_for_a_grace_period(
    admin: Caller, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_id, old = token(admin, "ci")
    new = Caller(ok(admin.post(f"/v1/tokens/{token_id}/rotate", {"grace_seconds": 60}))["token"])
    assert [caller.get("/v1/whoami").status for caller in (old, new)] == [200, 200]
    started = registry.clock()
    monkeypatch.setattr(registry, "clock", lambda: later(started, LAST_USED_EVERY / 59))
    assert [caller.get("/v1/whoami").status for caller in (old, new)] == [401, 200]


def test_rotating_without_grace_ends_every_older_secret(admin: Caller) -> None:
    token_id, first = token(admin, "ci")
    second = Caller(ok(admin.post(f"/v1/tokens/{token_id}/rotate", {"grace_seconds": 86_400}))["token"])
    third = Caller(ok(admin.post(f"/v1/tokens/{token_id}/rotate"))["token"])
    assert [caller.get("/v1/whoami").status for caller in (first, second, third)] == [401, 401, 200]
    assert admin.post(f"/v1/tokens/{token_id}/rotate", {"grace_seconds": 86_401}).code == "invalid_input"
    assert admin.delete(f"/v1/tokens/{token_id}").status == 204
    assert admin.post(f"/v1/tokens/{token_id}/rotate").code == "token_inactive"


def test_a_repeated_rotation_does_not_show_the_secret_again(admin: Caller) -> None:
    token_id, _ = token(admin, "ci")
    first = admin.post(f"/v1/tokens/{token_id}/rotate", {}, key="k")
    again = admin.post(f"/v1/tokens/{token_id}/rotate", {}, key="k")
    assert first.document["token"] and again.document["token"] is None
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Caller(first.document["token"]).get("/v1/whoami").status == 200


def test_the_last_use_of_a_token_is_known_to_within_an_hour(
    admin: Caller, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_id, caller = token(admin, "ci")
    assert ok(admin.get(f"/v1/tokens/{token_id}"))["last_used_at"] is None
    start = registry.clock()
    times = [start, later(start, LAST_USED_EVERY / 2), later(start, LAST_USED_EVERY)]
    seen = []
    for at in times:
        monkeypatch.setattr(registry, "clock", lambda at=at: at)
        caller.get("/v1/whoami")
        seen.append(ok(admin.get(f"/v1/tokens/{token_id}"))["last_used_at"])
    assert seen == [times[0], times[0], times[2]]
    assert ok(admin.get("/v1/tokens"))["items"][0]["last_used_at"] == times[2]
    head = registry.table.get(keys.head("registry"))
    assert head is not None and head["revision"] == 1, "using a token is no change of the registry"
