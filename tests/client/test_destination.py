"""Where downloaded files may go."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import UnsafePathError
from moorage.destination import places

from tests.file_names import REFUSED, REGISTERED, TOO_LONG


def place(directory: Path, path: str) -> Path:
    return places(directory, [path], [path])[path]


@pytest.mark.parametrize("path", REFUSED)
def test_a_path_that_is_not_plain_is_refused(path: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(UnsafePathError):
        place(target, path)
    assert [entry.name for entry in tmp_path.rglob("*")] == ["target"]


@pytest.mark.parametrize("path", [*REGISTERED, *TOO_LONG])
def test_every_registered_path_can_be_written(path: str, tmp_path: Path) -> None:
    place(tmp_path, path).touch()


def test_a_plain_path_gets_its_directories(tmp_path: Path) -> None:
    assert place(tmp_path, "a/b/c.txt") == tmp_path.resolve() / "a" / "b" / "c.txt"
    assert (tmp_path / "a" / "b").is_dir()


def test_a_link_out_of_the_directory_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "target" / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(UnsafePathError, match="link"):
        place(tmp_path / "target", "link/deeper/x")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_directory_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(UnsafePathError, match="is a directory"):
        place(tmp_path, "model")


@given(path=st.text(alphabet="./\\:ab~\0 ", max_size=12))
def test_no_path_leaves_the_directory(path: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("root").resolve()
    try:
        target = place(root, path)
    except UnsafePathError:
        return
    assert target.resolve().is_relative_to(root)
    assert target.resolve() != root
