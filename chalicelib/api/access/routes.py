"""Roles, grants, trust, and who may do what, over HTTP."""

from chalicelib import registry
from chalicelib.api.access.presenters import (
    access_path_document,
    built_in_role_document,
    grants_document,
    role_document,
    trust_document,
)
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
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.document import ItemsView, PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action, Role, is_built_in

routes = Routes("access")


@routes.get("/v1/roles", Action.ADMINISTER, answers={200: ItemsView[RoleView]})
def list_roles(call: Call) -> Answer:
    """List the roles: the built-in ones, then the custom ones by name."""
    custom = [role_document(role) for role in registry.access.roles.list_roles(call.services)]
    return Answer({"items": [*(built_in_role_document(role) for role in Role), *custom]})


@routes.get("/v1/roles/{role}", Action.ADMINISTER, answers={200: RoleView})
def get_role(call: Call, role: str) -> Answer:
    """Show a role and what it allows."""
    if is_built_in(role):
        return Answer(built_in_role_document(Role(role)))
    found = registry.access.roles.get_role(call.services, role)
    return Answer(role_document(found), revision=found.revision)


@routes.put("/v1/roles/{role}", Action.ADMINISTER, answers={200: RoleView})
def set_role(call: Call, role: str, body: SetRole) -> Answer:
    """Make a custom role, or change what it allows."""
    made = registry.access.roles.set_role(call.services, call.change(), role, body.actions, body.description)
    return changed(made, role_document, revision_of)


@routes.delete("/v1/roles/{role}", Action.ADMINISTER, answers={204: None})
def delete_role(call: Call, role: str) -> Answer:
    """Delete a custom role that no token, grant or trust names."""
    return gone(registry.access.roles.delete_role(call.services, call.change(), role))


@routes.get("/v1/grants", Action.ADMINISTER, answers={200: PageView[SubjectGrantsView]})
def list_grants(call: Call, query: GrantsQuery) -> Answer:
    """List the grants of every principal and group, or of one subject."""
    page = registry.access.grants.list_grants(call.services, query.limit, call.start(query), query.subject)
    return call.listing(page, grants_document)


@routes.put("/v1/grants", Action.ADMINISTER, answers={200: SubjectGrantsView})
def set_grants(call: Call, body: SetGrants) -> Answer:
    """Replace all grants of a principal or group."""
    made = registry.access.grants.set_grants(call.services, call.change(), body.subject, granted(body.grants))
    return changed(made, grants_document, revision_of)


@routes.get("/v1/grants/{grant}", Action.ADMINISTER, answers={200: SubjectGrantsView})
def get_grants(call: Call, grant: str) -> Answer:
    """Show the grants of a principal or group."""
    found = registry.access.grants.get_grants(call.services, grant)
    return Answer(grants_document(found), revision=found.revision)


@routes.delete("/v1/grants/{grant}", Action.ADMINISTER, answers={204: None})
def delete_grants(call: Call, grant: str) -> Answer:
    """Take all grants of a principal or group away."""
    return gone(registry.access.grants.delete_grants(call.services, call.change(), grant))


@routes.get("/v1/trust", Action.ADMINISTER, answers={200: PageView[TrustView]})
def list_trusts(call: Call, query: Paging) -> Answer:
    """List whom the registry trusts, by name."""
    page = registry.access.trusts.list_trusts(call.services, query.limit, call.start(query))
    return call.listing(page, trust_document)


@routes.get("/v1/trust/{trust}", Action.ADMINISTER, answers={200: TrustView})
def get_trust(call: Call, trust: str) -> Answer:
    """Show a trust."""
    found = registry.access.trusts.get_trust(call.services, trust)
    return Answer(trust_document(found), revision=found.revision)


@routes.put("/v1/trust/{trust}", Action.ADMINISTER, answers={200: TrustView})
def set_trust(call: Call, trust: str, body: SetTrust) -> Answer:
    """Trust an OIDC issuer's tokens, or AWS principals, on conditions."""
    made = registry.access.trusts.set_trust(
        call.services, call.change(), trust, body.terms(), granted(body.grants), body.client_secret
    )
    return changed(made, trust_document, revision_of)


@routes.delete("/v1/trust/{trust}", Action.ADMINISTER, answers={204: None})
def delete_trust(call: Call, trust: str) -> Answer:
    """End a trust."""
    return gone(registry.access.trusts.delete_trust(call.services, call.change(), trust))


@routes.get("/v1/access", Action.ADMINISTER, answers={200: PageView[AccessPathView]})
def who_may(call: Call, query: WhoMay) -> Answer:
    """Show who may do something, and through which grant."""
    page = registry.access.access.who_may(call.services, query.action, query.model, query.limit, call.start(query))
    return call.listing(page, access_path_document)
