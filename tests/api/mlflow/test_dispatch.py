"""What every endpoint of the dialect shares."""

import json

import pytest

from chalicelib.api.mlflow import endpoints
from chalicelib.api.mlflow.endpoints import Endpoint
from chalicelib.aws.names import PUBLIC_URL
from chalicelib.aws.services import Services
from tests.api.gateway import Caller, Function
from tests.api.mlflow.calling import Mlflow


def test_the_web_interfaces_path_is_the_same_api(mlflow: Mlflow) -> None:
    mlflow.model()
    reply = mlflow.function.get("/ajax-api/2.0/mlflow/registered-models/get", query={"name": "fraud"})
    assert reply.status == 200 and reply.document == {"registered_model": mlflow.get()}


def test_an_unknown_path_or_method_is_an_unknown_endpoint(mlflow: Mlflow) -> None:
    for method, path in (("GET", "registered-models/nothing"), ("PUT", "registered-models/get"), ("GET", "x/../y")):
        refused = mlflow.refused(method, path)
        assert (refused.status, refused.error_code) == (404, "ENDPOINT_NOT_FOUND")


def test_each_call_writes_one_line_with_its_outcome(mlflow: Mlflow, capsys: pytest.CaptureFixture[str]) -> None:
    mlflow.refused("GET", "registered-models/get", name="fraud")
    (line,) = capsys.readouterr().out.splitlines()
    logged = json.loads(line)
    del logged["duration_ms"]
    assert logged == {
        "log": "request",
        "method": "GET",
        "route": "/api/2.0/mlflow/registered-models/get",
        "request_id": "request-1",
        "correlation_id": "request-1",
        "principal": "token:ada",
        "model": "fraud",
        "code": "model_not_found",
        "status": 404,
    }


def test_an_internal_error_does_not_reveal_its_cause(mlflow: Mlflow, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Endpoint("GET", "mlflow/broken", "nothing_such.get")
    monkeypatch.setitem(endpoints._LITERAL, ("GET", "mlflow/broken"), broken)
    refused = mlflow.refused("GET", "broken")
    assert (refused.status, refused.error_code) == (500, "INTERNAL_ERROR")
    assert "nothing_such" not in refused.message


def test_the_public_url_comes_from_the_stage_or_else_from_the_request(mlflow: Mlflow) -> None:
    mlflow.model()
    number = mlflow.with_files()
    behind_proxy = Function(mlflow.principal, {PUBLIC_URL: "http://proxy/models"})
    for function, url in ((mlflow.function, "https://host/api"), (behind_proxy, "http://proxy/models")):
        query = {"name": "fraud", "version": number}
        answered = function.get("/api/2.0/mlflow/model-versions/get-download-uri", query=query).document
        assert answered["artifact_uri"] == f"{url}/api/2.0/mlflow-artifacts/artifacts/registered/ZnJhdWQ/1"


def test_a_call_without_a_principal_is_refused(mlflow: Mlflow) -> None:
    reply = Function(None).get("/api/2.0/mlflow/registered-models/get", query={"name": "fraud"})
    assert (reply.status, reply.document["error_code"]) == (401, "UNAUTHENTICATED")
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="moorage"'


@pytest.mark.parametrize(("path", "text"), [("/health", "OK"), ("/version", "3.17.2")])
def test_monitors_ask_without_a_token_whether_the_server_is_there(registry: Services, path: str, text: str) -> None:
    reply = Caller(None).get(path)
    assert (reply.status, reply.text) == (200, text)
    assert reply.headers["Content-Type"] == "text/plain"
