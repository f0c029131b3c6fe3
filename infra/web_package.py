"""The package of the function ``web``: its few modules, and the files that ``make web`` built."""

from pathlib import Path

from infra.incomplete_package import IncompletePackage
from infra.staged_copy import copy_file, staged_copy

BUILT = Path("build/web")
SERVER = Path("web/server")
# What the build tells about itself. The budgets are computed from it; nobody is to be served it.
MANIFEST = BUILT / ".vite"


class MissingInterface(IncompletePackage):
    """The web interface was not built."""

    def __init__(self) -> None:
        super().__init__(f"the web interface is not built: there is no {BUILT}/index.html. Run make web.")


def web_files(root: Path) -> list[Path]:
    """Every file of the package, relative to ``root``. Raises MissingInterface."""
    if not (root / BUILT / "index.html").is_file():
        raise MissingInterface
    found = [*(root / BUILT).rglob("*"), *(root / SERVER).glob("*.py")]
    files = (path.relative_to(root) for path in found if path.is_file())
    return sorted(file for file in files if not file.is_relative_to(MANIFEST))


def stage_web_package(root: Path, build: Path) -> Path:
    """Copy the package to a directory below ``build`` that is named after its content; return it."""
    files = web_files(root)

    def write(copy: Path) -> None:
        for file in files:
            copy_file(root / file, copy / packed(file))

    return staged_copy(root, files, build, write)


def packed(file: Path) -> Path:
    """Where a file of the project is in the package: modules in ``server``, built files below ``server/files``."""
    if file.is_relative_to(BUILT):
        return Path("server/files") / file.relative_to(BUILT)
    return Path("server") / file.relative_to(SERVER)
