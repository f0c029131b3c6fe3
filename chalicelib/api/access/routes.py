"""Roles, grants, trust, and who may do what, over HTTP."""

from typing import TYPE_CHECKING, Any

from chalicelib import registry
from chalicelib.api.access.schemas import (
    AccessPathView,
    GrantsQuery,
    RoleView,
    SetGrants,
    SetRole,
    SetTrust,
    SubjectGrantsView,
    TrustView,
    WhoMay,
    granted,
)
from chalicelib.api.call import Answer, Call, changed, gone
from chalicelib.api.document import ItemsView, PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.domain.access import grant_decisions as grants_documents
from chalicelib.domain.access import roles as role_documents
from chalicelib.domain.access import trust_decisions as trust_documents
from chalicelib.domain.access.grant_decisions import SubjectGrants
from chalicelib.domain.access.principal import ROLE_ACTIONS, Action, Role, is_built_in
from chalicelib.domain.access.roles import CustomRole
from chalicelib.domain.access.trust import Trust

if TYPE_CHECKING:
    from chalicelib.registry.access.access import AccessPath

routes = Routes("access")


@routes.get("/v1/roles", Action.ADMINISTER, answers={200: ItemsView[RoleView]})
def list_roles(call: Call) -> Answer:
    """List the roles: the built-in ones, then the custom ones by name."""
    custom = [_role(role) for role in registry.access.roles.list_roles(call.services)]
    return Answer({"items": [*(_built_in(role) for role in Role), *custom]})


@routes.get("/v1/roles/{role}", Action.ADMINISTER, answers={200: RoleView})
def get_role(call: Call, role: str) -> Answer:
    """Show a role and what it allows."""
    if is_built_in(role):
        return Answer(_built_in(Role(role)))
    found = registry.access.roles.get_role(call.services, role)
    return Answer(_role(found), revision=found.revision)


@routes.put("/v1/roles/{role}", Action.ADMINISTER, answers={200: RoleView})
def set_role(call: Call, role: str, body: SetRole) -> Answer:
    """Make a custom role, or change what it allows."""
    made = registry.access.roles.set_role(call.services, call.change(), role, body.actions, body.description)
    return changed(made, _role, lambda result: result.revision)


@routes.delete("/v1/roles/{role}", Action.ADMINISTER, answers={204: None})
def delete_role(call: Call, role: str) -> Answer:
    """Delete a custom role that no token, grant or trust names."""
    return gone(registry.access.roles.delete_role(call.services, call.change(), role))


@routes.get("/v1/grants", Action.ADMINISTER, answers={200: PageView[SubjectGrantsView]})
def list_grants(call: Call, query: GrantsQuery) -> Answer:
    """List who was granted what; with subject, of one principal or group."""
    page = registry.access.grants.list_grants(call.services, query.limit, call.start(query), query.subject)
    return call.listing(page, grants_documents.public_document)


@routes.put("/v1/grants", Action.ADMINISTER, answers={200: SubjectGrantsView})
def set_grants(call: Call, body: SetGrants) -> Answer:
    """Give a principal or group just these grants."""
    made = registry.access.grants.set_grants(call.services, call.change(), body.subject, granted(body.grants))
    return changed(made, grants_documents.public_document, _grants_revision)


@routes.get("/v1/grants/{grant}", Action.ADMINISTER, answers={200: SubjectGrantsView})
def get_grants(call: Call, grant: str) -> Answer:
    """Show the grants of a principal or group."""
    found = registry.access.grants.get_grants(call.services, grant)
    return Answer(grants_documents.public_document(found), revision=found.revision)


@routes.delete("/v1/grants/{grant}", Action.ADMINISTER, answers={204: None})
def delete_grants(call: Call, grant: str) -> Answer:
    """Take all grants of a principal or group away."""
    return gone(registry.access.grants.delete_grants(call.services, call.change(), grant))


@routes.get("/v1/trust", Action.ADMINISTER, answers={200: PageView[TrustView]})
def list_trusts(call: Call, query: Paging) -> Answer:
    """List whom the registry trusts, by name."""
    page = registry.access.trusts.list_trusts(call.services, query.limit, call.start(query))
    return call.listing(page, trust_documents.public_document)


@routes.get("/v1/trust/{trust}", Action.ADMINISTER, answers={200: TrustView})
def get_trust(call: Call, trust: str) -> Answer:
    """Show a trust."""
    found = registry.access.trusts.get_trust(call.services, trust)
    return Answer(trust_documents.public_document(found), revision=found.revision)


@routes.put("/v1/trust/{trust}", Action.ADMINISTER, answers={200: TrustView})
def set_trust(call: Call, trust: str, body: SetTrust) -> Answer:
    """Trust an OIDC issuer's tokens, or AWS principals, on conditions."""
    made = registry.access.trusts.set_trust(call.services, call.change(), trust, body.terms(), granted(body.grants))
    return changed(made, trust_documents.public_document, _trust_revision)


@routes.delete("/v1/trust/{trust}", Action.ADMINISTER, answers={204: None})
def delete_trust(call: Call, trust: str) -> Answer:
    """Trust no longer."""
    return gone(registry.access.trusts.delete_trust(call.services, call.change(), trust))


@routes.get("/v1/access", Action.ADMINISTER, answers={200: PageView[AccessPathView]})
def who_may(call: Call, query: WhoMay) -> Answer:
    """Show who may do something, and through which grant."""
    page = registry.access.access.who_may(call.services, query.action, query.model, query.limit, call.start(query))
    return call.listing(page, _access_path)


def _grants_revision(held: SubjectGrants) -> int:
    return held.revision


def _trust_revision(trust: Trust) -> int:
    return trust.revision


def _role(role: CustomRole) -> dict[str, Any]:
    return {**role_documents.public_document(role), "built_in": False}


def _built_in(role: Role) -> dict[str, Any]:
    return {
        "name": role.value,
        "built_in": True,
        "actions": sorted(action.value for action in ROLE_ACTIONS[role]),
        "description": "",
        "created_at": None,
        "created_by": None,
        "updated_at": None,
    }


def _access_path(path: "AccessPath") -> dict[str, Any]:
    return {
        "source": path.kind,
        "id": path.id,
        "principal": path.principal,
        "groups": list(path.groups),
        "role": str(path.grant.role),
        "models": path.grant.models,
        "expires_at": path.until,
    }
