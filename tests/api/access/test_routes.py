"""Roles, grants, trust, and who may do what, over HTTP."""

from typing import Any

import pytest

from chalicelib.domain.access.principal import Role
from tests.api import journey
from tests.api.callers import ADMIN, ARN, VIEWER, ok, token
from tests.api.gateway import Caller


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
def test_a_grant_needs_a_valid_subject(admin: Caller, subject: str) -> None:
    assert admin.put("/v1/grants", {"subject": subject, "grants": VIEWER}).code == "invalid_name"


def test_the_last_administrator_cannot_be_removed(admin: Caller) -> None:
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


def test_a_role_that_makes_the_last_administrator_keeps_its_action(admin: Caller) -> None:
    ok(admin.put("/v1/roles/keeper", {"actions": ["administer"]}))
    _, caller = token(admin, "k", [{"role": "keeper", "models": "*"}])
    assert caller.put("/v1/roles/keeper", {"actions": ["read"]}).code == "last_administrator"


def test_who_may_names_every_grant_that_allows_the_action(admin: Caller) -> None:
    ok(admin.put("/v1/roles/curator", {"actions": ["annotate"]}))
    token_id, _ = token(admin, "ci", [{"role": "contributor", "models": "fraud*"}], groups=["risk"])
    revoked, _ = token(admin, "old", ADMIN)
    admin.delete(f"/v1/tokens/{revoked}")
    token(admin, "reader")
    given = ok(admin.put("/v1/grants", {"subject": "group:risk", "grants": [{"role": "curator", "models": "*"}]}))
    ok(admin.put("/v1/trust/aws", {"kind": "iam", "arns": [ARN], "grants": [{"role": "curator", "models": "fr*"}]}))
    paths: list[Any] = []
    cursor: str | None = None
    while True:
        query = {"action": "annotate", "model": "fraud-eu", "limit": 1} | ({"cursor": cursor} if cursor else {})
        page = ok(admin.get("/v1/access", query=query))
        paths += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [(path["source"], path["id"], path["principal"], path["role"]) for path in paths] == [
        ("bootstrap", "bootstrap", "token:bootstrap", "admin"),
        ("token", token_id, "token:ci", "contributor"),
        ("grant", given["id"], "group:risk", "curator"),
        ("trust", "aws", f"iam:{ARN}", "curator"),
    ]
    assert paths[1]["groups"] == ["group:risk"] and paths[1]["expires_at"]
    everywhere = ok(admin.get("/v1/access", query={"action": "administer", "model": "*"}))["items"]
    assert [path["principal"] for path in everywhere] == ["token:bootstrap"]


def test_a_pattern_that_matches_every_name_is_not_the_registry_as_a_whole(admin: Caller) -> None:
    _, caller = token(admin, "wide", [{"role": "admin", "models": "**"}])
    assert caller.get("/v1/tokens").status == 403
    everywhere = ok(admin.get("/v1/access", query={"action": "administer", "model": "*"}))["items"]
    assert [path["principal"] for path in everywhere] == ["token:bootstrap"]


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
