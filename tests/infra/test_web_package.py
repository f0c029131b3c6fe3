"""The package of the function ``web`` holds its modules and what was built, and is named after its content."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.incomplete_package import IncompletePackage
from infra.local.deployment import interface_files
from infra.local.place import ROOT, LocalFailure
from infra.web_package import stage_web_package, web_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose interface is built."""
    root = tmp_path / "checkout"
    for name in (
        "build/web/index.html",
        "build/web/icon.svg",
        "build/web/assets/index-1.js",
        "build/web/assets/index-1.js.br",
        "build/web/.vite/manifest.json",
        "web/server/__init__.py",
        "web/server/handler.py",
        "web/server/__pycache__/handler.pyc",
        "web/src/main.tsx",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def packed(staged: Path) -> set[str]:
    return {path.relative_to(staged).as_posix() for path in staged.rglob("*") if path.is_file()}


def test_the_package_holds_the_server_and_what_it_serves_and_nothing_else(root: Path, tmp_path: Path) -> None:
    staged = stage_web_package(root, tmp_path / "packages")
    assert packed(staged) == {
        "server/__init__.py",
        "server/handler.py",
        "server/files/index.html",
        "server/files/icon.svg",
        "server/files/assets/index-1.js",
        "server/files/assets/index-1.js.br",
    }
    assert (staged / "server/files/index.html").read_text() == "build/web/index.html"


def test_the_same_content_is_packed_once(root: Path, tmp_path: Path) -> None:
    first = stage_web_package(root, tmp_path / "packages")
    (root / "build/web/index.html").touch()
    assert stage_web_package(root, tmp_path / "packages") == first


@pytest.mark.parametrize("changed", ["build/web/assets/index-1.js", "web/server/handler.py"])
def test_a_change_of_the_server_or_of_what_it_serves_is_packed_anew(root: Path, tmp_path: Path, changed: str) -> None:
    before = stage_web_package(root, tmp_path / "packages")
    (root / changed).write_text("changed")
    after = stage_web_package(root, tmp_path / "packages")
    assert after != before
    assert "changed" in {path.read_text() for path in after.rglob("*") if path.is_file()}


@pytest.mark.parametrize("absent", ["build/web/index.html", "build/web"])
def test_an_interface_that_is_not_built_is_named_with_the_command_that_builds_it(root: Path, absent: str) -> None:
    (root / absent).rename(root / "elsewhere")
    with pytest.raises(IncompletePackage, match=r"there is no build/web/index\.html\. Run make web\."):
        web_files(root)


def test_the_local_aws_too_names_the_command_that_builds_the_interface(root: Path) -> None:
    (root / "build/web/index.html").unlink()
    with pytest.raises(LocalFailure, match=r"Run make web\."):
        interface_files(root)


def test_the_local_aws_answers_without_loading_the_cdk() -> None:
    """Loading the CDK starts Node and takes seconds, and ``url`` and ``token`` need nothing of it."""
    program = "import sys, infra.local.__main__; print('aws_cdk' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
