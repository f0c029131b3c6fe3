"""The artifact proxy as MLflow's clients use it."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.api.mlflow.artifacts import served
from chalicelib.aws.mlflow.logged_files import logged_key
from chalicelib.aws.names import IAM_STAGE
from chalicelib.aws.services import Services
from chalicelib.aws.versions.presign import Presigner
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.mlflow.tracking.locations import of_version
from chalicelib.registry.access import trusts
from chalicelib.registry.mlflow.tracking import artifacts
from tests.api.gateway import Function
from tests.registry.build import model, ready_with, request
from tests.registry.mlflow.tracking.build import ADA, FILES, logged_model, root, run

FILES_AT = "/api/2.0/mlflow-artifacts/artifacts"
ME = Function(ADA)


def test_a_file_is_uploaded_listed_downloaded_and_deleted(registry: Services) -> None:
    under = root(logged_model(registry, files={}))
    for path, body in FILES.items():
        reply = ME.put(f"{FILES_AT}/{under}/{path}", raw=body, headers={"content-type": "text/x-odd"})
        assert (reply.status, reply.document) == (200, {})
    assert ME.get(FILES_AT, query={"path": under}).document == {
        "files": [
            {"path": "MLmodel", "is_dir": False, "file_size": len(FILES["MLmodel"])},
            {"path": "model.pkl", "is_dir": False, "file_size": 7},
            {"path": "sub", "is_dir": True},
        ]
    }
    assert ME.get(FILES_AT, query={"path": f"{under}/model.pkl"}).document == {}
    redirected = ME.get(f"{FILES_AT}/{under}/model.pkl")
    assert redirected.status == 302
    assert f"/mlflow/{under}/model.pkl?" in redirected.headers["Location"]
    assert ME.delete(f"{FILES_AT}/{under}/model.pkl").document == {}
    gone = ME.get(f"{FILES_AT}/{under}/model.pkl")
    assert (gone.status, gone.document["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_names_that_a_url_has_to_encode_are_kept(registry: Services) -> None:
    under = root(logged_model(registry, files={}))
    ME.put(f"{FILES_AT}/{under}/a%20b/%C3%A4%25.txt", raw=b"x")
    assert [one.name for one in artifacts.list_files(registry, ADA, f"{under}/a b")] == ["ä%.txt"]


def test_a_caller_that_signs_for_aws_gets_bytes_instead_of_a_redirect(registry: Services) -> None:
    under = root(logged_model(registry))
    model(registry)
    ready_with(registry, ("data/x", bytes(range(256))))
    role = "arn:aws:iam::123456789012:role/training"
    trusts.set_trust(registry, request(), "training", Iam((role,)), [Grant(Role.CONTRIBUTOR, "*")])
    signed = Function(None, stage=IAM_STAGE, identity={"userArn": role, "sourceIp": "203.0.113.9"})
    logged = signed.get(f"{FILES_AT}/{under}/model.pkl")
    assert (logged.status, logged.content) == (200, b"weights")
    assert logged.headers["X-Content-Type-Options"] == "nosniff"
    assert logged.headers["Content-Disposition"] == "attachment; filename*=UTF-8''model.pkl"
    assert logged.headers["Content-Type"] == "application/octet-stream"
    assert signed.get(f"{FILES_AT}/{under}/sub/empty").content == b""
    registered = signed.get(f"{FILES_AT}/{of_version('fraud', 1)}/data/x")
    assert (registered.status, registered.content) == (200, bytes(range(256)))


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("a/MLmodel", "text/plain", "MLmodel"),
        ("conda.yaml", "text/plain", "conda.yaml"),
        ("plot.png", "image/png", "plot.png"),
        ("a/page.html", "text/html", "page.html"),
        ('ä "\r\n.bin', "application/octet-stream", "%C3%A4%20%22%0D%0A.bin"),
    ],
)
def test_a_served_file_says_what_it_is_and_is_saved_under_its_name(path: str, kind: str, name: str) -> None:
    headers = served(path)
    assert headers["Content-Type"] == kind
    assert headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"


def test_the_artifacts_of_a_run_are_listed_below_it(registry: Services) -> None:
    begun = run(registry)
    where = f"{FILES_AT}/0/{begun.id}/artifacts"
    ME.put(f"{where}/model/MLmodel", raw=b"flavors: {}")
    listing = "/api/2.0/mlflow/artifacts/list"
    assert ME.get(listing, query={"run_id": begun.id}).document == {
        "root_uri": begun.artifact_uri,
        "files": [{"path": "model", "is_dir": True}],
    }
    assert ME.get(listing, query={"run_uuid": begun.id, "path": "model"}).document["files"] == [
        {"path": "model/MLmodel", "is_dir": False, "file_size": 11}
    ]
    assert ME.get(listing, query={"run_id": begun.id, "path": "none"}).document == {"root_uri": begun.artifact_uri}
    assert ME.get(listing, query={"run_id": begun.id, "path": "../x"}).status == 400
    assert ME.get(listing).status == 400


def test_a_presigned_url_comes_with_the_size(registry: Services) -> None:
    under = root(logged_model(registry))
    presigned = ME.get(f"/api/2.0/mlflow-artifacts/presigned/{under}/model.pkl").document
    assert (presigned["headers"], presigned["file_size"]) == ({}, 7)
    model(registry)
    ready_with(registry, ("data/x", b"abc"))
    of_a_version = ME.get(f"/api/2.0/mlflow-artifacts/presigned/{of_version('fraud', 1)}/data/x").document
    assert of_a_version["file_size"] == 3
    assert "versionId=" in of_a_version["url"]


def test_no_browser_shows_what_was_logged_whatever_it_was_stored_as(registry: Services) -> None:
    under = root(logged_model(registry))
    registry.client("s3").put_object(
        Bucket=registry.settings.bucket,
        Key=logged_key(f"{under}/report.html"),
        Body=b"<script>alert(1)</script>",
        ContentType="text/html",
    )
    redirect = ME.get(f"{FILES_AT}/{under}/report.html").headers["Location"]
    presigned = ME.get(f"/api/2.0/mlflow-artifacts/presigned/{under}/report.html").document["url"]
    for url in (redirect, presigned):
        asked = parse_qs(urlsplit(url).query)
        assert asked["response-content-disposition"] == ['attachment; filename="report.html"']
        assert asked["response-content-type"] == ["application/octet-stream"]


def test_a_file_that_is_too_large_is_refused_with_advice(registry: Services) -> None:
    under = root(logged_model(registry, files={}))
    reply = ME.put(f"{FILES_AT}/{under}/x", raw=bytes(artifacts.MAX_BODY + 1))
    assert reply.status == 413
    for setting in ("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true", "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=4000000"):
        assert setting in reply.document["message"]


def test_a_file_in_parts_goes_to_storage(registry: Services) -> None:
    under = root(logged_model(registry, files={}))
    created = ME.post(
        f"/api/2.0/mlflow-artifacts/mpu/create/{under}", {"path": "/tmp/large.bin", "num_parts": 1}
    ).document
    (part,) = created["credentials"]
    assert (part["part_number"], part["headers"]) == (1, {})
    stored = registry.client("s3").upload_part(
        Bucket="artifacts",
        Key=f"mlflow/{under}/large.bin",
        UploadId=created["upload_id"],
        PartNumber=1,
        Body=b"abc",
    )
    completed: dict[str, Any] = {
        "path": "/tmp/large.bin",
        "upload_id": created["upload_id"],
        "parts": [{"part_number": 1, "etag": stored["ETag"], "url": part["url"]}],
    }
    for _ in range(2):
        assert ME.post(f"/api/2.0/mlflow-artifacts/mpu/complete/{under}", completed).document == {}
    assert artifacts.read(registry, ADA, f"{under}/large.bin") == b"abc"
    again = ME.post(f"/api/2.0/mlflow-artifacts/mpu/create/{under}", {"path": "x", "num_parts": 1}).document
    aborted = {"path": "x", "upload_id": again["upload_id"]}
    assert ME.post(f"/api/2.0/mlflow-artifacts/mpu/abort/{under}", aborted).document == {}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "mpu/create/0/x", {"num_parts": 1}),
        ("POST", "mpu/create/0/x", {"path": "x", "num_parts": 4_001}),
        ("POST", "mpu/create", {"path": "..", "num_parts": 1}),
        ("POST", "mpu/complete/0/x", {"path": "x", "upload_id": "1", "parts": [{"part_number": 0, "etag": "e"}]}),
        ("POST", "mpu/complete/0/x", {"path": "x", "upload_id": "1", "parts": [{"part_number": 1}]}),
        ("POST", "mpu/complete/0/x", {"path": "x", "upload_id": "1"}),
        ("GET", "artifacts/0/%2e%2e/x", None),
        ("GET", "artifacts/0/%252e%252e/x", None),
        ("GET", "artifacts/0/x%00y", None),
        ("GET", "artifacts/registered/x", None),
        ("PUT", "artifacts/%2fetc/passwd", None),
        ("DELETE", "artifacts/..%2fx", None),
        ("GET", "presigned/a%5c..%5cb", None),
    ],
)
def test_invalid_paths_and_uploads_are_refused(
    registry: Services, method: str, path: str, body: dict[str, Any] | None
) -> None:
    everywhere = Function(Principal("token:mai", (Grant(Role.MAINTAINER, "*"),)))
    reply = everywhere.request(method, f"/api/2.0/mlflow-artifacts/{path}", body)
    assert (reply.status, reply.document["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_files_of_registered_versions_are_never_written(registry: Services) -> None:
    everywhere = Function(Principal("token:adm", (Grant(Role.ADMIN, "*"),)))
    path = of_version("fraud", 1)
    for reply in (
        everywhere.put(f"{FILES_AT}/{path}/x", raw=b"x"),
        everywhere.delete(f"{FILES_AT}/{path}/x"),
        everywhere.post(f"/api/2.0/mlflow-artifacts/mpu/create/{path}", {"path": "x", "num_parts": 1}),
    ):
        assert (reply.status, reply.document["error_code"]) == (403, "PERMISSION_DENIED")


def test_an_upload_with_the_most_parts_allowed_can_be_completed(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The credentials of a function have a token of a thousand characters, which every part's address contains."""
    monkeypatch.setattr(registry.bucket, "_presigner", Presigner("https://s3.example/", "eu-central-1", Session))
    under = root(logged_model(registry, files={}))
    create = f"/api/2.0/mlflow-artifacts/mpu/create/{under}"
    refused = ME.post(create, {"path": "x", "num_parts": 4_000})
    assert (refused.status, "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE" in refused.document["message"]) == (400, True)
    assert registry.client("s3").list_multipart_uploads(Bucket="artifacts").get("Uploads", []) == []
    # The ids of uploads differ in length.
    most = int(refused.document["message"].split(" in 1 to ")[1].split(" ")[0]) - 100
    created = ME.post(create, {"path": "x", "num_parts": most}).document
    parts = [
        {"part_number": one["part_number"], "etag": '"' + "e" * 32 + '"', "url": one["url"]}
        for one in created["credentials"]
    ]
    completed = {"path": "x", "upload_id": created["upload_id"], "parts": parts}
    # The body was read whole: the refusal is for parts that storage does not have.
    assert ME.post(f"/api/2.0/mlflow-artifacts/mpu/complete/{under}", completed).document["error_code"] == (
        "INVALID_PARAMETER_VALUE"
    )
    assert len(json.dumps(created)) < 6_000_000


class Session:
    """The credentials of a session."""

    access_key, secret_key, token = "key", "secret", "t" * 1_200
