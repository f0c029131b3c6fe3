"""Several threads and processes use one cache, and some of them are stopped."""

import hashlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from moorage import Client, IntegrityError, StorageError
from moorage.cache.blobs import Blobs
from moorage.cache.location import cache_root
from moorage.cache.locks import FileLock
from moorage.cache.trees import assemble
from moorage.digests import MIB

from tests.client import lines
from tests.client.conftest import Connect
from tests.client.filling import manifest
from tests.client.killing import killed_at_each_step
from tests.client.lines import Line
from tests.client.trees import content

TREE = """
from pathlib import Path
from moorage.cache.blobs import Blobs
from moorage.cache.trees import assemble
from tests.client.filling import manifest

assemble(Path(root, "version"), manifest({"a": b"1", "sub/b": b"2", "c": b"1"}), Blobs(Path(root)))
"""


def large_file(path: Path) -> bytes:
    data = hashlib.shake_256(b"large").digest(5 * MIB)
    path.write_bytes(data)
    return data


def store(blobs: Blobs, files: dict[str, bytes]) -> None:
    for data in files.values():
        path = blobs.path(hashlib.sha256(data).hexdigest())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def together(jobs: list[Callable[[], object]]) -> list[object]:
    """Run jobs at the same time, each in a thread of its own."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_clients_that_fetch_the_same_version_download_each_file_once(
    connect: Connect, client: Client, storage: Line, build: Path
) -> None:
    large_file(build / "large.bin")
    client.register("fraud", build)
    storage.requests.clear()
    clients = [connect() for _ in range(4)]
    trees = together([lambda one=one: one.fetch("fraud", 1).path for one in clients])
    assert len(set(trees)) == 1
    assert content(trees[0]) == content(build)
    asked = [(request.url.path, request.headers.get("range")) for request in storage.sent("GET")]
    assert len(asked) == len(set(asked)) == 7


def test_clients_that_download_into_one_directory_leave_one_version_there(
    connect: Connect, client: Client, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)
    first = content(build)
    (build / "model.bin").write_bytes(b"newer")
    (build / "more.txt").write_bytes(b"more")
    client.register("fraud", build)
    clients = [connect() for _ in range(4)]
    served = tmp_path / "serving" / "model"
    together([lambda one=one, n=n: one.download("fraud", 1 + n % 2, served) for n, one in enumerate(clients)])
    assert content(served) in (first, content(build))
    assert list(served.parent.iterdir()) == [served]


def test_a_fetch_that_was_cut_off_goes_on_with_the_other_segments(
    client: Client, storage: Line, tmp_path: Path
) -> None:
    data = large_file(tmp_path / "large.bin")
    client.register("fraud", files=[tmp_path / "large.bin"])
    last = f"bytes={4 * MIB}-"
    storage.disturb(
        lambda request, _: lines.refusal(404, "NoSuchKey"),
        lambda request: request.headers.get("range", "").startswith(last),
    )
    with pytest.raises(StorageError):
        client.fetch("fraud", 1)
    assert not list((cache_root() / "blobs").rglob("*"))
    arrived = {request.headers["range"] for request in storage.sent("GET")}
    storage.requests.clear()
    assert client.fetch("fraud", 1).files["large.bin"].read_bytes() == data
    again = {request.headers["range"] for request in storage.sent("GET")}
    assert {name for name in again & arrived if not name.startswith(last)} == set()
    assert not list((cache_root() / "partial").iterdir())


def test_a_fetch_that_was_stopped_before_the_name_needs_no_bytes(
    client: Client, storage: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large_file(tmp_path / "large.bin")
    client.register("fraud", files=[tmp_path / "large.bin"])
    replace = Path.replace

    def stopping(self: Path, target: Path) -> Path:
        if self.suffix == ".partial":
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopping)
        with pytest.raises(KeyboardInterrupt):
            client.fetch("fraud", 1)
    storage.requests.clear()
    assert content(client.fetch("fraud", 1).path) == {"large.bin": (tmp_path / "large.bin").read_bytes()}
    assert not storage.requests


def test_a_blob_that_is_removed_meanwhile_is_fetched_again(
    client: Client, api: Line, storage: Line, build: Path
) -> None:
    client.register("fraud", build)
    removed = []

    def prune(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        """Another process removes the other blob while this one is downloaded."""
        for blob in (cache_root() / "blobs").glob("*/*"):
            removed.append(blob)
            blob.unlink()
        return forward(request)

    storage.disturb(prune, lambda request: request.url.path.endswith("classes.json"))
    storage.disturb(prune, lambda request: request.url.path.endswith("model.bin"))
    assert content(client.fetch("fraud", 1).path) == content(build)


def test_a_tree_is_whole_or_not_there_when_its_maker_is_killed(tmp_path: Path) -> None:
    files = {"a": b"1", "sub/b": b"2", "c": b"1"}
    root = tmp_path / "root"
    store(Blobs(root), files)
    for _ in killed_at_each_step(TREE, root):
        if (root / "version" / "files").exists():
            assert content(root / "version" / "files") == files
        assemble(root / "version", manifest(files), Blobs(root))
        assert content(root / "version" / "files") == files
        shutil.rmtree(root / "version")
    assert content(root / "version" / "files") == files


def test_a_lock_is_held_by_one_process_at_a_time_and_freed_when_it_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holding = (
        "import sys; from pathlib import Path; from moorage.cache.locks import FileLock; "
        "FileLock(Path(sys.argv[1])).acquire(); print('held', flush=True); sys.stdin.read()"
    )
    order = []
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = FileLock(path)

        def wait() -> None:
            lock.acquire()
            order.append("acquired")

        waiting = threading.Thread(target=wait)
        waiting.start()
        order.append("killed")
        holder.kill()
        waiting.join()
    assert order == ["killed", "acquired"]
    lock.release()
    assert not path.exists()


def test_a_lock_excludes_the_threads_of_one_process(tmp_path: Path) -> None:
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(10):
            lock = FileLock(tmp_path / "lock")
            lock.acquire()
            inside += 1
            most = max(most, inside)
            inside -= 1
            lock.release()

    together([work] * 4)
    assert most == 1
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_that_was_removed_meanwhile_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    flock = fcntl.flock
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))

    def late(descriptor: int, operation: int) -> None:
        """The file that was opened is removed, and another one locked, before this lock comes."""
        monkeypatch.setattr(fcntl, "flock", flock)
        first.release()
        third.acquire()
        flock(descriptor, operation)

    first.acquire()
    monkeypatch.setattr(fcntl, "flock", late)
    given_up = threading.Event()
    given_up.set()
    assert not second.acquire(given_up)
    third.release()
    assert second.acquire(given_up)
    second.release()


def test_a_failure_does_not_wait_for_files_that_others_fetch(client: Client, storage: Line, build: Path) -> None:
    client.register("fraud", build)
    blobs = Blobs(cache_root())
    held = blobs.lock(hashlib.sha256(b"weights" * 1000).hexdigest())
    held.acquire()
    storage.disturb(lambda request, _: lines.refusal(404, "NoSuchKey"))
    with pytest.raises(StorageError, match="NoSuchKey"):
        client.fetch("fraud", 1)
    held.release()
    assert content(client.fetch("fraud", 1).path) == content(build)


def test_a_digest_that_fails_frees_its_lock(client: Client, storage: Line, build: Path) -> None:
    client.register("fraud", build)
    storage.disturb(lines.tampered)
    with pytest.raises(IntegrityError):
        client.fetch("fraud", 1)
    assert not list((cache_root() / "partial").glob("*.lock"))
    assert content(client.fetch("fraud", 1).path) == content(build)
