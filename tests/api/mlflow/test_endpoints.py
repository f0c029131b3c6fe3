"""The table of endpoints: what each matches, and who may call it."""

import re
from collections.abc import Mapping

import pytest

from chalicelib.api.mlflow import endpoints
from chalicelib.api.mlflow.endpoints import ENDPOINTS, Endpoint
from chalicelib.domain.access.principal import Grant, Principal, Role
from tests.api.gateway import Caller, Function, Reply
from tests.api.mlflow.calling import Mlflow

# These endpoints read, although their method is POST.
READING = {
    "mlflow/registered-models/get-latest-versions",
    "mlflow/experiments/search",
    "mlflow/runs/search",
    "mlflow/logged-models/search",
}
# SHARED are for everybody with a token. OWN are for everybody who may register some model: they create the caller's own
# entities.
SHARED = {"3.0/mlflow/server-info", "mlflow/experiments/get", "mlflow/experiments/get-by-name"}
OWN = {"mlflow/experiments/create", "mlflow/runs/create", "mlflow/logged-models"}
WEBHOOKS = [one for one in ENDPOINTS if one.path.startswith("mlflow/webhooks")]
EMPTY = ({}, {"files": []})


@pytest.fixture
def given(mlflow: Mlflow) -> dict[str, str]:
    """The ids of what an administrator has made, by the names of their parameters."""
    mlflow.model()
    mlflow.version()
    mlflow.ask("POST", "registered-models/alias", name="fraud", alias="champion", version="1")
    run = mlflow.ask("POST", "runs/create", experiment_id="0", start_time=1)["run"]["info"]
    mlflow.ask("POST", "experiments/create", name="shared")
    logged = mlflow.ask("POST", "logged-models", experiment_id="0", name="model")["model"]["info"]
    return {"run_id": run["run_id"], "model_id": logged["model_id"]}


def body(given: Mapping[str, str]) -> dict[str, object]:
    """Valid parameters for all endpoints together. Each endpoint uses those that it knows."""
    metric = {"key": "auc", "value": 0.5, "timestamp": 1, "step": 0}
    return {
        "name": "fraud",
        "new_name": "fresh",
        "version": "1",
        "alias": "champion",
        "stage": "Staging",
        "source": "s3://bucket/model",
        "description": "d",
        "run_id": given["run_id"],
        "model_id": given["model_id"],
        "experiment_id": "0",
        "experiment_name": "shared",
        "experiment_ids": ["0"],
        "metric_key": "auc",
        **metric,
        "key": "team",
        "value": "0.5",
        "metrics": [metric],
        "params": [{"key": "depth", "value": "6"}],
        "tags": [{"key": "team", "value": "risk"}],
        "datasets": [],
        "models": [],
        "model_json": "{}",
        "url": "https://93.184.216.34/hook",
        "events": [{"entity": "MODEL_VERSION", "action": "CREATED"}],
        "num_parts": 1,
        "upload_id": "u",
        "parts": [],
        "path": f"0/{given['run_id']}/artifacts/file",
    }


def call(caller: Caller, endpoint: Endpoint, given: Mapping[str, str]) -> Reply:
    parameters = body(given)
    if endpoint.path == "mlflow/experiments/create":
        parameters["name"] = "fresh"
    parameters["status"] = "LOGGED_MODEL_READY" if "logged-models" in endpoint.path else "FINISHED"
    places = {
        **given,
        "webhook_id": "none",
        "tag_key": "team",
        "path": f"0/{given['run_id']}/artifacts/file",
    }
    path = re.sub(r"\{(\w+)\+?\}", lambda variable: places[variable[1]], endpoint.path)
    where = f"/api/{path}" if path.startswith("3.0/") else f"/api/2.0/{path}"
    if endpoint.method == "GET":
        return caller.get(where, query={name: value for name, value in parameters.items() if isinstance(value, str)})
    if endpoint.raw:
        return caller.request(endpoint.method, where, raw=b"bytes")
    return caller.request(endpoint.method, where, {**parameters, "path": "file"})


def statuses(caller: Caller, endpoints: list[Endpoint], given: Mapping[str, str]) -> dict[str, int]:
    return {f"{one.method} {one.path}": call(caller, one, given).status for one in endpoints}


def as_role(role: Role, models: str) -> Function:
    return Function(Principal(f"token:{role}", (Grant(role, models),)))


def test_nothing_answers_without_a_token(given: dict[str, str]) -> None:
    assert set(statuses(Function(None), list(ENDPOINTS), given).values()) == {401}


def test_the_gateway_refuses_a_call_without_a_token(given: dict[str, str]) -> None:
    reply = Caller(None).get("/api/2.0/mlflow/registered-models", query={"name": "fraud"})
    assert reply.status == 401


def test_a_viewer_changes_nothing(given: dict[str, str]) -> None:
    writing = [one for one in ENDPOINTS if one.method != "GET" and one.path not in READING]
    assert set(statuses(as_role(Role.VIEWER, "*"), writing, given).values()) == {403}


def test_a_viewer_sees_everything_but_bytes(given: dict[str, str]) -> None:
    reading = [one for one in ENDPOINTS if one.path.startswith("mlflow/") and one not in WEBHOOKS]
    reading = [one for one in reading if one.method == "GET" or one.path in READING]
    assert set(statuses(as_role(Role.VIEWER, "*"), reading, given).values()) == {200}


def test_a_grant_on_other_models_opens_nothing(given: dict[str, str]) -> None:
    caller = as_role(Role.MAINTAINER, "other*")
    answers = {one: call(caller, one, given) for one in ENDPOINTS if one.path not in SHARED | OWN}
    opened = {
        f"{one.method} {one.path}": reply.text
        for one, reply in answers.items()
        if reply.status != 403 and not (reply.status == 200 and reply.document in EMPTY)
    }
    # Everybody who may read some model sees the experiments, which only group runs.
    assert set(opened) == {"GET mlflow/experiments/search", "POST mlflow/experiments/search"}


def test_every_endpoint_declares_an_action_or_checks_access_itself() -> None:
    looking = {one.handler.partition(".")[0] for one in ENDPOINTS if one.action is None}
    assert looking == {"searching", "experiments", "runs", "logged_models", "artifacts", "server_info"}
    assert all(one.on == "name" for one in ENDPOINTS if one.action is not None and one not in WEBHOOKS)


def test_paths_match_to_their_declared_depth() -> None:
    one, deep = Endpoint("GET", "a.b/{x}/c", "m.f"), Endpoint("GET", "a/{path+}", "m.f")
    assert one.pattern.fullmatch("a.b/v/c") and not one.pattern.fullmatch("aXb/v/c")
    assert not one.pattern.fullmatch("a.b/v/w/c")
    matched = deep.pattern.fullmatch("a/b/c\n")
    assert matched is not None and matched["path"] == "b/c\n"


def test_every_endpoint_has_its_function_and_a_place_of_its_own() -> None:
    assert len({(one.method, one.path) for one in ENDPOINTS}) == len(ENDPOINTS)
    for one in ENDPOINTS:
        place = one.path.replace("{", "").replace("+}", "/deeper").replace("}", "")
        matched = endpoints.endpoint_at(one.method, place)
        assert matched is not None and matched[0] is one
