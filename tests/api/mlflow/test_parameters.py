"""How the dialect reads the parameters of a call."""

import json

import pytest

from tests.api.mlflow.calling import Mlflow, Refusal

MISSING = "Missing value for required parameter '{}'. See the API docs for more information about request parameters."


def raw(mlflow: Mlflow, method: str, path: str, body: bytes, content_type: str | None = "application/json") -> Refusal:
    headers = {} if content_type is None else {"Content-Type": content_type}
    reply = mlflow.function.request(method, f"/api/2.0/mlflow/{path}", raw=body, headers=headers)
    document = reply.document
    return Refusal(reply.status, document.get("error_code", ""), document.get("message", ""))


def test_unknown_fields_are_ignored_and_camel_case_is_accepted(mlflow: Mlflow) -> None:
    mlflow.model(colour="red")
    version = mlflow.ask(
        "POST", "model-versions/create", name="fraud", source="s3://b/m", runId="7", runLink="http://r"
    )
    assert (version["model_version"]["run_id"], version["model_version"]["run_link"]) == ("7", "http://r")


def test_a_field_given_by_both_its_names_is_refused(mlflow: Mlflow) -> None:
    mlflow.model()
    refused = mlflow.refused("POST", "model-versions/create", name="fraud", source="s3://b/m", runId="7", run_id="8")
    assert refused.message == "Request specifies both 'run_id' and 'runId'; provide only one of them."


def test_null_counts_as_absent(mlflow: Mlflow) -> None:
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
def test_an_empty_body_has_no_parameters(mlflow: Mlflow, body: bytes) -> None:
    assert raw(mlflow, "POST", "registered-models/create", body).message == MISSING.format("name")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"7", b'"{"', b"\xff", b"[" * 100_000, b'{"name": "\\ud800"}'])
def test_a_body_that_is_no_object_is_refused(mlflow: Mlflow, body: bytes) -> None:
    refused = raw(mlflow, "POST", "registered-models/create", body)
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_post_needs_a_json_content_type_but_patch_and_delete_do_not(mlflow: Mlflow) -> None:
    mlflow.model()
    body = b'{"name": "fraud", "description": "d"}'
    assert "Content-Type must be one of" in raw(mlflow, "POST", "registered-models/create", body, "text/plain").message
    assert "Content-Type header is missing" in raw(mlflow, "POST", "registered-models/create", body, None).message
    assert raw(mlflow, "PATCH", "registered-models/update", body, "text/plain").status == 200
    assert raw(mlflow, "DELETE", "registered-models/delete", body, None).status == 200


def test_a_get_without_a_query_may_have_a_body(mlflow: Mlflow) -> None:
    mlflow.model()
    assert raw(mlflow, "GET", "registered-models/get", b'{"name": "fraud"}').status == 200


def test_the_query_of_a_deletion_is_ignored(mlflow: Mlflow) -> None:
    mlflow.model()
    reply = mlflow.function.delete("/api/2.0/mlflow/registered-models/delete", query={"name": "fraud"})
    assert (reply.status, reply.document["message"]) == (400, MISSING.format("name"))


def test_too_large_a_body_is_refused_as_such(mlflow: Mlflow) -> None:
    refused = mlflow.refused("POST", "registered-models/create", name="fraud", description="x" * (1024 * 1024))
    assert (refused.status, refused.error_code) == (413, "INVALID_PARAMETER_VALUE")
