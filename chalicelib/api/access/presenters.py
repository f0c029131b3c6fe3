"""Roles, grants, trust and tokens as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.access import grant_decisions, roles, token_decisions, trust_decisions
from chalicelib.domain.access.principal import ROLE_ACTIONS, grant_document

if TYPE_CHECKING:
    from chalicelib.domain.access.grant_decisions import SubjectGrants
    from chalicelib.domain.access.principal import Principal, Role
    from chalicelib.domain.access.roles import CustomRole
    from chalicelib.domain.access.trust import Trust
    from chalicelib.registry.access.access import AccessPath
    from chalicelib.registry.access.tokens import CreatedToken, SeenToken


def role_document(role: CustomRole) -> dict[str, Any]:
    return {**roles.public_document(role), "built_in": False}


def built_in_role_document(role: Role) -> dict[str, Any]:
    return {
        "name": role.value,
        "built_in": True,
        "actions": sorted(action.value for action in ROLE_ACTIONS[role]),
        "description": "",
        "created_at": None,
        "created_by": None,
        "updated_at": None,
    }


def grants_document(grants: SubjectGrants) -> dict[str, Any]:
    return grant_decisions.public_document(grants)


def trust_document(trust: Trust) -> dict[str, Any]:
    return trust_decisions.public_document(trust)


def access_path_document(path: AccessPath) -> dict[str, Any]:
    return {
        "source": path.kind,
        "id": path.id,
        "principal": path.principal,
        "groups": list(path.groups),
        **grant_document(path.grant),
        "expires_at": path.until,
    }


def seen_token_document(seen: SeenToken) -> dict[str, Any]:
    return {**token_decisions.public_document(seen.token), "last_used_at": seen.last_used_at}


def created_token_document(created: CreatedToken) -> dict[str, Any]:
    return {**token_decisions.public_document(created.token), "token": created.plain}


def principal_document(principal: Principal) -> dict[str, Any]:
    return {
        "principal": principal.name,
        "groups": list(principal.groups),
        "grants": [
            {**grant_document(grant), "actions": sorted(principal.actions(grant))} for grant in principal.grants
        ],
    }
