"""Every route against every role, on the caller's own models and on others."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from app import app
from chalicelib.api.route import Route, Scope
from chalicelib.api.route_index import all_routes
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.access.principal import ROLE_ACTIONS, Action, Grant, Principal, Role
from tests.api import journey
from tests.api.gateway import Caller, Function, Reply, native_routes
from tests.aws_resources import create_resources

# What each role may do, as documented. The code's own table must agree.
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
CONTRACT = {"/v1/openapi.json", "/v1/schemas/event.json", "/v1/schemas/scheme.json"}
# These check a browser's cookie, or what somebody signs in with.
SIGN_IN = {
    "/auth/methods",
    "/auth/token",
    "/auth/session",
    "/auth/sessions",
    "/auth/sessions/{session}",
    "/auth/oidc/{trust}/start",
    "/auth/oidc/{trust}/callback",
}
OPEN = CONTRACT | {"/auth/methods"}
# Everybody with a token may read the schemes, because they are the rules that people are judged by.
SCHEMES = {"/v1/schemes", "/v1/schemes/{scheme}", "/v1/default-scheme"}
# So may they see whose signatures count: public keys.
SIGNERS = {"/v1/signers", "/v1/signers/{signer}"}
# Deployers report there. A target names those who may; others need the action deploy on the model.
REPORTS = {"/v1/models/{model}/deployments/{deployment}/status", "/v1/targets/{target}/observed"}
# OpenLineage's events name the models that the caller must be allowed to report on.
STATES = {"/v1/lineage", "/v1/lineage/batch", "/v1/lineage/unstate"}
# What a call must at least ask for.
ASKED = {
    "/v1/leaderboard": {"metric": "auc"},
    "/v1/targets/none/as-of": {"time": "2026-01-01T00:00:00Z"},
    "/v1/recall": {"dataset": "transactions"},
    "/v1/lineage": {"name": "transactions"},
    "/v1/lineage/descendants": {"dataset": "transactions"},
    "/v1/vulnerabilities/affected": {"package": "torch"},
    "/v1/as-of": {"stage": "production", "time": "2026-01-01T00:00:00Z"},
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Services]:
    """One registry with the model ``fraud`` for all tests. None of them depends on what the others change."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in {
            "AWS_ACCESS_KEY_ID": "t",
            "AWS_SECRET_ACCESS_KEY": "t",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }.items():
            patch.setenv(name, value)
        for name, value in create_resources().items():
            patch.setenv(name, value)
        reset_services()
        journey.model(as_role(Role.ADMIN, "*"))
        yield services()
        reset_services()


def as_role(role: Role, models: str) -> Function:
    """A caller with ``role`` on ``models``, as the authorizer would pass it on."""
    return Function(Principal(f"token:{role}", (Grant(role, models),)))


def route_id(route: Route) -> str:
    return f"{route.method} {route.path}"


def call_route(caller: Caller | Function, route: Route, model: str) -> Reply:
    path = route.path.replace("{model}", model).replace("{version}", "1").replace("{alias}", "champion")
    path = path.replace("{stage}", "production").replace("{token}", "none").replace("{webhook}", "none")
    path = path.replace("{delivery}", "none").replace("{comment}", "m-9").replace("{anchor}", "1")
    path = (
        path.replace("{check}", "ci")
        .replace("{evaluation}", "holdout")
        .replace("{evidence_file}", "roc.png")
        .replace("{attestation}", "slsa")
        .replace("{sequence}", "1")
        .replace("{signature}", "build")
        .replace("{signer}", "none")
        .replace("{vulnerability}", "CVE-2026-1")
    )
    path = path.replace("{role}", "none").replace("{grant}", "none").replace("{trust}", "none")
    path = path.replace("{path}", "model.bin")
    path = path.replace("{target}", "none").replace("{deployment}", "1")
    path = path.replace("{request}", "1").replace("{scheme}", "none").replace("{session}", "0" * 48)
    path = path.replace("{schedule}", "none").replace("{monitor}", "none").replace("{start}", "2026-01-05T09:00:00Z")
    assert "{" not in path, f"give values for the parameters of {path}"
    body = {"name": model} if route.scope is Scope.NAMED else None
    return caller.request(route.method, path, body, query=ASKED.get(path))


def test_the_built_in_roles_are_those_that_are_documented() -> None:
    assert {role.value: {str(action) for action in actions} for role, actions in ROLE_ACTIONS.items()} == DOCUMENTED


def test_every_route_of_the_app_is_declared_with_its_access() -> None:
    assert {(route.path, route.method) for route in all_routes()} == native_routes()
    for route in all_routes():
        guarded = app.routes[route.gateway_path][route.method].authorizer is not None
        assert guarded == (route.scope is not Scope.PUBLIC), route_id(route)


def test_only_the_contract_and_sign_in_are_open_to_everyone() -> None:
    assert {route.path for route in all_routes() if route.scope is Scope.PUBLIC} == CONTRACT | SIGN_IN
    anyone = {"/v1/whoami", "/v1/quotas", *SCHEMES, *SIGNERS, *REPORTS, *STATES}
    assert {route.path for route in all_routes() if route.scope is Scope.ANYONE} == anyone


@pytest.mark.parametrize("route", [route for route in all_routes() if route.path not in SIGN_IN - OPEN], ids=route_id)
def test_no_route_but_the_contract_answers_without_a_token(shared: Services, route: Route) -> None:
    assert call_route(Caller(None), route, "fraud").status == (200 if route.path in OPEN else 401)
    # The function itself refuses too, should a request ever reach it without the authorizer's context.
    assert call_route(Function(None), route, "fraud").status == (200 if route.path in OPEN else 401)


@pytest.mark.parametrize("route", [route for route in all_routes() if route.action], ids=route_id)
def test_a_route_lets_through_the_roles_that_have_its_action(shared: Services, route: Route) -> None:
    for role in Role:
        allowed = str(route.action) in DOCUMENTED[role.value]
        if route.scope is Scope.LISTED:
            replies = [call_route(as_role(role, models), route, "fraud") for models in ("fr*", "other*", "*")]
            assert [reply.status for reply in replies] == [200, 200, 200]
            continue
        assert _refused(role, "other*", route), f"{role} on other models"
        assert _refused(role, "*", route) != allowed, f"{role} everywhere"
        on_models = route.scope in (Scope.MODEL, Scope.NAMED)
        assert _refused(role, "fr*", route) != (allowed and on_models), f"{role} on own models"


def _refused(role: Role, models: str, route: Route) -> bool:
    return call_route(as_role(role, models), route, "fraud").status == 403


def test_a_list_of_models_shows_those_that_the_caller_may_read(shared: Services) -> None:
    journey.model(as_role(Role.ADMIN, "*"), "listed")
    for role in Role:
        for models, seen in {"list*": True, "other*": False, "*": True}.items():
            items = as_role(role, models).get("/v1/models").document["items"]
            assert ("listed" in [item["name"] for item in items]) == seen


@pytest.mark.parametrize("action", Action)
def test_a_custom_role_opens_the_routes_of_its_actions_and_no_others(shared: Services, action: Action) -> None:
    custom = Function(Principal("token:c", (Grant("custom", "*"),), roles={"custom": frozenset({action})}))
    for route in all_routes():
        if route.action is not None and route.scope is not Scope.LISTED:
            assert (call_route(custom, route, "fraud").status != 403) == (route.action is action), route_id(route)


def test_administering_needs_a_grant_on_all_models(shared: Services) -> None:
    assert as_role(Role.ADMIN, "fraud*").get("/v1/tokens").status == 403
    assert as_role(Role.ADMIN, "*").get("/v1/tokens").status == 200
