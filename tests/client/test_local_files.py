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
    assert gather(tree / "tree").files == {"b": tree / "tree" / "b", "sub/a": tree / "tree" / "sub" / "a"}


def test_lists_take_files_by_name_and_directories_by_content(tree: Path) -> None:
    assert list(gather(files=[tree / "tree", tree / "extra"]).files) == ["b", "extra", "sub/a"]


def test_a_mapping_names_files_as_it_likes(tree: Path) -> None:
    assert gather(files={"data/x": tree / "extra"}).files == {"data/x": tree / "extra"}


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
    assert list(gather(tree / "tree", follow_links=True).files) == ["b", "sub/a", "weights/a"]


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


def test_a_link_to_a_file_within_is_that_file(tree: Path) -> None:
    (tree / "tree" / "c").symlink_to(tree / "tree" / "b")
    assert gather(tree / "tree").files["c"].read_text() == "b"


def test_a_link_to_a_file_outside_is_refused_unless_links_are_followed(tree: Path) -> None:
    (tree / "tree" / "c").symlink_to(tree / "extra")
    with pytest.raises(ValueError, match=r"c is a link to .*extra, which is not in .*--follow-links"):
        gather(tree / "tree")
    assert gather(tree / "tree", follow_links=True).files["c"].read_text() == "extra"
    assert gather(files=[tree / "tree" / "c"]).files["c"].read_text() == "extra"


def test_a_directory_without_files_is_refused(tree: Path) -> None:
    (tree / "empty" / "sub").mkdir(parents=True)
    with pytest.raises(ValueError, match=r"empty has no files$"):
        gather(tree / "empty")
    with pytest.raises(ValueError, match=r"empty has no files$"):
        gather(files=[tree / "tree", tree / "empty"])
    (tree / "empty" / ".DS_Store").touch()
    with pytest.raises(ValueError, match=r"all that is in it is ignored, such as .*\.DS_Store"):
        gather(tree / "empty")


def test_what_tools_leave_is_ignored(tree: Path) -> None:
    left = [
        ".git/HEAD",
        "sub/__pycache__/a.pyc",
        "sub/.ipynb_checkpoints/x.ipynb",
        ".DS_Store",
        "env/pyvenv.cfg",
        "env/lib/python3.12/site.py",
        ".moorage-download.json",
    ]
    for name in left:
        (tree / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / "tree" / name).touch()
    gathered = gather(tree / "tree")
    assert list(gathered.files) == ["b", "sub/a"]
    assert sorted(path.relative_to(tree / "tree").as_posix() for path in gathered.ignored) == [
        ".DS_Store",
        ".git",
        ".moorage-download.json",
        "env",
        "sub/.ipynb_checkpoints",
        "sub/__pycache__",
    ]


def test_what_is_ignored_is_not_looked_into(tree: Path) -> None:
    (tree / "tree" / ".git").mkdir()
    (tree / "tree" / ".git" / "objects").symlink_to(tree)
    assert list(gather(tree / "tree").files) == ["b", "sub/a"]


def test_the_ignore_file_and_the_patterns_leave_files_out(tree: Path) -> None:
    (tree / "tree" / ".moorageignore").write_text("# comment\n*.log\n!keep.log\n/sub/\n")
    for name in ("train.log", "keep.log", "c"):
        (tree / "tree" / name).touch()
    assert list(gather(tree / "tree").files) == ["b", "c", "keep.log"]
    assert list(gather(tree / "tree", ignore=["c", "!/sub/"]).files) == ["b", "keep.log", "sub/a"]


def test_a_pattern_that_is_none_is_refused(tree: Path) -> None:
    with pytest.raises(TypeError, match="a list of patterns"):
        gather(tree / "tree", ignore="*.log")
    with pytest.raises(ValueError, match="!"):
        gather(tree / "tree", ignore=["!"])


def test_a_pattern_takes_in_again_what_is_ignored_by_default(tree: Path) -> None:
    (tree / "tree" / "node_modules").mkdir()
    (tree / "tree" / "node_modules" / "x.js").touch()
    assert "node_modules/x.js" in gather(tree / "tree", ignore=["!node_modules/"]).files


def test_a_file_that_is_named_itself_is_never_ignored(tree: Path) -> None:
    (tree / "tree" / ".DS_Store").touch()
    assert ".DS_Store" in gather(files=[tree / "tree" / ".DS_Store"], ignore=["*"]).files
    assert "x" in gather(files={"x": tree / "tree" / ".DS_Store"}, ignore=["*"]).files


def test_likely_secrets_are_named(tree: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in (".env", ".env.example", "sub/server.pem"):
        (tree / "tree" / name).touch()
    gathered = gather(tree / "tree")
    named = [record.args[0].name for record in caplog.records if "secret" in record.message]
    assert sorted(named) == [".env", "server.pem"]
    assert ".env" in gathered.files
