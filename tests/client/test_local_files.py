"""Which files a version is made of."""

import errno
import os
from pathlib import Path

import pytest
from moorage.local_files import gather


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "sub").mkdir(parents=True)
    (tmp_path / "tree" / "b").write_text("b")
    (tmp_path / "tree" / "sub" / "a").write_text("a")
    (tmp_path / "extra").write_text("extra")
    return tmp_path


def test_a_directory_gives_its_files_by_relative_path(tree: Path) -> None:
    assert gather(tree / "tree") == {"b": tree / "tree" / "b", "sub/a": tree / "tree" / "sub" / "a"}


def test_lists_take_files_by_name_and_directories_by_content(tree: Path) -> None:
    assert list(gather(files=[tree / "tree", tree / "extra"])) == ["b", "extra", "sub/a"]


def test_a_mapping_names_files_as_it_likes(tree: Path) -> None:
    assert gather(files={"data/x": tree / "extra"}) == {"data/x": tree / "extra"}


def test_two_files_of_one_path_are_refused(tree: Path) -> None:
    with pytest.raises(ValueError, match="two files"):
        gather(tree / "tree", files={"b": tree / "extra"})


def test_a_file_that_is_not_there_is_named(tree: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        gather(files=[tree / "missing"])
    with pytest.raises(FileNotFoundError, match="not a directory"):
        gather(tree / "extra")


def test_a_linked_directory_is_named_instead_of_left_out(tree: Path) -> None:
    (tree / "tree" / "weights").symlink_to(tree / "tree" / "sub")
    with pytest.raises(ValueError, match=r"weights is a link to a directory.*--follow-links"):
        gather(tree / "tree")
    with pytest.raises(ValueError, match="weights is a link"):
        gather(files=[tree / "tree"])


def test_a_linked_directory_is_followed_on_request(tree: Path) -> None:
    (tree / "tree" / "weights").symlink_to(tree / "tree" / "sub")
    assert list(gather(tree / "tree", follow_links=True)) == ["b", "sub/a", "weights/a"]


def test_a_link_to_a_directory_above_is_refused(tree: Path) -> None:
    (tree / "tree" / "sub" / "back").symlink_to(tree / "tree")
    with pytest.raises(ValueError, match="back is a link to a directory that it lies in"):
        gather(tree / "tree", follow_links=True)


def test_a_directory_that_cannot_be_read_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(PermissionError, match="sub cannot be read: Permission denied"):
        gather(tree / "tree")


def test_a_link_to_a_file_is_that_file(tree: Path) -> None:
    (tree / "tree" / "c").symlink_to(tree / "extra")
    assert gather(tree / "tree")["c"].read_text() == "extra"
