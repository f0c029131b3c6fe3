"""Which files a version is made of."""

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
