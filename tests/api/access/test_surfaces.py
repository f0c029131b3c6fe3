"""No surface shows a caller, or gives to a caller, what its grants do not reach: whatever the grants and the models."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.route import Route, Scope
from chalicelib.api.route_index import all_routes
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import (
    ROLE_ACTIONS,
    Action,
    Grant,
    Principal,
    Role,
    classification_words,
)
from chalicelib.domain.classification import WORDS, Level
from tests.api import journey
from tests.api.callers import ok
from tests.api.gateway import Function, Reply
from tests.api.test_route import ASKED, call_route, route_id
from tests.conftest import fresh_registry, use_no_account
from tests.domain.schemes.documents import document

ADMIN = Function(Principal("token:ada", (Grant(Role.ADMIN, "*"),)))
PREFIXES = ("risk", "growth")
# A model of every classification, by its name, with the words of the classification.
MODELS: dict[str, frozenset[str]] = {
    "risk-unclassified": frozenset({"unclassified"}),
    **{f"{prefix}-{level}": frozenset({level.value}) for prefix in PREFIXES for level in Level},
    **{f"risk-{level}-people": frozenset({level.value, "personal_data"}) for level in Level},
}
GRANTS = st.builds(
    Grant,
    st.sampled_from((*Role, "bytes")).map(str),
    st.sampled_from(("*", "risk-*", "growth-*", "*-internal", "*people", "risk-public")),
    st.sets(st.sampled_from(WORDS)).map(classification_words),
)
CUSTOM = {"bytes": frozenset({Action.DOWNLOAD})}
LISTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/v1/models", {}),
    ("/v1/models", {"order": "newest"}),
    ("/v1/models", {"prefix": "risk"}),
    ("/v1/search/models", {}),
    ("/v1/search/models", {"filter": f"name IN {tuple(MODELS)}"}),
    ("/v1/search/models", {"filter": "tags.team = 'all'", "with": "holders"}),
    ("/v1/search/models", {"filter": "name LIKE '%-%'", "order_by": "updated_at DESC"}),
    ("/v1/search/versions", {}),
    ("/v1/search/versions", {"filter": "tags.task = 'scoring'", "order_by": "metrics.auc DESC"}),
    ("/v1/search/versions", {"filter": f"name IN {tuple(MODELS)} AND version = 1"}),
    ("/v1/search/versions", {"filter": "parameters.depth = 4", "order_by": "label"}),
    ("/v1/search/fields", {"of": "versions"}),
    ("/v1/search/fields", {"of": "models"}),
    ("/v1/leaderboard", {"metric": "auc"}),
    ("/v1/leaderboard", {"metric": "auc", "filter": "name IN ('risk-public', 'growth-restricted')"}),
    ("/v1/inbox", {"for": "all"}),
    ("/v1/recall", {"dataset": "clicks"}),
    ("/v1/lineage", {"name": "clicks"}),
    ("/v1/lineage/descendants", {"dataset": "clicks", "stage": "draft"}),
    ("/v1/lineage/descendants", {"dataset": "clicks", "alias": "champion"}),
    ("/v1/lineage/serving", {}),
    ("/v1/targets/eu/models", {}),
    ("/v1/targets/eu/as-of", {"time": "2100-01-01T00:00:00Z"}),
    ("/v1/vulnerabilities/affected", {"package": "torch"}),
    ("/api/2.0/mlflow/registered-models/search", {}),
    ("/api/2.0/mlflow/model-versions/search", {}),
    ("/api/2.0/mlflow/model-versions/search", {"filter": "name = 'risk-restricted'"}),
)
# What is asked of one model, with the action that it takes.
FETCHES: tuple[tuple[Action, str, dict[str, str]], ...] = (
    (Action.READ, "/v1/models/{model}", {}),
    (Action.READ, "/v1/models/{model}/overview", {}),
    (Action.READ, "/v1/models/{model}/versions/@champion", {}),
    (Action.READ, "/v1/models/{model}/versions/1/scan", {}),
    (Action.READ, "/v1/models/{model}/versions/1/lineage", {}),
    (Action.READ, "/v1/models/{model}/versions/1/vulnerabilities", {}),
    (Action.DOWNLOAD, "/v1/models/{model}/versions/@champion/artifacts", {}),
    (Action.DOWNLOAD, "/v1/models/{model}/versions/1/files/model.bin", {}),
    (Action.READ, "/hf/api/models/moorage/{model}/revision/champion", {}),
    (Action.DOWNLOAD, "/hf/moorage/{model}/resolve/champion/model.bin", {}),
    (Action.READ, "/v2/moorage/{model}/manifests/champion", {}),
    (Action.DOWNLOAD, f"/v2/moorage/{{model}}/blobs/sha256:{journey.SHA256}", {}),
    (Action.READ, "/api/2.0/mlflow/registered-models/get", {"name": "{model}"}),
    (Action.READ, "/api/2.0/mlflow/model-versions/get", {"name": "{model}", "version": "1"}),
    (Action.READ, "/api/2.0/mlflow/registered-models/alias", {"name": "{model}", "alias": "champion"}),
)


@pytest.fixture(scope="module")
def stocked() -> Iterator[Services]:
    """One registry with all models. Each has a champion, a request, a deployment, and a tag of its own name."""
    with pytest.MonkeyPatch.context() as patch:
        use_no_account(patch)
        with fresh_registry(patch) as registry:
            scheme = {key: value for key, value in document().items() if key != "name"}
            asks = {"from": "draft", "to": "live", "approvals": [{"count": 1, "roles": ["reviewer"]}]}
            ok(ADMIN.put("/v1/schemes/own", {**scheme, "transitions": [asks, scheme["transitions"][1]]}))
            ok(
                ADMIN.put(
                    "/v1/targets/eu",
                    {"environment": "production", "models": ["*"], "alias": "champion", "reporters": ["token:ada"]},
                )
            )
            for name in MODELS:
                stock(registry, name)
            yield registry


def stock(registry: Services, name: str) -> None:
    (level,) = (one for one in MODELS[name] if one != "personal_data")
    classified = {} if level == "unclassified" else {"classification": level}
    personal = {"personal_data": True} if "personal_data" in MODELS[name] else {}
    created = {"name": name, "tags": {"team": "all", f"model-{name}": "yes"}, **classified, **personal}
    ok(ADMIN.post("/v1/models", created))
    ok(ADMIN.put(f"/v1/models/{name}/scheme", {"scheme": "own"}))
    provenance = {
        "datasets": [{"name": "clicks", "digest": "d1"}],
        "runtime": {"requirements": ["torch==2.5.0"]},
    }
    tags = {"task": "scoring", f"version-{name}": "yes"}
    label = f"1.0.{list(MODELS).index(name)}"
    more = {"metrics": {"auc": 0.9}, "parameters": {"depth": 4}, "tags": tags, "label": label}
    journey.ready(ADMIN, registry, name, provenance=provenance, **more)
    ok(ADMIN.put(f"/v1/models/{name}/aliases/champion", {"version": 1}))
    ok(ADMIN.post(f"/v1/models/{name}/requests", {"version": 1, "to_stage": "live"}))
    deployed = ok(ADMIN.post(f"/v1/models/{name}/deployments", {"target": "eu", "version": 1}))
    ok(ADMIN.put(f"/v1/models/{name}/deployments/{deployed['number']}/status", {"status": "succeeded"}))


def holds(grants: list[Grant], action: Action, model: str) -> bool:
    """Whether the caller has the action on the model: the rule, written another way than the code."""
    return any(
        action in (CUSTOM["bytes"] if grant.role == "bytes" else ROLE_ACTIONS[Role(grant.role)])
        and fnmatchcase(model, grant.models)
        and (not grant.classifications or all(word in grant.classifications for word in MODELS[model]))
        for grant in grants
    )


def caller(grants: list[Grant]) -> Function:
    return Function(Principal("token:someone", tuple(grants), roles=CUSTOM))


def pages(asking: Function, path: str, query: dict[str, Any]) -> str:
    """The text of all pages of a list."""
    text, cursor, name = "", "", "page_token" if "mlflow" in path else "cursor"
    for _ in count():
        reply = asking.get(path, query={**query, **({name: cursor} if cursor else {})})
        assert reply.status == 200, reply.text
        text += reply.text
        cursor = reply.document.get("next_cursor") or reply.document.get("next_page_token") or ""
        if not cursor:
            return text
    raise AssertionError("unreachable")


def shown(text: str) -> set[str]:
    """The models whose names a text has. None is the beginning of another one that goes on with a quotation mark."""
    return {name for name in MODELS if any(f"{name}{end}" in text for end in ('"', "'", "/"))}


def wanted(query: dict[str, Any]) -> set[str]:
    """The models that a list of LISTS is about."""
    named = {name for name in MODELS if f"'{name}'" in query.get("filter", "")}
    return named or {name for name in MODELS if name.startswith(query.get("prefix", ""))}


@pytest.mark.parametrize(("path", "query"), LISTS, ids=str)
def test_a_list_has_every_model_for_who_may_read_all(stocked: Services, path: str, query: dict[str, Any]) -> None:
    assert shown(pages(ADMIN, path, query)) == wanted(query)


@settings(max_examples=5)
@given(grants=st.lists(GRANTS, max_size=3))
def test_no_list_shows_a_model_that_the_caller_may_not_read(stocked: Services, grants: list[Grant]) -> None:
    readable = {name for name in MODELS if holds(grants, Action.READ, name)}
    for path, query in LISTS:
        assert shown(pages(caller(grants), path, query)) == readable & wanted(query), path


@settings(max_examples=5)
@given(grants=st.lists(GRANTS, max_size=3))
def test_nothing_is_given_out_that_the_caller_may_not_have(stocked: Services, grants: list[Grant]) -> None:
    asking = caller(grants)
    for action, path, query in FETCHES:
        for model in MODELS:
            reply = asking.get(
                path.format(model=model), query={key: value.format(model=model) for key, value in query.items()}
            )
            # The dialects ask for the right to read besides that to download.
            allowed = holds(grants, action, model)
            if reply.status < 400:
                assert allowed, (path, model)
            else:
                assert reply.status in (403, 404), (path, model, reply.text)
                assert not allowed or (path.startswith(("/hf", "/v2")) and not holds(grants, Action.READ, model))


@pytest.mark.parametrize("route", [route for route in all_routes() if route.scope is Scope.MODEL], ids=route_id)
def test_a_hidden_model_is_refused_as_one_that_does_not_exist(stocked: Services, route: Route) -> None:
    limited = Function(Principal("token:x", (Grant(Role.ADMIN, "*", ("unclassified", "public")),)))
    hidden = call_route(limited, route, "risk-restricted")
    absent = call_route(limited, route, "nowhere")
    assert hidden.status >= 400
    assert _told(hidden, "risk-restricted") == _told(absent, "nowhere")
    assert ASKED.get(route.path) is None


def _told(reply: Reply, model: str) -> tuple[int, str, str]:
    return reply.status, reply.code, str(reply.document["detail"]).replace(model, "model")


def test_a_name_that_a_hidden_model_has_is_refused_to_who_would_create_it(stocked: Services) -> None:
    limited = Function(Principal("token:x", (Grant(Role.CONTRIBUTOR, "*", ("unclassified", "public")),)))
    assert limited.post("/v1/models", {"name": "risk-restricted"}).code == "permission_denied"
    assert limited.post("/v1/models", {"name": "risk-public"}).code == "model_exists"
