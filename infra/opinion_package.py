"""The package of the function ``opinion``: the application without its API, and the second scanner.

The scanner is taken from the environment that deploys, where it was installed from a lock file with its hash. It is
Python alone, so it runs on every platform.
"""

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from chalicelib.aws.names import PICKLESCAN
from infra.incomplete_package import IncompletePackage
from infra.package_source import PACKAGE, package_files
from infra.staged_copy import copy_file, staged_copy

# Only the API needs what the other package brings along.
_LEFT_OUT = Path(PACKAGE) / "api"
# Of a scanner's own description: its version, and the terms that must go with it.
_DESCRIBING = ("METADATA", "LICENSE", "NOTICE.txt")


class MissingScanner(IncompletePackage):
    """The second scanner is not installed."""

    def __init__(self) -> None:
        super().__init__(
            f"the option second_opinion needs {PICKLESCAN}, which is not installed in this environment. It is in "
            "requirements-run.txt: run make deploy, which installs it."
        )


def stage_opinion_package(root: Path, build: Path) -> Path:
    """Copy the package to a directory below ``build`` that is named after its content; return it.

    Raises MissingScanner.
    """
    own = [file for file in package_files(root) if _is_packed(file)]
    scanner = scanner_files()

    def write(copy: Path) -> None:
        for file in own:
            copy_file(root / file, copy / file)
        for name, installed in scanner.items():
            copy_file(installed, copy / name)

    return staged_copy(root, [*own, *scanner.values()], build, write)


def scanner_name() -> str:
    """The scanner with its version, as the function names it in its results. Raises MissingScanner."""
    return f"{PICKLESCAN} {_installed().version}"


def scanner_files() -> dict[Path, Path]:
    """The files of the scanner: where each is in the package, and where it is installed. Raises MissingScanner."""
    installed = _installed()
    wanted = (file for file in installed.files or () if file.suffix == ".py" or file.name in _DESCRIBING)
    found = {Path(file): Path(str(file.locate())) for file in wanted if ".." not in file.parts}
    if not found:
        raise MissingScanner
    return dict(sorted(found.items()))


def _installed() -> Distribution:
    try:
        return distribution(PICKLESCAN)
    except PackageNotFoundError:
        raise MissingScanner from None


def _is_packed(file: Path) -> bool:
    return file.is_relative_to(PACKAGE) and not file.is_relative_to(_LEFT_OUT)
