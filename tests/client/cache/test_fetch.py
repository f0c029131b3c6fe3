"""Versions served from the cache."""

import hashlib
import os
import stat
from pathlib import Path

import httpx
import pytest
from moorage import Client, DiskError, IntegrityError, NotFoundError, UnsafePathError
from moorage.cache.location import cache_root
from moorage.cache.store import CachedVersion

from tests.client import lines
from tests.client.lines import Line
from tests.client.trees import content


def blob_of(data: bytes) -> Path:
    digest = hashlib.sha256(data).hexdigest()
    return cache_root() / "blobs" / digest[:2] / digest


def tamper(path: Path, data: bytes) -> None:
    """Change a file in place, as somebody would who insists."""
    path.chmod(0o644)
    path.write_bytes(data)


@pytest.fixture
def fetched(client: Client, storage: Line, build: Path) -> CachedVersion:
    """Version 1 of fraud, in the cache; the storage has forgotten that it was asked."""
    client.register("fraud", build)
    client.aliases.set("fraud", "champion", 1)
    version = client.fetch("fraud", "@champion")
    storage.requests.clear()
    return version


def test_a_fetched_version_has_exactly_its_files(fetched: CachedVersion, build: Path) -> None:
    assert content(fetched.path) == content(build)
    assert {path: file.read_bytes() for path, file in fetched.files.items()} == content(build)
    assert (fetched.model, fetched.version, fetched.offline, fetched.age.total_seconds()) == ("fraud", 1, False, 0)


def test_a_version_in_the_cache_is_not_downloaded_again(client: Client, storage: Line, fetched: CachedVersion) -> None:
    again = client.fetch("fraud", 1)
    assert again.path == fetched.path
    assert not storage.requests


def test_versions_share_the_files_that_they_have_in_common(
    client: Client, storage: Line, fetched: CachedVersion, build: Path
) -> None:
    (build / "model.bin").write_bytes(b"newer")
    client.register("fraud", build)
    storage.requests.clear()
    second = client.fetch("fraud", 2)
    assert content(second.path) == content(build)
    assert len(storage.sent("GET")) == 1
    assert second.files["data/classes.json"].samefile(fetched.files["data/classes.json"])


def test_only_the_owner_can_read_the_cache_and_nobody_writes_its_files(fetched: CachedVersion) -> None:
    assert stat.S_IMODE(cache_root().stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in fetched.files.values()} == {0o444}


@pytest.mark.parametrize("changed", [b"evil" * 1750, b"short"])
def test_a_tampered_file_is_refused_and_fetched_again(
    changed: bytes, client: Client, storage: Line, fetched: CachedVersion, build: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tamper(fetched.files["model.bin"], changed)
    assert content(client.fetch("fraud", 1).path) == content(build)
    assert len(storage.sent("GET")) == 1
    assert "was changed in the cache" in caplog.text


def test_a_tampered_file_that_cannot_be_fetched_again_is_not_served(
    client: Client, storage: Line, fetched: CachedVersion
) -> None:
    tamper(fetched.files["model.bin"], b"evil" * 1750)
    storage.disturb(lines.tampered)
    with pytest.raises(IntegrityError, match=r"model\.bin does not have the registered SHA-256"):
        client.fetch("fraud", 1)
    assert not blob_of(b"weights" * 1000).exists()


def test_a_file_put_in_the_place_of_a_link_is_replaced(client: Client, fetched: CachedVersion, build: Path) -> None:
    fetched.files["model.bin"].unlink()
    fetched.files["model.bin"].write_bytes(b"evil" * 1750)
    assert content(client.fetch("fraud", 1).path) == content(build)


def test_a_link_out_of_the_tree_is_replaced(
    client: Client, fetched: CachedVersion, build: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere"
    copy.write_bytes(fetched.files["model.bin"].read_bytes())
    fetched.files["model.bin"].unlink()
    fetched.files["model.bin"].symlink_to(copy)
    served = client.fetch("fraud", 1)
    assert not served.files["model.bin"].is_symlink()
    assert content(served.path) == content(build)
    assert copy.read_bytes() == (build / "model.bin").read_bytes()


def test_a_directory_linked_to_another_place_is_replaced(
    client: Client, fetched: CachedVersion, build: Path, tmp_path: Path
) -> None:
    (fetched.path / "data").rename(tmp_path / "data")
    (fetched.path / "data").symlink_to(tmp_path / "data")
    served = client.fetch("fraud", 1)
    assert not (served.path / "data").is_symlink()
    assert content(served.path) == content(build)
    assert (tmp_path / "data" / "classes.json").exists()


def test_a_missing_file_of_a_tree_is_put_back(
    client: Client, storage: Line, fetched: CachedVersion, build: Path
) -> None:
    fetched.files["model.bin"].unlink()
    assert content(client.fetch("fraud", 1).path) == content(build)
    assert not storage.requests


def test_files_that_are_not_of_the_version_do_not_stay_in_its_tree(
    client: Client, fetched: CachedVersion, build: Path
) -> None:
    (fetched.path / "config.json").write_text("{}")
    (fetched.path / "data" / "__pycache__").mkdir()
    (fetched.path / "data" / "__pycache__" / "x.pyc").write_bytes(b"")
    assert content(client.fetch("fraud", 1).path) == content(build)
    assert not (fetched.path / "data" / "__pycache__").exists()


def test_a_file_system_without_hard_links_gets_copies(
    client: Client, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    client.register("fraud", build)
    served = client.fetch("fraud", 1)
    assert content(served.path) == content(build)
    assert not served.files["model.bin"].samefile(blob_of(b"weights" * 1000))
    tamper(served.files["model.bin"], b"evil" * 1750)
    assert content(client.fetch("fraud", 1).path) == content(build)


def test_references_are_named_and_not_fetched(client: Client, build: Path) -> None:
    reference = {"path": "train.parquet", "uri": "s3://lake/train.parquet", "size": 9, "sha256": "a" * 64}
    client.register("fraud", build, references=[reference])
    served = client.fetch("fraud", 1)
    assert [file.uri for file in served.references] == ["s3://lake/train.parquet"]
    assert content(served.path) == content(build)


def test_twins_of_one_content_are_fetched_once(client: Client, storage: Line, tmp_path: Path) -> None:
    twins = tmp_path / "twins"
    twins.mkdir()
    for name in ("a", "b", "c"):
        (twins / name).write_bytes(b"same")
    client.register("fraud", twins)
    storage.requests.clear()
    assert content(client.fetch("fraud", 1).path) == content(twins)
    assert len(storage.sent("GET")) == 1


def test_the_registry_is_asked_each_time_whether_the_caller_may_have_the_version(
    client: Client, api: Line, fetched: CachedVersion
) -> None:
    refusal = httpx.Response(404, json={"code": "version_not_found", "detail": "there is no such version"})
    api.disturb(lambda request, _: refusal, lambda request: request.url.path.endswith("/artifacts"))
    with pytest.raises(NotFoundError):
        client.fetch("fraud", 1)


def test_a_digest_that_is_a_path_is_refused(client: Client, api: Line, build: Path) -> None:
    client.register("fraud", build)

    def climb(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        document = forward(request).json()
        document["items"][0]["sha256"] = "../../../escaped"
        del document["digest"]
        return httpx.Response(200, json=document)

    api.disturb(climb, lambda request: request.url.path.endswith("/artifacts"))
    with pytest.raises(IntegrityError, match="as a SHA-256"):
        client.fetch("fraud", 1)


def test_a_path_that_climbs_out_of_the_tree_is_refused(client: Client, api: Line, build: Path) -> None:
    client.register("fraud", build)

    def climb(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        document = forward(request).json()
        document["items"][0]["path"] = "../escaped.bin"
        del document["digest"]
        return httpx.Response(200, json=document)

    api.disturb(climb, lambda request: request.url.path.endswith("/artifacts"))
    with pytest.raises(UnsafePathError):
        client.fetch("fraud", 1)
    assert not list(cache_root().rglob("escaped.bin"))


def test_a_full_disk_is_named(client: Client, build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client.register("fraud", build)

    def full(self: Path, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DiskError, match=r"is full.*MOORAGE_CACHE"):
        client.fetch("fraud", 1)


def test_the_urls_of_a_version_are_not_kept(fetched: CachedVersion) -> None:
    records = [path.read_text() for path in cache_root().rglob("*.json")]
    assert len(records) == 3
    assert not any("X-Amz-Signature" in record for record in records)
