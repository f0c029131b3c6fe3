"""Downloads: which bytes a reference to a version gives, and at what cost."""

import pytest
import requests

from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    AliasNotFoundError,
    ConflictError,
    FileNotInManifestError,
    InvalidNameError,
    VersionNotFoundError,
    VersionNotReadyError,
)
from chalicelib.domain.instants import moment
from chalicelib.domain.versions.manifest import Proof
from chalicelib.registry.aliases.aliases import set_alias
from chalicelib.registry.versions.downloads import DOWNLOAD_WINDOW, download_file, download_manifest
from chalicelib.registry.versions.uploads import finalise_version
from chalicelib.registry.versions.versions import delete_version
from tests.registry.build import MODEL, file, model, put, ready_with, reference, registered, request
from tests.registry.faults import Calls


@pytest.fixture(autouse=True)
def fraud(registry: Services) -> str:
    return model(registry, MODEL)


def fetch(url: str | None) -> bytes:
    assert url is not None
    answer = requests.get(url, timeout=5)
    answer.raise_for_status()
    return answer.content


def champion(registry: Services, number: int) -> None:
    set_alias(registry, request(), MODEL, "champion", number, None, None)


@pytest.mark.parametrize("ref", ["1", "@champion"])
def test_a_manifest_gives_every_file_by_path_with_its_bytes(registry: Services, ref: str) -> None:
    version = ready_with(registry, ("model.bin", b"weights"), ("config/a.json", b"{}"), ("empty", b""))
    champion(registry, 1)

    manifest = download_manifest(registry, MODEL, ref, 100, None)

    assert {item.file.path: fetch(item.url) for item in manifest.items} == {
        "config/a.json": b"{}",
        "empty": b"",
        "model.bin": b"weights",
    }
    assert [item.file.path for item in manifest.items] == ["config/a.json", "empty", "model.bin"]
    assert all(item.file.verified is Proof.SHA256 for item in manifest.items)
    assert (manifest.model, manifest.number, manifest.digest) == (MODEL, 1, version.version.digest)
    assert manifest.next_start is None


@pytest.mark.parametrize(("ref", "operation"), [("1", "BatchGetItem"), ("@champion", "GetItem")])
def test_a_download_costs_one_read_and_no_call_of_s3(registry: Services, ref: str, operation: str) -> None:
    ready_with(registry, ("model.bin", b"weights"))
    champion(registry, 1)
    table, bucket = Calls(registry.client("dynamodb")), Calls(registry.client("s3"))

    download_manifest(registry, MODEL, ref, 100, None)
    download_file(registry, MODEL, ref, "model.bin")

    assert table.operations == [operation, operation]
    assert bucket.operations == []


def test_bytes_put_after_finalising_are_never_served(registry: Services) -> None:
    version = ready_with(registry, ("model.bin", b"weights"))
    champion(registry, 1)

    put(registry, version, "model.bin", b"tampered")

    assert fetch(download_file(registry, MODEL, "1", "model.bin").url) == b"weights"
    assert fetch(download_manifest(registry, MODEL, "@champion", 100, None).items[0].url) == b"weights"


def test_an_alias_serves_the_version_it_points_at_now(registry: Services) -> None:
    ready_with(registry, ("model.bin", b"first"))
    ready_with(registry, ("model.bin", b"second"))
    champion(registry, 1)
    before = fetch(download_file(registry, MODEL, "@champion", "model.bin").url)
    champion(registry, 2)

    assert (before, fetch(download_file(registry, MODEL, "@champion", "model.bin").url)) == (
        b"first",
        b"second",
    )


def test_pages_hold_every_file_once(registry: Services) -> None:
    paths = [f"part-{number}" for number in range(7)]
    ready_with(registry, *((path, path.encode()) for path in paths))

    seen: list[str] = []
    start = None
    while True:
        page = download_manifest(registry, MODEL, "1", 3, start)
        seen += [item.file.path for item in page.items]
        start = page.next_start
        if start is None:
            break

    assert seen == paths


def test_a_full_last_page_has_no_next(registry: Services) -> None:
    ready_with(registry, ("a", b"a"), ("b", b"b"))

    assert download_manifest(registry, MODEL, "1", 2, None).next_start is None


def test_pages_of_an_alias_keep_to_one_version_when_it_moves(registry: Services) -> None:
    ready_with(registry, ("a", b"a1"), ("b", b"b1"))
    ready_with(registry, ("a", b"a2"), ("b", b"b2"))
    champion(registry, 1)
    first = download_manifest(registry, MODEL, "@champion", 1, None)
    champion(registry, 2)

    second = download_manifest(registry, MODEL, "@champion", 1, first.next_start)

    assert [fetch(item.url) for page in (first, second) for item in page.items] == [b"a1", b"b1"]
    assert (second.number, second.next_start) == (1, None)


def test_urls_end_after_an_hour_and_the_manifest_says_so(registry: Services) -> None:
    ready_with(registry, ("model.bin", b"weights"))
    before = moment(registry.clock())

    manifest = download_manifest(registry, MODEL, "1", 100, None)

    assert before <= moment(manifest.expires_at) - DOWNLOAD_WINDOW <= moment(registry.clock())
    assert "X-Amz-Expires=3600&" in str(manifest.items[0].url)


def test_a_reference_is_in_the_manifest_with_its_uri_and_no_url(registry: Services) -> None:
    registered(registry, reference("base.bin", "s3://elsewhere/base.bin"))
    finalise_version(registry, request(), MODEL, "1")

    item = download_manifest(registry, MODEL, "1", 100, None).items[0]

    assert (item.file.uri, item.url, item.file.verified) == ("s3://elsewhere/base.bin", None, Proof.DECLARED)


def test_a_reference_over_https_is_followed(registry: Services) -> None:
    registered(registry, reference("base.bin", "https://models.example/base.bin"))
    finalise_version(registry, request(), MODEL, "1")

    assert download_file(registry, MODEL, "1", "base.bin").url == "https://models.example/base.bin"


@pytest.mark.parametrize("uri", ["s3://elsewhere/base.bin", "http://models.example/base.bin"])
def test_a_reference_that_no_redirect_should_follow_is_refused_with_its_address(registry: Services, uri: str) -> None:
    registered(registry, reference("base.bin", uri))
    finalise_version(registry, request(), MODEL, "1")

    with pytest.raises(ConflictError, match=uri):
        download_file(registry, MODEL, "1", "base.bin")


def test_a_pending_version_has_nothing_to_download(registry: Services) -> None:
    version = registered(registry, file("model.bin", b"weights"))
    put(registry, version, "model.bin", b"weights")

    with pytest.raises(VersionNotReadyError):
        download_manifest(registry, MODEL, "1", 100, None)
    with pytest.raises(VersionNotReadyError):
        download_file(registry, MODEL, "1", "model.bin")


def test_a_deleted_version_has_nothing_to_download(registry: Services) -> None:
    ready_with(registry, ("model.bin", b"weights"))
    delete_version(registry, request(), MODEL, "1")

    with pytest.raises(VersionNotFoundError):
        download_file(registry, MODEL, "1", "model.bin")


@pytest.mark.parametrize(
    ("ref", "path", "error"),
    [
        ("1", "absent.bin", FileNotInManifestError),
        ("2", "model.bin", VersionNotFoundError),
        ("@challenger", "model.bin", AliasNotFoundError),
        ("champion", "model.bin", InvalidNameError),
    ],
)
def test_what_does_not_exist_is_told_apart(registry: Services, ref: str, path: str, error: type[Exception]) -> None:
    ready_with(registry, ("model.bin", b"weights"))

    with pytest.raises(error):
        download_file(registry, MODEL, ref, path)
