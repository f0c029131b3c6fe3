"""Roles, grants, trust, tokens and AWS identities over HTTP: who may do what, from when, until when."""

import json
from typing import Any

import pytest

from chalicelib.api.caller import MAX_CONTEXT, from_context, to_context
from chalicelib.aws import keys
from chalicelib.aws.names import AUTHORIZER_TTL_SECONDS
from chalicelib.aws.services import MEMORY_SECONDS, Services
from chalicelib.domain.access.principal import Action, Grant, Principal, Role
from chalicelib.domain.errors import TooManyGrantsError, UnauthenticatedError
from chalicelib.domain.instants import later
from chalicelib.registry.access.authentication import LAST_USED_EVERY, authenticate
from tests.api import journey
from tests.api.gateway import Caller, Function, Reply, client
from tests.registry.access.issuer import unsigned

ARN = "arn:aws:iam::123456789012:role/deploy"
SESSION = "arn:aws:sts::123456789012:assumed-role/deploy/run-7"
VIEWER = [{"role": "viewer", "models": "*"}]
ADMIN = [{"role": "admin", "models": "*"}]


def iam(arn: str | None = SESSION, stage: str = "iam") -> Function:
    return Function(None, stage=stage, identity={"userArn": arn, "sourceIp": "203.0.113.9"})


def ok(reply: Reply) -> Any:
    assert reply.status in (200, 201), reply.text
    return reply.document


def token(admin: Caller, name: str, grants: object = VIEWER, **more: Any) -> tuple[str, Caller]:
    made = ok(admin.post("/v1/tokens", {"name": name, "grants": grants, **more}))
    return made["id"], Caller(made["token"])


def test_a_custom_role_is_made_granted_changed_and_taken_away(admin: Caller) -> None:
    journey.model(admin)
    made = ok(admin.put("/v1/roles/curator", {"actions": ["annotate", "read"], "description": "keeps the records"}))
    assert made["actions"] == ["annotate", "read"] and made["built_in"] is False
    _, caller = token(admin, "c", [{"role": "curator", "models": "fraud"}])
    assert caller.get("/v1/models/fraud").status == 200
    ok(admin.put("/v1/roles/curator", {"actions": ["annotate"]}))
    assert caller.get("/v1/models/fraud").status == 403
    assert admin.delete("/v1/roles/curator").code == "role_in_use"
    assert admin.get("/v1/roles/curator").document["actions"] == ["annotate"]


def test_built_in_roles_are_listed_and_fixed(admin: Caller) -> None:
    listed = ok(admin.get("/v1/roles"))["items"]
    assert [role["name"] for role in listed] == [role.value for role in Role]
    assert ok(admin.get("/v1/roles/viewer"))["actions"] == ["read"]
    assert admin.put("/v1/roles/admin", {"actions": ["read"]}).code == "built_in_role"
    assert admin.delete("/v1/roles/admin").code == "built_in_role"
    assert admin.put("/v1/roles/x", {"actions": ["fly"]}).code == "invalid_input"
    assert admin.get("/v1/roles/none").code == "role_not_found"


def test_a_role_is_free_again_when_its_tokens_are_revoked(admin: Caller) -> None:
    ok(admin.put("/v1/roles/curator", {"actions": ["read"]}))
    token_id, _ = token(admin, "c", [{"role": "curator", "models": "*"}])
    assert admin.delete(f"/v1/tokens/{token_id}").status == 204
    assert admin.delete("/v1/roles/curator").status == 204
    assert admin.post("/v1/tokens", {"name": "d", "grants": [{"role": "curator", "models": "*"}]}).status == 400


def test_grants_of_a_principal_and_of_its_groups_add_up(admin: Caller) -> None:
    journey.model(admin, "fraud")
    journey.model(admin, "credit")
    _, caller = token(admin, "ci", [{"role": "viewer", "models": "fraud"}], groups=["risk"])
    assert caller.get("/v1/models/credit").status == 403
    given = ok(admin.put("/v1/grants", {"subject": "group:risk", "grants": [{"role": "viewer", "models": "credit"}]}))
    ok(admin.put("/v1/grants", {"subject": "token:ci", "grants": [{"role": "maintainer", "models": "credit"}]}))
    assert caller.patch("/v1/models/credit", {"owner": "risk"}).status == 200
    assert caller.patch("/v1/models/fraud", {"owner": "risk"}).status == 403
    shown = ok(caller.get("/v1/whoami"))
    assert shown["groups"] == ["risk"] and [grant["role"] for grant in shown["grants"]] == [
        "viewer",
        "maintainer",
        "viewer",
    ]
    (found,) = ok(admin.get("/v1/grants", query={"subject": "group:risk"}))["items"]
    assert found == given == ok(admin.get(f"/v1/grants/{given['id']}"))
    assert admin.delete(f"/v1/grants/{given['id']}").status == 204
    assert admin.get(f"/v1/grants/{given['id']}").code == "grant_not_found"


@pytest.mark.parametrize("subject", ["ada", "user:ada", "group:", "oidc:ci", "token: ", "group:a\nb"])
def test_a_grant_is_for_somebody_who_can_be_named(admin: Caller, subject: str) -> None:
    assert admin.put("/v1/grants", {"subject": subject, "grants": VIEWER}).code == "invalid_name"


def test_a_rotated_token_has_a_new_secret_and_the_old_one_a_grace(
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


def test_the_last_administrator_stays(admin: Caller) -> None:
    token_id, ada = token(admin, "ada", ADMIN)
    assert ada.delete(f"/v1/tokens/{token_id}").code == "last_administrator"
    given = ok(ada.put("/v1/grants", {"subject": "group:admins", "grants": ADMIN}))
    _, bob = token(admin, "bob", VIEWER, groups=["admins"])
    assert bob.delete(f"/v1/tokens/{token_id}").status == 204
    assert bob.delete(f"/v1/grants/{given['id']}").code == "last_administrator"
    weaker = {"subject": "group:admins", "grants": VIEWER}
    assert bob.put("/v1/grants", weaker).code == "last_administrator"
    ok(admin.put("/v1/grants", weaker))
    assert bob.get("/v1/tokens").status == 403


def test_a_role_that_makes_the_last_administrator_keeps_that(admin: Caller) -> None:
    ok(admin.put("/v1/roles/keeper", {"actions": ["administer"]}))
    _, caller = token(admin, "k", [{"role": "keeper", "models": "*"}])
    assert caller.put("/v1/roles/keeper", {"actions": ["read"]}).code == "last_administrator"


def test_who_may_names_every_way(admin: Caller) -> None:
    ok(admin.put("/v1/roles/curator", {"actions": ["annotate"]}))
    token_id, _ = token(admin, "ci", [{"role": "contributor", "models": "fraud*"}], groups=["risk"])
    revoked, _ = token(admin, "old", ADMIN)
    admin.delete(f"/v1/tokens/{revoked}")
    token(admin, "reader")
    given = ok(admin.put("/v1/grants", {"subject": "group:risk", "grants": [{"role": "curator", "models": "*"}]}))
    ok(admin.put("/v1/trust/aws", {"kind": "iam", "arns": [ARN], "grants": [{"role": "curator", "models": "fr*"}]}))
    ways: list[Any] = []
    cursor: str | None = None
    while True:
        query = {"action": "annotate", "model": "fraud-eu", "limit": 1} | ({"cursor": cursor} if cursor else {})
        page = ok(admin.get("/v1/access", query=query))
        ways += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [(way["source"], way["id"], way["principal"], way["role"]) for way in ways] == [
        ("bootstrap", "bootstrap", "token:bootstrap", "admin"),
        ("token", token_id, "token:ci", "contributor"),
        ("grant", given["id"], "group:risk", "curator"),
        ("trust", "aws", f"iam:{ARN}", "curator"),
    ]
    assert ways[1]["groups"] == ["group:risk"] and ways[1]["expires_at"]
    everywhere = ok(admin.get("/v1/access", query={"action": "administer", "model": "*"}))["items"]
    assert [way["principal"] for way in everywhere] == ["token:bootstrap"]


def test_a_pattern_that_matches_every_name_is_not_the_registry_as_a_whole(admin: Caller) -> None:
    _, caller = token(admin, "wide", [{"role": "admin", "models": "**"}])
    assert caller.get("/v1/tokens").status == 403
    everywhere = ok(admin.get("/v1/access", query={"action": "administer", "model": "*"}))["items"]
    assert [way["principal"] for way in everywhere] == ["token:bootstrap"]


def test_an_aws_principal_gets_what_its_trust_gives(admin: Caller) -> None:
    journey.model(admin)
    assert iam().get("/v1/whoami").code == "unauthenticated"
    ok(admin.put("/v1/trust/aws", {"kind": "iam", "arns": [ARN], "grants": [{"role": "viewer", "models": "fr*"}]}))
    caller = iam("arn:aws:sts::123456789012:assumed-role/deploy/run-8")
    # The process remembers that nobody was trusted, but never that somebody was not.
    with pytest.MonkeyPatch.context() as patch:
        _forget(patch)
        assert caller.get("/v1/whoami").document["principal"] == f"iam:{ARN}"
        assert caller.get("/v1/models/fraud").status == 200
        assert caller.patch("/v1/models/fraud", {"owner": "x"}).status == 403
        assert iam("arn:aws:iam::999999999999:role/deploy").get("/v1/whoami").status == 401


def _forget(patch: pytest.MonkeyPatch) -> None:
    from chalicelib.aws.services import services

    at = services().monotonic() + MEMORY_SECONDS + 1
    patch.setattr(services(), "monotonic", lambda: at)


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


def test_trust_of_either_kind_is_set_shown_and_ended(admin: Caller) -> None:
    oidc = {
        "kind": "oidc",
        "issuer": "https://token.actions.githubusercontent.com",
        "audience": "moorage",
        "conditions": {"sub": ["repo:acme/fraud:ref:refs/heads/main"]},
        "grants": VIEWER,
    }
    made = admin.put("/v1/trust/github", oidc)
    assert ok(made)["algorithms"] == ["RS256", "ES256"]
    assert admin.put("/v1/trust/github", oidc, headers={"If-Match": '"99"'}).code == "precondition_failed"
    assert ok(admin.get("/v1/trust/github")) == made.document
    assert [trust["name"] for trust in ok(admin.get("/v1/trust"))["items"]] == ["github"]
    assert admin.delete("/v1/trust/github").status == 204
    assert admin.get("/v1/trust/github").code == "trust_not_found"
    for wrong in ({"algorithms": ["HS256"]}, {"arns": [ARN]}, {"issuer": None}, {"issuer": "http://10.0.0.1"}):
        assert admin.put("/v1/trust/github", {**oidc, **wrong}).code == "invalid_input"


def test_more_grants_than_the_authorizer_can_hand_over_are_refused_by_name() -> None:
    many = Principal("token:x", tuple(Grant(Role.VIEWER, f"{number:04d}" + "x" * 200) for number in range(60)))
    context = to_context(many)
    assert len(json.dumps(context)) < MAX_CONTEXT
    with pytest.raises(TooManyGrantsError):
        from_context(context)
    reply = Function(many).get("/v1/models")
    assert (reply.status, reply.code) == (403, "too_many_grants")


def test_the_context_carries_a_principal_whole() -> None:
    grants = (Grant("curator", "fr*"), Grant(Role.VIEWER, "ünï*"))
    principal = Principal("oidc:ci:x", grants, ("risk",), {"curator": frozenset({Action.READ, Action.ANNOTATE})})
    assert from_context(to_context(principal)) == principal


@pytest.mark.parametrize("context", [None, {}, {"principal": "token:x"}, {"principal": "token:x", "grants": "[]"}])
def test_an_incomplete_context_vouches_for_nobody(context: Any) -> None:
    with pytest.raises(UnauthenticatedError):
        from_context(context)


def test_a_refused_credential_is_logged_by_reason_and_never_shown(
    admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    token_id, _ = token(admin, "ci")
    capsys.readouterr()
    forged = f"moor_{token_id}_{'f' * 64}"
    assert Caller(forged).get("/v1/whoami").status == 401
    assert iam().get("/v1/whoami").status == 401
    printed = capsys.readouterr().out
    lines = [json.loads(line) for line in printed.splitlines()]
    failed = [line for line in lines if line["log"] == "authentication_failed"]
    assert failed[0] == {"log": "authentication_failed", "reason": "wrong_secret", "token": token_id}
    assert failed[1]["reason"] == "untrusted_arn" and failed[1]["arn"] == ARN and failed[1]["ip"] == "203.0.113.9"
    assert "f" * 64 not in printed


def test_an_issuer_in_characters_that_no_text_has_is_refused_as_any_other(
    admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = Caller(unsigned({"alg": "RS256", "kid": "k"}, {"iss": "\ud800"}))
    assert stranger.get("/v1/whoami").status == 401
    assert json.loads(capsys.readouterr().out)["reason"] == "unknown_issuer"


def test_a_name_cannot_write_into_the_access_log(admin: Caller) -> None:
    """API Gateway puts the principal's id into a line of JSON as it is."""
    name = 'x","status":"200","a":"\\'
    made = ok(admin.post("/v1/tokens", {"name": name, "grants": VIEWER}))
    event = {
        "type": "TOKEN",
        "authorizationToken": f"Bearer {made['token']}",
        "methodArn": "arn:aws:execute-api:eu-central-1:123456789012:api/stage/GET/v1/whoami",
    }
    answer = client().lambda_.invoke("authorizer", event).payload
    assert json.loads(f'{{"principal":"{answer["principalId"]}"}}') == {"principal": f"token:{name}"}
    assert answer["context"]["principal"] == f"token:{name}"


def test_a_revocation_is_in_force_everywhere_within_a_minute() -> None:
    # By token or JWT: the gateway's cache of what the authorizer said, and what the authorizer's process remembers
    # (trust, the bootstrap secret). By AWS signature: the trust and the principal that the API's process remembers.
    assert AUTHORIZER_TTL_SECONDS + MEMORY_SECONDS < 60
    assert MEMORY_SECONDS + MEMORY_SECONDS < 60


def test_revocation_goes_through_every_layer(admin: Caller, registry: Services) -> None:
    token_id, caller = token(admin, "ci")
    header = f"Bearer {caller._token}"
    assert authenticate(registry, header).name == "token:ci"
    admin.delete(f"/v1/tokens/{token_id}")
    # The authorizer remembers nothing of registry tokens: the gateway's 30 seconds are all.
    assert caller.get("/v1/whoami").status == 401
    ok(admin.put("/v1/trust/aws", {"kind": "iam", "arns": [ARN], "grants": VIEWER}))
    assert iam().get("/v1/whoami").status == 200
    admin.delete("/v1/trust/aws")
    assert iam().get("/v1/whoami").status == 200, "remembered"
    with pytest.MonkeyPatch.context() as patch:
        _forget(patch)
        assert iam().get("/v1/whoami").status == 401


def test_a_secret_of_the_bootstrap_administrator_that_was_replaced_ends(admin: Caller, registry: Services) -> None:
    assert admin.get("/v1/whoami").status == 200
    registry.client("secretsmanager").put_secret_value(SecretId=registry.settings.admin_secret, SecretString="new" * 20)
    with pytest.MonkeyPatch.context() as patch:
        _forget(patch)
        assert admin.get("/v1/whoami").status == 401
