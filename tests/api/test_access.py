"""Every route against every role, on the caller's own models and on others."""

import pytest

from app import app
from chalicelib.api.route import ROUTES, Route, Scope
from chalicelib.domain.access import ROLE_ACTIONS, Action, Role
from tests.api import journey
from tests.api.gateway import Caller, Reply, granted

# What each role may do, written out: the code's own table must agree with the documented one.
_CONSUMER = {"read", "download"}
_CONTRIBUTOR = _CONSUMER | {"register", "annotate", "report", "comment", "request"}
_MAINTAINER = _CONTRIBUTOR | {"approve", "transition", "move_protected_alias", "manage", "freeze", "deploy"}
DOCUMENTED = {
    "viewer": {"read"},
    "consumer": _CONSUMER,
    "contributor": _CONTRIBUTOR,
    "reviewer": _CONSUMER | {"comment", "approve"},
    "maintainer": _MAINTAINER,
    "auditor": {"read", "audit"},
    "admin": _MAINTAINER | {"hold", "audit", "override", "manage_webhooks", "manage_schemes", "administer"},
}
OPEN = {"/v1/openapi.json", "/v1/schemas/event.json", "/v1/schemas/scheme.json"}
# The schemes are for everybody who may use the registry: whoever is judged may read the rules.
SCHEMES = {"/v1/schemes", "/v1/schemes/{scheme}", "/v1/default-scheme"}


def _id(route: Route) -> str:
    return f"{route.method} {route.path}"


def _call(caller: Caller, route: Route, model: str) -> Reply:
    path = route.path.replace("{model}", model).replace("{version}", "1").replace("{alias}", "champion")
    path = path.replace("{stage}", "production").replace("{token}", "none").replace("{webhook}", "none")
    path = path.replace("{delivery}", "none").replace("{request}", "1").replace("{scheme}", "none")
    assert "{" not in path, f"say what stands for the parameters of {path}"
    body = {"name": model} if route.scope is Scope.NAMED else None
    return caller.request(route.method, path, body)


def test_the_roles_are_those_that_are_documented() -> None:
    assert {role.value: {str(action) for action in actions} for role, actions in ROLE_ACTIONS.items()} == DOCUMENTED


def test_every_route_of_the_app_is_declared_with_what_it_needs() -> None:
    served = {(path, method) for path, methods in app.routes.items() for method in methods}
    assert {(route.path, route.method) for route in ROUTES} == served
    for route in ROUTES:
        guarded = app.routes[route.path][route.method].authorizer is not None
        assert guarded == (route.scope is not Scope.PUBLIC), _id(route)


def test_only_the_contract_is_open_to_everyone() -> None:
    assert {route.path for route in ROUTES if route.scope is Scope.PUBLIC} == OPEN
    assert {route.path for route in ROUTES if route.scope is Scope.ANYONE} == {"/v1/whoami", *SCHEMES}


@pytest.mark.parametrize("route", ROUTES, ids=_id)
def test_no_route_but_the_contract_answers_without_a_token(nobody: Caller, route: Route) -> None:
    reply = _call(nobody, route, "fraud")
    assert reply.status == (200 if route.path in OPEN else 401)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.action], ids=_id)
def test_a_route_lets_through_those_roles_that_have_its_action(admin: Caller, route: Route) -> None:
    journey.model(admin)
    for role in Role:
        allowed = str(route.action) in DOCUMENTED[role.value]
        own = _call(granted(admin, role, "fr*", f"{role}-own"), route, "fraud")
        other = _call(granted(admin, role, "other*", f"{role}-other"), route, "fraud")
        everywhere = _call(granted(admin, role, "*", f"{role}-all"), route, "fraud")
        if route.scope is Scope.LISTED:
            assert [own.status, other.status, everywhere.status] == [200, 200, 200]
            assert [len(reply.document["items"]) for reply in (own, other, everywhere)] == [1, 0, 1]
            continue
        assert other.status == 403, f"{role} on other models"
        assert (everywhere.status != 403) == allowed, f"{role} everywhere"
        on_models = route.scope in (Scope.MODEL, Scope.NAMED)
        assert (own.status != 403) == (allowed and on_models), f"{role} on own models"


def test_administering_takes_a_grant_on_all_models(admin: Caller) -> None:
    partial = granted(admin, "admin", "fraud*")
    assert Action.ADMINISTER in ROLE_ACTIONS[Role.ADMIN]
    assert partial.get("/v1/tokens").status == 403
