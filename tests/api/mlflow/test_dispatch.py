"""How the dialect reads a call and answers it, whatever the endpoint."""

import json

import pytest

from chalicelib.api.mlflow import endpoints
from chalicelib.api.mlflow.endpoints import ENDPOINTS, Endpoint
from chalicelib.aws.names import PUBLIC_URL
from tests.api.gateway import Function
from tests.api.mlflow.calling import Mlflow, Refusal

MISSING = "Missing value for required parameter '{}'. See the API docs for more information about request parameters."


def raw(mlflow: Mlflow, method: str, path: str, body: bytes, content_type: str | None = "application/json") -> Refusal:
    headers = {} if content_type is None else {"Content-Type": content_type}
    reply = mlflow.function.request(method, f"/api/2.0/mlflow/{path}", raw=body, headers=headers)
    document = reply.document
    return Refusal(reply.status, document.get("error_code", ""), document.get("message", ""))


def test_the_web_interfaces_path_is_the_same_api(mlflow: Mlflow) -> None:
    mlflow.model()
    reply = mlflow.function.get("/ajax-api/2.0/mlflow/registered-models/get", query={"name": "fraud"})
    assert reply.status == 200 and reply.document == {"registered_model": mlflow.get()}


def test_an_unknown_path_or_method_is_an_unknown_endpoint(mlflow: Mlflow) -> None:
    for method, path in (("GET", "registered-models/nothing"), ("PUT", "registered-models/get"), ("GET", "x/../y")):
        refused = mlflow.refused(method, path)
        assert (refused.status, refused.error_code) == (404, "ENDPOINT_NOT_FOUND")


def test_unknown_fields_are_ignored_and_camel_case_is_taken(mlflow: Mlflow) -> None:
    mlflow.model(colour="red")
    version = mlflow.ask(
        "POST", "model-versions/create", name="fraud", source="s3://b/m", runId="7", runLink="http://r"
    )
    assert (version["model_version"]["run_id"], version["model_version"]["run_link"]) == ("7", "http://r")


def test_a_field_by_both_its_names_is_refused(mlflow: Mlflow) -> None:
    mlflow.model()
    refused = mlflow.refused("POST", "model-versions/create", name="fraud", source="s3://b/m", runId="7", run_id="8")
    assert refused.message == "Request specifies both 'run_id' and 'runId'; provide only one of them."


def test_null_is_absence(mlflow: Mlflow) -> None:
    assert mlflow.refused("POST", "registered-models/create", name=None).message == MISSING.format("name")
    assert "description" not in mlflow.model(description=None)


@pytest.mark.parametrize("version", [1, 1.0, True, ["1"], {"n": 1}])
def test_a_version_is_a_string(mlflow: Mlflow, version: object) -> None:
    mlflow.model()
    refused = mlflow.refused("PATCH", "model-versions/update", name="fraud", version=version, description="d")
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert f"Value was of type '{type(version).__name__}'" in refused.message


def test_a_body_that_is_encoded_twice_is_read(mlflow: Mlflow) -> None:
    assert raw(mlflow, "POST", "registered-models/create", json.dumps('{"name": "twice"}').encode()).status == 200
    assert mlflow.get("twice")["name"] == "twice"


@pytest.mark.parametrize("body", [b"", b"null", b"  ", b'""'])
def test_no_body_is_one_without_parameters(mlflow: Mlflow, body: bytes) -> None:
    assert raw(mlflow, "POST", "registered-models/create", body).message == MISSING.format("name")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"7", b'"{"', b"\xff", b"[" * 100_000, b'{"name": "\\ud800"}'])
def test_a_body_that_is_no_object_is_refused(mlflow: Mlflow, body: bytes) -> None:
    refused = raw(mlflow, "POST", "registered-models/create", body)
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_body_says_that_it_is_json_but_for_patch_and_delete(mlflow: Mlflow) -> None:
    mlflow.model()
    body = b'{"name": "fraud", "description": "d"}'
    assert "Content-Type must be one of" in raw(mlflow, "POST", "registered-models/create", body, "text/plain").message
    assert "Content-Type header is missing" in raw(mlflow, "POST", "registered-models/create", body, None).message
    assert raw(mlflow, "PATCH", "registered-models/update", body, "text/plain").status == 200
    assert raw(mlflow, "DELETE", "registered-models/delete", body, None).status == 200


def test_a_get_without_a_query_may_have_a_body(mlflow: Mlflow) -> None:
    mlflow.model()
    assert raw(mlflow, "GET", "registered-models/get", b'{"name": "fraud"}').status == 200


def test_the_query_of_a_deletion_says_nothing(mlflow: Mlflow) -> None:
    mlflow.model()
    reply = mlflow.function.delete("/api/2.0/mlflow/registered-models/delete", query={"name": "fraud"})
    assert (reply.status, reply.document["message"]) == (400, MISSING.format("name"))


def test_too_large_a_body_is_refused_as_such(mlflow: Mlflow) -> None:
    refused = mlflow.refused("POST", "registered-models/create", name="fraud", description="x" * (1024 * 1024))
    assert (refused.status, refused.error_code) == (413, "INVALID_PARAMETER_VALUE")


def test_one_line_in_the_log_says_what_was_asked_and_what_came_of_it(
    mlflow: Mlflow, capsys: pytest.CaptureFixture[str]
) -> None:
    mlflow.refused("GET", "registered-models/get", name="fraud")
    (line,) = capsys.readouterr().out.splitlines()
    logged = json.loads(line)
    del logged["duration_ms"]
    assert logged == {
        "log": "request",
        "method": "GET",
        "route": "/api/2.0/mlflow/registered-models/get",
        "request_id": "request-1",
        "principal": "token:ada",
        "model": "fraud",
        "code": "model_not_found",
        "status": 404,
    }


def test_a_fault_of_our_own_is_said_without_its_cause(mlflow: Mlflow, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Endpoint("GET", "mlflow/broken", "nothing_such.get")
    monkeypatch.setitem(endpoints._LITERAL, ("GET", "mlflow/broken"), broken)
    refused = mlflow.refused("GET", "broken")
    assert (refused.status, refused.error_code) == (500, "INTERNAL_ERROR")
    assert "nothing_such" not in refused.message


def test_the_public_url_is_that_of_the_request_or_what_the_stage_says(mlflow: Mlflow) -> None:
    mlflow.model()
    number = mlflow.with_files()
    told = Function(mlflow.principal, {PUBLIC_URL: "http://proxy/models"})
    for function, url in ((mlflow.function, "https://host/api"), (told, "http://proxy/models")):
        asked = {"name": "fraud", "version": number}
        answered = function.get("/api/2.0/mlflow/model-versions/get-download-uri", query=asked).document
        assert answered["artifact_uri"] == f"{url}/api/2.0/mlflow-artifacts/artifacts/registered/ZnJhdWQ/1"


def test_paths_match_as_deep_as_they_say() -> None:
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


def test_a_caller_whom_the_gateway_knows_by_nothing_is_not_let_in(mlflow: Mlflow) -> None:
    reply = Function(None).get("/api/2.0/mlflow/registered-models/get", query={"name": "fraud"})
    assert (reply.status, reply.document["error_code"]) == (401, "UNAUTHENTICATED")
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="moorage"'
