"""A copy of exactly the files that become the Lambda package, with the index of its routes.

Chalice packs everything below its source directory, including byte code and left-overs, so two checkouts of one
commit would give two different packages. Therefore it gets a copy, which is named after its content.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCES = ("app.py", "requirements.txt", ".chalice/config.json")
PACKAGE = "chalicelib"
# How many copies are kept, this one included. Each also holds Chalice's cache of the finished package.
KEPT_COPIES = 4
_WRITE_ROUTE_INDEX = "from chalicelib.api.route_index import write_index; write_index()"


def package_files(root: Path) -> list[Path]:
    """Every file of the package, relative to ``root``, in a stable order."""
    modules = (path for path in (root / PACKAGE).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted([Path(name) for name in SOURCES] + [path.relative_to(root) for path in modules])


def content_hash(root: Path, files: list[Path]) -> str:
    """SHA-256 over the names and contents of ``files``."""
    digest = hashlib.sha256()
    for file in files:
        content = (root / file).read_bytes()
        digest.update(f"{file.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def stage_package_source(root: Path, build: Path) -> Path:
    """Copy the package's files to a directory below ``build`` that is named after their content; return it."""
    files = package_files(root)
    staged = build / content_hash(root, files)[:20]
    if not staged.is_dir():
        build.mkdir(parents=True, exist_ok=True)
        # Write to a temporary directory and rename it, so that an incomplete copy is never used.
        partial = Path(tempfile.mkdtemp(dir=build, prefix="partial-"))
        for file in files:
            (partial / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, partial / file)
        _write_route_index(partial)
        try:
            partial.rename(staged)
        except OSError:
            if not staged.is_dir():
                raise
            shutil.rmtree(partial)  # another run made the same copy first
    staged.touch()
    forget_old_copies(build)
    return staged


@contextmanager
def named_packages_only() -> Iterator[None]:
    """Make pip, which Chalice runs in its own process, pack only the packages that requirements.txt names.

    https://pip.pypa.io/en/stable/topics/configuration/#environment-variables
    """
    # Chalice imports the app from the copy that it packs. Byte code written there would be packed too.
    wanted = {"PIP_NO_DEPS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    os.environ |= wanted
    try:
        yield
    finally:
        sys.dont_write_bytecode = wrote
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _write_route_index(copy: Path) -> None:
    """Let the copied code write the index of its routes. Its own process imports it, and leaves no byte code behind."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", _WRITE_ROUTE_INDEX], check=True, cwd=copy, env=environment)  # noqa: S603 - a fixed command


def forget_old_copies(build: Path) -> None:
    """Remove all copies below ``build`` but the newest."""
    copies = [path for path in build.iterdir() if path.is_dir() and not path.name.startswith("partial-")]
    for old in sorted(copies, key=lambda path: path.stat().st_mtime)[:-KEPT_COPIES]:
        shutil.rmtree(old, ignore_errors=True)
