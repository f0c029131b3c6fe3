"""The package of the function ``web``: its few modules, and the files that ``make web`` built."""

import shutil
import tempfile
from pathlib import Path

from infra.package import IncompletePackage
from infra.package_source import content_hash, forget_old_copies

BUILT = Path("build/web")
SERVER = Path("web/server")


class MissingInterface(IncompletePackage):
    """The web interface was not built."""

    def __init__(self) -> None:
        Exception.__init__(self, f"the web interface is not built: there is no {BUILT}/index.html. Run make web.")


def web_files(root: Path) -> list[Path]:
    """Every file of the package, relative to ``root``. Raises MissingInterface."""
    if not (root / BUILT / "index.html").is_file():
        raise MissingInterface
    built = [path for path in (root / BUILT).rglob("*") if path.is_file()]
    return sorted(path.relative_to(root) for path in [*built, *(root / SERVER).glob("*.py")])


def stage_web_package(root: Path, build: Path) -> Path:
    """Copy the package to a directory below ``build`` that is named after its content; return it."""
    files = web_files(root)
    staged = build / content_hash(root, files)[:20]
    if not staged.is_dir():
        build.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=build, prefix="partial-"))
        for file in files:
            copy = partial / packed(file)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, copy)
        try:
            partial.rename(staged)
        except OSError:
            if not staged.is_dir():
                raise
            shutil.rmtree(partial)  # another run made the same copy first
    staged.touch()
    forget_old_copies(build)
    return staged


def packed(file: Path) -> Path:
    """Where a file of the project is in the package: modules in ``server``, built files below ``server/files``."""
    if file.is_relative_to(BUILT):
        return Path("server/files") / file.relative_to(BUILT)
    return Path("server") / file.relative_to(SERVER)
