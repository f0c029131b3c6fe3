"""A directory that versions are downloaded into: exactly one version's files, and never a user's own touched."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moorage import Client, DiskError, IntegrityError, LocalFilesError, UnsafePathError
from moorage.download import Downloader
from moorage.local_copy.record import RECORD

from tests.client import lines
from tests.client.filling import FullCache, write
from tests.client.lines import Line
from tests.client.trees import content

FIRST = {"model.bin": b"one", "data/classes.json": b"[]", "data/old.txt": b"old"}
SECOND = {"model.bin": b"two!", "data/classes.json": b"[]", "new/file.txt": b"new"}


@pytest.fixture
def served(client: Client, storage: Line, tmp_path: Path) -> Path:
    """Where version 1 of fraud was downloaded to, alone in its parent; there is a version 2."""
    client.register("fraud", write(tmp_path / "first", FIRST))
    client.register("fraud", write(tmp_path / "second", SECOND))
    client.download("fraud", 1, tmp_path / "serving" / "model")
    storage.requests.clear()
    return tmp_path / "serving" / "model"


def alone(directory: Path) -> bool:
    return list(directory.parent.iterdir()) == [directory]


def test_another_version_takes_the_place_of_the_earlier_one(client: Client, storage: Line, served: Path) -> None:
    done = client.download("fraud", 2, served)
    assert content(served) == SECOND
    assert [path.name for path in done.removed] == ["old.txt"]
    assert [path.name for path in done.skipped] == ["classes.json"]
    assert len(storage.sent("GET")) == 2
    assert alone(served)


def test_a_version_that_was_downloaded_before_comes_from_the_cache(
    client: Client, storage: Line, served: Path, tmp_path: Path
) -> None:
    client.download("fraud", 1, tmp_path / "again")
    assert not storage.requests
    assert content(tmp_path / "again") == FIRST


def test_a_downloaded_file_is_a_copy_that_can_be_changed(client: Client, served: Path) -> None:
    (served / "model.bin").write_bytes(b"my own")
    assert client.fetch("fraud", 1).files["model.bin"].read_bytes() == b"one"


@pytest.mark.parametrize("name", ["model.bin", "data/old.txt"])
def test_a_changed_file_is_the_user_s_own(name: str, client: Client, served: Path) -> None:
    (served / name).write_bytes(b"my own")
    with pytest.raises(LocalFilesError, match=name):
        client.download("fraud", 2, served)
    assert content(served) == FIRST | {name: b"my own"}
    assert alone(served)


def test_other_files_are_refused_and_named_before_anything_is_downloaded(
    client: Client, storage: Line, served: Path
) -> None:
    (served / "notes.txt").write_text("mine")
    with pytest.raises(LocalFilesError, match=r"overwrite=True(.|\n)*notes\.txt: is not a file of fraud/2"):
        client.download("fraud", 2, served)
    assert not storage.requests
    assert content(served) == FIRST | {"notes.txt": b"mine"}


def test_on_request_other_files_stay_and_differing_ones_are_overwritten(client: Client, served: Path) -> None:
    (served / "notes.txt").write_text("mine")
    (served / "model.bin").write_bytes(b"my own")
    client.download("fraud", 2, served, overwrite=True)
    assert content(served) == SECOND | {"notes.txt": b"mine"}
    assert not (served / "data" / "old.txt").exists()


def test_a_directory_with_files_of_nobody_knows_whom_is_no_download(client: Client, served: Path) -> None:
    (served / RECORD).unlink()
    with pytest.raises(LocalFilesError):
        client.download("fraud", 2, served)
    assert client.download("fraud", 1, served).fetched == ()
    client.download("fraud", 2, served)
    assert content(served) == SECOND


def test_a_damaged_record_claims_no_files(client: Client, served: Path) -> None:
    (served / RECORD).write_text("{")
    with pytest.raises(LocalFilesError):
        client.download("fraud", 2, served)


def test_a_link_in_the_directory_is_the_user_s_own(client: Client, served: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"one")
    (served / "model.bin").unlink()
    (served / "model.bin").symlink_to(tmp_path / "mine")
    with pytest.raises(LocalFilesError, match=r"model\.bin"):
        client.download("fraud", 1, served)
    client.download("fraud", 1, served, overwrite=True)
    assert content(served) == FIRST
    assert (tmp_path / "mine").read_bytes() == b"one"


def test_an_empty_directory_may_be_there(client: Client, served: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir(mode=0o750)
    client.download("fraud", 1, tmp_path / "empty")
    assert content(tmp_path / "empty") == FIRST
    assert (tmp_path / "empty").stat().st_mode & 0o777 == 0o750


def test_a_link_to_a_directory_stays_one(client: Client, served: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(served)
    client.download("fraud", 2, tmp_path / "current")
    assert (tmp_path / "current").is_symlink()
    assert content(served) == SECOND


def test_the_current_directory_stays_the_current_one(
    client: Client, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(served)
    client.download("fraud", 2, ".")
    assert content(Path.cwd()) == content(served) == SECOND
    assert sorted(path.name for path in served.iterdir()) == [RECORD, "data", "model.bin", "new"]


def test_a_failed_download_leaves_the_directory_as_it_was(client: Client, storage: Line, served: Path) -> None:
    storage.disturb(lines.tampered, times=9)
    with pytest.raises(IntegrityError):
        client.download("fraud", 2, served)
    assert content(served) == FIRST
    assert alone(served)


def test_a_run_in_place_that_was_stopped_can_be_completed(
    client: Client, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(served)
    replace = Path.replace

    def stopping(self: Path, target: Path) -> Path:
        if target.name == "file.txt":
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopping)
        with pytest.raises(KeyboardInterrupt):
            client.download("fraud", 2, ".")
    assert content(served)["model.bin"] == b"two!"
    client.download("fraud", 1, ".")
    assert content(served) == FIRST


def test_single_files_are_put_among_others(client: Client, served: Path) -> None:
    (served / "notes.txt").write_text("mine")
    done = client.download("fraud", 2, served, paths=["model.bin"])
    assert [path.name for path in done.fetched] == ["model.bin"]
    assert content(served) == FIRST | {"model.bin": b"two!", "notes.txt": b"mine"}
    (served / "notes.txt").unlink()
    client.download("fraud", 2, served)
    assert content(served) == SECOND


def test_a_single_file_does_not_replace_the_user_s_own(client: Client, served: Path) -> None:
    (served / "model.bin").write_bytes(b"my own")
    with pytest.raises(LocalFilesError, match=r"model\.bin"):
        client.download("fraud", 2, served, paths=["model.bin"])
    client.download("fraud", 2, served, paths=["model.bin"], overwrite=True)
    assert content(served) == FIRST | {"model.bin": b"two!"}


def test_a_version_with_a_file_named_like_the_record_is_refused(client: Client, tmp_path: Path) -> None:
    client.register("fraud", files={RECORD: write(tmp_path / "first", FIRST) / "model.bin"})
    with pytest.raises(UnsafePathError, match="their own record"):
        client.download("fraud", 1, tmp_path / "served")
    assert not (tmp_path / "served").exists()


def test_a_directory_with_many_files_is_not_named_in_full(client: Client, served: Path) -> None:
    for number in range(30):
        (served / f"{number}.txt").touch()
    with pytest.raises(LocalFilesError) as refused:
        client.download("fraud", 2, served)
    assert len(refused.value.errors) == 20


def test_a_file_is_not_taken_for_a_directory(client: Client, served: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(LocalFilesError, match="mine is a file"):
        client.download("fraud", 1, tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_directory_that_the_user_moved_behind_a_link_keeps_its_files(
    client: Client, served: Path, tmp_path: Path
) -> None:
    (served / "data").rename(tmp_path / "elsewhere")
    (served / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LocalFilesError, match="data"):
        client.download("fraud", 2, served)
    client.download("fraud", 2, served, overwrite=True)
    assert (served / "model.bin").read_bytes() == b"two!"
    assert content(tmp_path / "elsewhere") == {"classes.json": b"[]", "old.txt": b"old"}


def test_a_link_where_the_old_directory_is_kept_is_refused(client: Client, served: Path, tmp_path: Path) -> None:
    served.with_name(".model.moorage-old").symlink_to(tmp_path / "first")
    with pytest.raises(UnsafePathError, match="symbolic link"):
        client.download("fraud", 2, served)
    assert content(served) == FIRST


def test_a_full_disk_of_the_cache_is_told_from_that_of_the_directory(
    client: Client, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, replace = Path.rename, Path.replace

    def full(of: str, method: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def attempt(self: Path, target: Path) -> Path:
            if of in str(self):
                raise OSError(errno.ENOSPC, "No space left on device", str(self))
            return method(self, target)

        return attempt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full("partial", replace))
        with pytest.raises(DiskError, match=r"is full.*MOORAGE_CACHE"):
            client.download("fraud", 2, served)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full("moorage-new", rename))
        with pytest.raises(DiskError, match=r"is full.*another directory"):
            client.download("fraud", 2, served)
    assert content(served) == FIRST
    assert alone(served)


NAMES = st.sampled_from(["a", "b", "sub/a", "sub/b", "c"])
FILES = st.dictionaries(NAMES, st.binary(min_size=1, max_size=2), max_size=4)


@settings(max_examples=60, deadline=None)
@given(own=FILES, first=FILES, second=FILES, overwrite=st.booleans())
def test_no_download_loses_a_user_s_own_file(
    own: dict[str, bytes],
    first: dict[str, bytes],
    second: dict[str, bytes],
    overwrite: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("target")
    directory = root / "served"

    def download(files: dict[str, bytes], overwrite: bool) -> None:
        Downloader(FullCache(root / "cache", files), 2).run("fraud", 1, directory, None, overwrite)

    download(first, overwrite=False)
    assert content(directory) == first
    write(directory, own)
    mine = {name: data for name, data in own.items() if data not in (first.get(name), second.get(name))}
    try:
        download(second, overwrite)
    except LocalFilesError:
        assert mine and not overwrite
        assert content(directory) == first | own
    else:
        assert overwrite or not mine
        assert content(directory) == second | {name: data for name, data in mine.items() if name not in second}
    assert {path.name for path in root.iterdir()} <= {"cache", "served"}
