"""The artifact proxy: whose files they are, what may pass through the registry, and that versions are only read."""

import base64
from collections.abc import Callable

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import (
    ArtifactNotFoundError,
    BodyTooLargeError,
    FileNotInManifestError,
    InvalidInputError,
    InvalidNameError,
    PermissionDeniedError,
    VersionNotReadyError,
)
from chalicelib.domain.mlflow.tracking.locations import RegisteredPath, of_version
from chalicelib.domain.versions.manifest import MAX_FILES
from chalicelib.registry.mlflow import version_files
from chalicelib.registry.mlflow.tracking import artifacts
from tests.registry.build import file, model, ready_with, registered
from tests.registry.mlflow.tracking.build import (
    ADA,
    BOB,
    MAINTAINER,
    MLMODEL,
    NOBODY,
    READER,
    logged_model,
    root,
    run,
    sha256,
)
from tests.simulation import like_s3, put_at_once

CLAIMED = f"models/m-{'0123456789abcdef' * 2}/artifacts"


def test_a_file_is_kept_with_the_sha256_that_the_registry_computed(registry: Services) -> None:
    under = root(logged_model(registry))
    head = registry.client("s3").head_object(
        Bucket="artifacts", Key=f"mlflow/{under}/model.pkl", ChecksumMode="ENABLED"
    )
    assert base64.b64decode(head["ChecksumSHA256"]).hex() == sha256(b"weights")
    assert artifacts.read(registry, ADA, f"{under}/sub/empty") == b""


def test_uploads_to_a_logged_model_are_refused_soon_after_the_thousandth_file(registry: Services) -> None:
    under = root(logged_model(registry, files={}))
    for number in range(MAX_FILES):
        put_at_once("artifacts", f"mlflow/{under}/part-{number:04d}")

    def put_100(name: str) -> None:
        for number in range(100):
            artifacts.put(registry, ADA, f"{under}/{name}-{number:04d}", b"x")

    def begin_100() -> None:
        for number in range(100):
            artifacts.begin_upload(registry, ADA, under, f"large-{number:04d}", 1)

    for upload in (lambda: put_100("small"), begin_100):
        with pytest.raises(InvalidInputError, match="at most 1000 files"):
            upload()
    # Those that are there may be written again.
    put_100("part")


def test_a_list_is_one_level_and_of_a_file_it_is_empty(registry: Services) -> None:
    under = root(logged_model(registry))
    assert [(one.name, one.size) for one in artifacts.list_files(registry, ADA, under)] == [
        ("MLmodel", len(MLMODEL)),
        ("model.pkl", 7),
        ("sub", None),
    ]
    assert artifacts.list_files(registry, ADA, f"{under}/model.pkl") == []
    assert artifacts.list_files(registry, ADA, f"{under}/nothing") == []


def test_a_download_is_a_url_of_storage(registry: Services) -> None:
    under = root(logged_model(registry))
    found = artifacts.download(registry, ADA, f"{under}/model.pkl")
    assert found.size == 7
    assert f"/mlflow/{under}/model.pkl?" in found.url
    with pytest.raises(ArtifactNotFoundError):
        artifacts.download(registry, ADA, f"{under}/nothing")


def test_large_files_do_not_pass_through_the_registry(registry: Services) -> None:
    under = root(logged_model(registry))
    with pytest.raises(BodyTooLargeError, match="MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=4000000"):
        artifacts.put(registry, ADA, f"{under}/large", bytes(artifacts.MAX_BODY + 1))
    with pytest.raises(BodyTooLargeError):
        artifacts.check_inline("large", artifacts.MAX_BODY + 1)
    artifacts.put(registry, ADA, f"{under}/large", bytes(artifacts.MAX_BODY))


def test_a_file_comes_in_parts_that_clients_put_to_storage(registry: Services) -> None:
    under = root(logged_model(registry))
    upload = artifacts.begin_upload(registry, ADA, under, "/home/ada/tmp/large.bin", 2)
    key, s3 = f"mlflow/{under}/large.bin", registry.client("s3")
    bodies = [bytes(5 * 1024 * 1024), b"end"]
    parts = [
        (number, s3.upload_part(Bucket="artifacts", Key=key, UploadId=upload.id, PartNumber=number, Body=body)["ETag"])
        for number, body in enumerate(bodies, 1)
    ]
    assert [f"partNumber={number}" in url for number, url in enumerate(upload.urls, 1)] == [True, True]
    for _ in range(2):
        artifacts.complete_upload(registry, ADA, under, "large.bin", upload.id, reversed_parts(parts))
    assert artifacts.download(registry, ADA, f"{under}/large.bin").size == 5 * 1024 * 1024 + 3


def reversed_parts(parts: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return list(reversed(parts))


def test_an_upload_is_given_up(registry: Services) -> None:
    like_s3(registry)
    under = root(logged_model(registry))
    upload = artifacts.begin_upload(registry, ADA, under, "x", 1)
    for _ in range(2):
        artifacts.abort_upload(registry, ADA, under, "x", upload.id)
    with pytest.raises(ArtifactNotFoundError):
        artifacts.complete_upload(registry, ADA, under, "x", upload.id, [(1, "etag")])


def test_parts_that_there_are_not_are_refused(registry: Services) -> None:
    under = root(logged_model(registry))
    upload = artifacts.begin_upload(registry, ADA, under, "x", 1)
    for wrong in ([], [(1, "")], [(1, "a"), (1, "b")], [(1, '"unknown"')]):
        with pytest.raises(InvalidInputError):
            artifacts.complete_upload(registry, ADA, under, "x", upload.id, wrong)
    for count in (0, artifacts.MAX_PARTS + 1):
        with pytest.raises(InvalidInputError):
            artifacts.begin_upload(registry, ADA, under, "x", count)


def test_logged_files_are_deleted_and_a_directory_with_all_below(registry: Services) -> None:
    under = root(logged_model(registry))
    artifacts.delete(registry, ADA, f"{under}/sub")
    artifacts.delete(registry, ADA, f"{under}/model.pkl")
    # Not asked for the directory above: moto lists the prefixes of deleted objects.
    assert artifacts.list_files(registry, ADA, f"{under}/sub") == []
    assert "model.pkl" not in [one.name for one in artifacts.list_files(registry, ADA, under)]
    with pytest.raises(ArtifactNotFoundError):
        artifacts.download(registry, ADA, f"{under}/sub/empty")


ASKS: dict[str, Callable[[Services, Principal, str], object]] = {
    "list": artifacts.list_files,
    "get": lambda registry, who, path: artifacts.download(registry, who, f"{path}/MLmodel"),
}
WRITES: dict[str, Callable[[Services, Principal, str], object]] = {
    "put": lambda registry, who, path: artifacts.put(registry, who, f"{path}/x", b"x"),
    "delete": lambda registry, who, path: artifacts.delete(registry, who, f"{path}/x"),
    "begin": lambda registry, who, path: artifacts.begin_upload(registry, who, path, "x", 1),
    "abort": lambda registry, who, path: artifacts.abort_upload(registry, who, path, "x", "1"),
    "complete": lambda registry, who, path: artifacts.complete_upload(registry, who, path, "x", "1", [(1, "e")]),
}


@pytest.mark.parametrize("name", sorted(ASKS))
def test_others_read_logged_files_by_a_grant_on_every_model(registry: Services, name: str) -> None:
    under = root(logged_model(registry))
    for allowed in (ADA, READER, MAINTAINER):
        ASKS[name](registry, allowed, under)
    for refused in (BOB, NOBODY):
        with pytest.raises(PermissionDeniedError):
            ASKS[name](registry, refused, under)


@pytest.mark.parametrize("name", sorted(WRITES))
def test_others_write_logged_files_by_a_grant_to_register_on_every_model(registry: Services, name: str) -> None:
    begun = run(registry)
    for under in (root(logged_model(registry)), f"0/{begun.id}/artifacts"):
        for refused in (BOB, NOBODY, READER):
            with pytest.raises(PermissionDeniedError):
                WRITES[name](registry, refused, under)


@pytest.mark.parametrize("path", ["", "0", "x/y", "0/models"])
def test_what_is_neither_a_run_s_nor_a_model_s_takes_a_grant_on_every_model(registry: Services, path: str) -> None:
    with pytest.raises(PermissionDeniedError):
        artifacts.list_files(registry, ADA, path)
    with pytest.raises(PermissionDeniedError):
        artifacts.put(registry, ADA, f"{path}/x".lstrip("/"), b"x")
    artifacts.list_files(registry, READER, path)
    artifacts.put(registry, MAINTAINER, f"{path}/x".lstrip("/"), b"x")


def test_what_a_client_that_tracks_elsewhere_uploads_belongs_to_who_was_first(registry: Services) -> None:
    artifacts.put(registry, ADA, f"x/{CLAIMED}/MLmodel", b"x")
    artifacts.put(registry, ADA, f"x/{CLAIMED}/other", b"x")
    with pytest.raises(PermissionDeniedError):
        artifacts.put(registry, BOB, f"x/{CLAIMED}/MLmodel", b"evil")
    with pytest.raises(PermissionDeniedError):
        artifacts.download(registry, BOB, f"x/{CLAIMED}/MLmodel")
    assert artifacts.read(registry, ADA, f"x/{CLAIMED}/MLmodel") == b"x"
    for refused in (NOBODY, READER):
        with pytest.raises(PermissionDeniedError):
            artifacts.put(registry, refused, f"x/{'f' * 32}/artifacts/x", b"x")


@pytest.mark.parametrize("path", ["../x", "a/%2e%2e/x", "/etc/passwd", "a//b", ""])
def test_a_path_that_leads_elsewhere_is_refused(registry: Services, path: str) -> None:
    for ask in (
        lambda: artifacts.put(registry, MAINTAINER, path, b""),
        lambda: artifacts.download(registry, MAINTAINER, path),
        lambda: artifacts.delete(registry, MAINTAINER, path),
    ):
        with pytest.raises(InvalidNameError):
            ask()


def test_nobody_writes_where_registered_versions_are(registry: Services) -> None:
    for write in WRITES.values():
        with pytest.raises(PermissionDeniedError, match="do not change"):
            write(registry, MAINTAINER, of_version("fraud", 1))


def test_a_version_s_files_are_those_of_its_manifest(registry: Services, capsys: pytest.CaptureFixture[str]) -> None:
    model(registry)
    version = ready_with(registry, ("MLmodel", b"a"), ("data/x", b"bc")).version
    listed = version_files.list_files(registry, ADA, RegisteredPath("fraud", 1, ""))
    assert [(one.name, one.size) for one in listed] == [("MLmodel", 1), ("data", None)]
    below = version_files.list_files(registry, ADA, RegisteredPath("fraud", 1, "data"))
    assert [(one.name, one.size) for one in below] == [("x", 2)]
    assert version_files.list_files(registry, ADA, RegisteredPath("fraud", 1, "MLmodel")) == []
    found = version_files.download(registry, ADA, RegisteredPath("fraud", 1, "data/x"))
    assert f"artifacts/{version.uid}/data/x?versionId=" in found.url
    assert version_files.read(registry, ADA, RegisteredPath("fraud", 1, "data/x")) == b"bc"
    assert capsys.readouterr().out.count('"log": "usage"') == 2
    for missing in (version_files.download, version_files.read):
        with pytest.raises(FileNotInManifestError):
            missing(registry, ADA, RegisteredPath("fraud", 1, "data"))


def test_a_version_s_files_take_the_right_to_download_the_model(registry: Services) -> None:
    model(registry)
    ready_with(registry, ("MLmodel", b"a"))
    for ask in (version_files.list_files, version_files.download, version_files.read):
        with pytest.raises(PermissionDeniedError):
            ask(registry, BOB, RegisteredPath("fraud", 1, "MLmodel"))


def test_a_version_that_is_not_ready_has_no_files_yet(registry: Services) -> None:
    model(registry)
    registered(registry, file())
    with pytest.raises(VersionNotReadyError):
        version_files.list_files(registry, ADA, RegisteredPath("fraud", 1, ""))
