"""The names of downloaded files on file systems that cannot hold all names."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import Client, local_names
from moorage.local_names import FileSystem, local_paths, names_in

from tests.file_names import APART, COLLIDING, HELD_BY_WINDOWS, REGISTERED, RENAMED_BY_WINDOWS, TOO_LONG

LINUX = FileSystem(windows=False, folds=False)
MACOS = FileSystem(windows=False, folds=True)
WINDOWS = FileSystem(windows=True, folds=True)


@pytest.mark.parametrize("path", [*REGISTERED, *RENAMED_BY_WINDOWS, *HELD_BY_WINDOWS])
def test_a_registered_path_stays_where_the_file_system_can_hold_it(path: str) -> None:
    assert local_paths([path], LINUX) == {path: path}


@pytest.mark.parametrize(("path", "local"), RENAMED_BY_WINDOWS.items())
def test_a_name_that_windows_refuses_is_changed_there(path: str, local: str) -> None:
    assert local_paths([path], WINDOWS) == {path: local}


@pytest.mark.parametrize("path", HELD_BY_WINDOWS)
def test_a_name_that_windows_holds_stays(path: str) -> None:
    assert local_paths([path], WINDOWS) == {path: path}


@pytest.mark.parametrize("path", TOO_LONG)
def test_a_name_that_is_too_long_is_shortened(path: str) -> None:
    local = local_paths([path, path + "z"], LINUX)
    assert len(set(local.values())) == 2
    assert all(len(segment.encode()) <= 255 for name in local.values() for segment in name.split("/"))
    assert local[path].endswith(".bin") == path.endswith(".bin")


@pytest.mark.parametrize("system", [MACOS, WINDOWS])
@pytest.mark.parametrize("pair", COLLIDING)
def test_one_of_two_names_that_collide_is_changed(pair: tuple[str, str], system: FileSystem) -> None:
    local = local_paths(pair, system)
    assert sum(path == name for path, name in local.items()) == 1
    assert local == local_paths(pair[::-1], system), "a second download must find the files of the first"


@pytest.mark.parametrize("pair", APART)
def test_names_that_do_not_collide_stay(pair: tuple[str, str]) -> None:
    assert local_paths(pair, WINDOWS) == {path: path for path in pair}


def test_a_changed_name_takes_no_other_files_name() -> None:
    taken = local_paths(["A", "a"], MACOS)["a"]
    local = local_paths(["A", "a", taken, "weights:0", "weights%3A0"], WINDOWS)
    assert local[taken] == taken and local["weights%3A0"] == "weights%3A0"
    assert len({name.casefold() for name in local.values()}) == 5


@given(st.sets(st.text(alphabet="aAéE\u0301:.~1 /%", min_size=1, max_size=5), max_size=12))
def test_no_two_files_of_a_version_get_one_name(given_paths: set[str]) -> None:
    paths = {path for path in given_paths if all(part not in ("", ".", "..") for part in path.split("/"))}
    local = local_paths(paths, WINDOWS)
    folded = {local_names._key(name, WINDOWS) for name in local.values()}
    assert len(folded) == len(paths)
    parents = {local_names._key(parent, WINDOWS) for name in local.values() for parent in local_names._parents(name)}
    assert not folded & parents


def test_the_file_system_is_asked_whether_names_collide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names_in(tmp_path, ["A", "a"]) == {"A": "A", "a": "a"}
    # As a file system that takes two names for one: the name that differs only in case is there, too.
    monkeypatch.setattr(Path, "exists", lambda path: path.name.startswith(".MOORAGE"))
    assert names_in(tmp_path, ["A", "a"])["a"] != "a"
    assert not list(tmp_path.iterdir())


def test_files_that_collide_are_downloaded_under_names_of_their_own(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {}
    for index, path in enumerate(["Data.txt", "data.txt", "weights:0", "family \U0001f468\u200d\U0001f469.png"]):
        files[path] = tmp_path / str(index)
        files[path].write_text(path)
    registered = client.register("fraud", files=files)
    assert [warning.path for warning in registered.warnings] == ["weights:0", "data.txt"]
    plain = client.download("fraud", 1, tmp_path / "plain")
    assert not plain.renamed
    assert {file.name for file in plain.fetched} == set(files)
    monkeypatch.setattr("moorage.local_names._folds", lambda _: True)
    done = client.download("fraud", 1, tmp_path / "folded")
    assert list(done.renamed) == ["data.txt"]
    assert done.renamed["data.txt"].read_text() == "data.txt"
    assert (tmp_path / "folded" / "Data.txt").read_text() == "Data.txt"
    assert client.download("fraud", 1, tmp_path / "folded", paths=["data.txt"]).skipped == (done.renamed["data.txt"],)
