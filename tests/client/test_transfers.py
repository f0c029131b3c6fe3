"""Registering, resuming and downloading over connections that fail."""

import hashlib
import random
from pathlib import Path

import httpx
import pytest
from moorage import Client, ConflictError, IntegrityError, LocalFilesError, MoorageError, NotFoundError, StorageError
from moorage.cache.location import cache_root
from moorage.digests import MIB

from chalicelib.aws.services import Services
from tests.client import lines
from tests.client.lines import Answering, Line
from tests.client.trees import content


def large_file(directory: Path, size: int = 12 * MIB + 5) -> Path:
    path = directory / "large.bin"
    path.write_bytes(random.Random(size).randbytes(size))
    return path


def is_get(request: httpx.Request) -> bool:
    return request.method == "GET"


def test_registered_files_come_back_as_they_were(client: Client, build: Path, tmp_path: Path) -> None:
    version = client.register("fraud", build, metrics={"auc": 0.97, "rows": 569}, label="1.0.0")
    client.aliases.set("fraud", "champion", version.number)
    served = client.download("fraud", "@champion", tmp_path / "served")
    assert version.ready
    assert version.metrics == {"auc": 0.97, "rows": 569}
    assert served.version == 1
    assert content(tmp_path / "served") == content(build)


def test_a_large_file_goes_up_in_parts_and_comes_down_in_segments(
    client: Client, storage: Line, tmp_path: Path
) -> None:
    path = large_file(tmp_path)
    client.register("fraud", files=[path])
    client.download("fraud", 1, tmp_path / "served")
    assert len(storage.sent("PUT")) == 3
    assert len(storage.sent("GET")) == 13
    assert content(tmp_path / "served") == {"large.bin": path.read_bytes()}


def test_an_empty_file_is_a_file(client: Client, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    client.register("fraud", files=[tmp_path / "empty"])
    client.download("fraud", 1, tmp_path / "served")
    assert content(tmp_path / "served") == {"empty": b""}


def test_files_of_the_same_content_are_all_there(client: Client, tmp_path: Path) -> None:
    twins = tmp_path / "twins"
    twins.mkdir()
    for name in ("a", "b", "c"):
        (twins / name).write_bytes(b"same")
    client.register("fraud", twins)
    client.download("fraud", 1, tmp_path / "served")
    assert content(tmp_path / "served") == {"a": b"same", "b": b"same", "c": b"same"}


def test_an_interrupted_upload_sends_only_what_is_missing(client: Client, storage: Line, build: Path) -> None:
    large_file(build)
    storage.disturb(
        lambda request, _: lines.refusal(400, "InvalidRequest"),
        lambda request: request.url.params.get("partNumber") == "2",
        times=1,
    )
    with pytest.raises(StorageError):
        client.register("fraud", build)
    arrived = {
        (request.url.path, request.url.params.get("partNumber"))
        for request in storage.sent("PUT")
        if request.url.params.get("partNumber") != "2"
    }
    storage.requests.clear()
    assert client.resume("fraud", 1, build).ready
    again = {(request.url.path, request.url.params.get("partNumber")) for request in storage.sent("PUT")}
    assert "2" in {number for _, number in again}
    assert not again & arrived


def test_resuming_with_another_file_is_refused_before_anything_is_sent(
    client: Client, storage: Line, build: Path
) -> None:
    storage.disturb(lambda request, _: lines.refusal(400, "InvalidRequest"), times=9)
    with pytest.raises(StorageError):
        client.register("fraud", build)
    (build / "model.bin").write_bytes(b"other")
    storage.requests.clear()
    with pytest.raises(IntegrityError, match="was registered with"):
        client.resume("fraud", 1, build)
    assert not storage.requests


def test_resuming_without_a_file_names_it(client: Client, storage: Line, build: Path) -> None:
    storage.disturb(lambda request, _: lines.refusal(400, "InvalidRequest"), times=9)
    with pytest.raises(StorageError):
        client.register("fraud", build)
    (build / "model.bin").unlink()
    with pytest.raises(MoorageError, match=r"'model\.bin'"):
        client.resume("fraud", 1, build)


def test_resuming_a_finished_version_changes_nothing(client: Client, storage: Line, build: Path) -> None:
    client.register("fraud", build)
    storage.requests.clear()
    assert client.resume("fraud", 1, build).ready
    assert not storage.requests


def test_bytes_that_changed_since_they_were_hashed_are_refused_by_storage(
    client: Client, storage: Line, build: Path
) -> None:
    def change(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        changed = httpx.Request("PUT", request.url, headers=request.headers, content=b"x" * 7000)
        return forward(changed)

    storage.disturb(change, lambda request: request.url.path.endswith("model.bin"))
    with pytest.raises(IntegrityError, match="not those that were registered"):
        client.register("fraud", build)


def test_a_registration_whose_answers_are_lost_makes_one_version(client: Client, api: Line, build: Path) -> None:
    api.disturb(lines.lose_answer, lambda request: request.url.path == "/v1/models")
    api.disturb(lines.lose_answer, lambda request: request.url.path.endswith("/versions"))
    api.disturb(lines.lose_answer, lambda request: request.url.path.endswith("/finalise"))
    client.register("fraud", build)
    assert [version.number for version in client.versions.list("fraud")] == [1]
    keys = [request.headers["Idempotency-Key"] for request in api.sent("POST", "/versions")]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    types = [event.type for event in client.events.list("fraud", order="oldest")]
    assert types == ["model.created", "version.created", "version.ready"]


def test_a_pipeline_that_starts_over_with_its_key_goes_on_with_its_version(
    client: Client, storage: Line, build: Path
) -> None:
    def break_off(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        return lines.refusal(400, "InvalidRequest")

    storage.disturb(break_off, lambda request: request.url.path.endswith("model.bin"))
    with pytest.raises(StorageError):
        client.register("fraud", build, idempotency_key="run-42")
    arrived = {request.url.path for request in storage.sent("PUT")} - {
        request.url.path for request in storage.sent("PUT", "model.bin")
    }
    storage.calm()
    assert client.register("fraud", build, idempotency_key="run-42").number == 1
    assert not arrived & {request.url.path for request in storage.sent("PUT")}
    storage.calm()
    assert client.register("fraud", build, idempotency_key="run-42").ready
    assert not storage.requests


@pytest.mark.parametrize("expired", [lines.expired, lines.session_expired])
def test_an_expired_upload_url_is_replaced(
    client: Client, storage: Line, api: Line, build: Path, expired: Answering
) -> None:
    storage.disturb(expired, times=2)
    assert client.register("fraud", build).ready
    assert 1 <= len(api.sent("GET", "/upload")) <= 2


@pytest.mark.parametrize("expired", [lines.expired, lines.session_expired])
def test_an_expired_part_url_is_replaced(
    client: Client, storage: Line, api: Line, tmp_path: Path, expired: Answering
) -> None:
    storage.disturb(expired)
    assert client.register("fraud", files=[large_file(tmp_path)]).ready
    assert len(api.sent("POST", "/parts")) == 2


def test_an_upload_whose_answer_is_lost_is_stored_once(
    client: Client, storage: Line, build: Path, registry: Services
) -> None:
    storage.disturb(lines.lose_answer)
    assert client.register("fraud", build).ready
    assert len(storage.sent("PUT")) == 3
    stored = registry.client("s3").list_object_versions(Bucket=registry.bucket.name, Prefix="artifacts/")["Versions"]
    assert len(stored) == 2


def test_an_upload_that_meets_another_of_the_same_file_is_repeated(client: Client, storage: Line, build: Path) -> None:
    storage.disturb(lambda request, _: lines.refusal(409, "ConditionalRequestConflict"))
    assert client.register("fraud", build).ready


def test_storage_that_stays_busy_is_given_up_with_its_own_error(client: Client, storage: Line, build: Path) -> None:
    storage.disturb(lambda request, _: lines.refusal(503, "SlowDown"), times=99)
    with pytest.raises(StorageError) as refused:
        client.register("fraud", build)
    assert (refused.value.code, refused.value.status, refused.value.retryable) == ("SlowDown", 503, True)


def test_a_truncated_download_goes_on_where_it_broke(
    client: Client, storage: Line, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)
    storage.disturb(lines.truncated, lambda request: request.url.path.endswith("model.bin"))
    client.download("fraud", 1, tmp_path / "served")
    ranges = [request.headers.get("range") for request in storage.sent("GET", "model.bin")]
    assert ranges == [None, "bytes=3500-6999"]
    assert content(tmp_path / "served") == content(build)


def test_tampered_bytes_never_get_the_name(client: Client, storage: Line, build: Path, tmp_path: Path) -> None:
    client.register("fraud", build)
    storage.disturb(lines.tampered, lambda request: request.url.path.endswith("model.bin"))
    with pytest.raises(IntegrityError, match=r"model\.bin"):
        client.download("fraud", 1, tmp_path / "served")
    assert set(content(tmp_path / "served")) <= {"data/classes.json"}


@pytest.mark.parametrize("expired", [lines.expired, lines.session_expired])
def test_an_expired_download_url_is_replaced(
    expired: Answering, client: Client, storage: Line, api: Line, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)
    storage.disturb(expired, is_get)
    client.download("fraud", 1, tmp_path / "served")
    assert len(api.sent("GET", "/artifacts")) == 2
    assert content(tmp_path / "served") == content(build)


def test_an_alias_that_moves_during_a_download_does_not_mix_versions(
    client: Client, storage: Line, api: Line, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)
    before = content(build)
    client.aliases.set("fraud", "champion", 1)
    (build / "model.bin").write_bytes(b"newer")
    client.register("fraud", build)

    def move(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        client.aliases.set("fraud", "champion", 2)
        return lines.expired(request, forward)

    storage.disturb(move, is_get)
    assert client.download("fraud", "@champion", tmp_path / "served").version == 1
    assert content(tmp_path / "served") == before


def test_a_download_that_was_cut_off_fetches_only_the_other_segments(
    client: Client, storage: Line, tmp_path: Path
) -> None:
    path = large_file(tmp_path, 5 * MIB)
    client.register("fraud", files=[path])
    storage.disturb(
        lambda request, _: lines.refusal(404, "NoSuchKey"),
        lambda request: request.headers.get("range", "").startswith(f"bytes={4 * MIB}-"),
    )
    with pytest.raises(StorageError):
        client.download("fraud", 1, tmp_path / "served")
    finished = {
        request.headers["range"]
        for request in storage.sent("GET")
        if not request.headers["range"].startswith(f"bytes={4 * MIB}-")
    }
    storage.requests.clear()
    client.download("fraud", 1, tmp_path / "served")
    assert not finished & {request.headers["range"] for request in storage.sent("GET")}
    assert content(tmp_path / "served") == {"large.bin": path.read_bytes()}


def test_a_damaged_leftover_is_fetched_again_whole(client: Client, storage: Line, tmp_path: Path) -> None:
    path = large_file(tmp_path, 2 * MIB)
    client.register("fraud", files=[path])
    storage.disturb(
        lambda request, _: lines.refusal(404, "NoSuchKey"),
        lambda request: request.headers.get("range", "").startswith(f"bytes={MIB}-"),
    )
    with pytest.raises(StorageError):
        client.download("fraud", 1, tmp_path / "served")
    (leftover,) = (cache_root() / "partial").glob("*.partial")
    leftover.write_bytes(bytes(2 * MIB))
    leftover.with_suffix(".segments").write_text("0\n")
    client.download("fraud", 1, tmp_path / "served")
    assert content(tmp_path / "served") == {"large.bin": path.read_bytes()}


def test_complete_files_are_left_alone_and_changed_ones_replaced_on_request(
    client: Client, storage: Line, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)
    client.download("fraud", 1, tmp_path / "served")
    (tmp_path / "served" / "model.bin").write_bytes(b"w" * 7000)
    with pytest.raises(LocalFilesError, match=r"model\.bin: differs"):
        client.download("fraud", 1, tmp_path / "served")
    assert (tmp_path / "served" / "model.bin").read_bytes() == b"w" * 7000
    storage.requests.clear()
    again = client.download("fraud", 1, tmp_path / "served", overwrite=True)
    assert not storage.requests
    assert [path.name for path in again.fetched] == ["model.bin"]
    assert [path.name for path in again.skipped] == ["classes.json"]
    assert content(tmp_path / "served") == content(build)


def test_one_file_can_be_downloaded_alone(client: Client, build: Path, tmp_path: Path) -> None:
    client.register("fraud", build)
    client.download("fraud", 1, tmp_path / "served", paths=["data/classes.json"])
    assert set(content(tmp_path / "served")) == {"data/classes.json"}
    with pytest.raises(NotFoundError, match=r"missing\.bin"):
        client.download("fraud", 1, tmp_path / "served", paths=["missing.bin"])


def test_references_are_recorded_and_not_fetched(client: Client, build: Path, tmp_path: Path) -> None:
    reference = {"path": "train.parquet", "uri": "s3://lake/train.parquet", "size": 9, "sha256": "a" * 64}
    client.register("fraud", build, references=[reference])
    served = client.download("fraud", 1, tmp_path / "served")
    assert [file.uri for file in served.references] == ["s3://lake/train.parquet"]
    assert content(tmp_path / "served") == content(build)


def test_a_manifest_that_does_not_match_its_digest_is_refused(
    client: Client, api: Line, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)

    def swap(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        document = forward(request).json()
        document["items"][0]["sha256"] = hashlib.sha256(b"evil").hexdigest()
        return httpx.Response(200, json=document)

    api.disturb(swap, lambda request: request.url.path.endswith("/artifacts"))
    with pytest.raises(IntegrityError, match="digest"):
        client.download("fraud", 1, tmp_path / "served")
    assert not (tmp_path / "served").exists()


def test_a_path_that_climbs_out_is_refused_whatever_the_registry_says(
    client: Client, api: Line, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)

    def climb(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        document = forward(request).json()
        document["items"][0]["path"] = "../escaped.bin"
        del document["digest"]
        return httpx.Response(200, json=document)

    api.disturb(climb, lambda request: request.url.path.endswith("/artifacts"))
    with pytest.raises(IntegrityError, match="plain relative path"):
        client.download("fraud", 1, tmp_path / "served")
    assert not (tmp_path / "escaped.bin").exists()


def test_a_manifest_longer_than_a_page_is_read_whole(client: Client, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(120):
        (many / f"{number:03}.txt").write_text(str(number))
    client.register("fraud", many)
    client.aliases.set("fraud", "champion", 1)
    client.download("fraud", "@champion", tmp_path / "served")
    assert content(tmp_path / "served") == content(many)


def test_registering_tells_its_progress_to_the_byte(client: Client, storage: Line, build: Path) -> None:
    class Counter:
        def __init__(self) -> None:
            self.totals: dict[str, tuple[int, int]] = {}
            self.done: dict[str, int] = {}
            self._action = ""

        def started(self, action: str, files: int, size: int) -> None:
            self._action = action
            self.totals[action] = (files, size)
            self.done[action] = 0

        def advanced(self, size: int) -> None:
            self.done[self._action] += size

        def finished(self, action: str) -> None:
            assert action == self._action

    size = sum(map(len, content(build).values()))
    counter = Counter()
    storage.disturb(lines.lose_answer)
    client.register("fraud", build, progress=counter)
    assert counter.totals == {"hash": (2, size), "upload": (2, size)}
    assert counter.done == {"hash": size, "upload": size}


def test_an_expired_version_cannot_be_resumed(client: Client, api: Line, build: Path) -> None:
    client.register("fraud", build)

    def expire(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        return httpx.Response(200, json=forward(request).json() | {"status": "EXPIRED"})

    api.disturb(expire, lambda request: request.url.path.endswith("/versions/1"))
    with pytest.raises(ConflictError, match="register a new version"):
        client.resume("fraud", 1, build)
