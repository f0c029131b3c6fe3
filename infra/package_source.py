"""A copy of exactly the files that become the Lambda package, with the index of its routes.

Chalice packs everything below its source directory, including byte code and left-overs, so two checkouts of one
commit would give two different packages. Therefore it gets a copy, which is named after its content.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.staged_copy import copy_file, staged_copy

SOURCES = ("app.py", "requirements.txt", ".chalice/config.json")
PACKAGE = "chalicelib"
_WRITE_ROUTE_INDEX = "from chalicelib.api.route_index import write_index; write_index()"


def package_files(root: Path) -> list[Path]:
    """Every file of the package, relative to ``root``, in a stable order."""
    modules = (path for path in (root / PACKAGE).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted([Path(name) for name in SOURCES] + [path.relative_to(root) for path in modules])


def stage_package_source(root: Path, build: Path) -> Path:
    """Copy the package's files to a directory below ``build`` that is named after their content; return it."""
    files = package_files(root)

    def write(copy: Path) -> None:
        for file in files:
            copy_file(root / file, copy / file)
        _write_route_index(copy)

    return staged_copy(root, files, build, write)


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
