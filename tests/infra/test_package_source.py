"""Two checkouts of one commit give the same package."""

from pathlib import Path

import pytest

from infra.package_source import package_files, stage_package_source
from infra.staged_copy import KEPT_COPIES

WRITES_INDEX = """
from pathlib import Path

def write_index():
    Path(__file__).with_name("route_index.json").write_text("[]")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for name in ("app.py", "requirements.txt", ".chalice/config.json", "chalicelib/__init__.py", "chalicelib/a/b.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"# {name}\n")
    (root / "chalicelib/api").mkdir()
    (root / "chalicelib/api/route_index.py").write_text(WRITES_INDEX)
    return root


def test_byte_code_and_tests_stay_out(root: Path) -> None:
    for name in ("chalicelib/__pycache__/a.pyc", "chalicelib/a/__pycache__/b.pyc", "tests/test_a.py", "infra/main.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    assert {path.as_posix() for path in package_files(root)} == {
        ".chalice/config.json",
        "app.py",
        "chalicelib/__init__.py",
        "chalicelib/a/b.py",
        "chalicelib/api/route_index.py",
        "requirements.txt",
    }


def test_the_same_content_is_staged_once(root: Path, tmp_path: Path) -> None:
    first = stage_package_source(root, tmp_path / "build")
    (first / "cache").write_text("what Chalice keeps beside the source")
    again = stage_package_source(root, tmp_path / "build")
    assert again == first
    assert (again / "cache").exists()
    assert (again / "chalicelib/a/b.py").read_text() == "# chalicelib/a/b.py\n"


def test_the_copy_carries_the_index_of_its_routes_and_no_byte_code(root: Path, tmp_path: Path) -> None:
    staged = stage_package_source(root, tmp_path / "build")
    assert (staged / "chalicelib/api/route_index.json").read_text() == "[]"
    assert not (root / "chalicelib/api/route_index.json").exists()
    assert not list(staged.rglob("__pycache__"))


def test_any_change_of_content_or_name_is_staged_anew(root: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    seen = {stage_package_source(root, build)}
    (root / "chalicelib/a/b.py").write_text("changed")
    seen.add(stage_package_source(root, build))
    (root / "chalicelib/a/b.py").rename(root / "chalicelib/a/c.py")
    last = stage_package_source(root, build)
    seen.add(last)
    assert len(seen) == 3
    assert not (last / "chalicelib/a/b.py").exists()


def test_old_copies_are_forgotten(root: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    for number in range(KEPT_COPIES + 3):
        (root / "app.py").write_text(f"# {number}")
        newest = stage_package_source(root, build)
    assert newest.is_dir()
    assert len(list(build.iterdir())) == KEPT_COPIES
