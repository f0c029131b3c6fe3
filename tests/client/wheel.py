"""The client as people install it: built, and alone with what it requires."""

import importlib.metadata
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

CLIENT = Path(__file__).parents[2] / "client"


@dataclass(frozen=True)
class Installed:
    """A virtual environment that has the wheel and its dependencies, and nothing else."""

    directory: Path

    def run(self, *command: str, code: int = 0, cwd: Path | None = None, **variables: str) -> str:
        """Run a program of the environment, away from the sources. Returns what it printed.

        Of the environment variables, it sees only ``variables`` and where programs are.
        """
        programs = self.directory / "bin"
        done = subprocess.run(
            [shutil.which(command[0], path=str(programs)) or command[0], *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd or self.directory,
            env={"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(self.directory), **variables},
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    def python(self, program: str, cwd: Path | None = None, **variables: str) -> str:
        return self.run("python", "-c", program, cwd=cwd, **variables)


def build(directory: Path) -> tuple[Path, Path]:
    """Build the source distribution, and the wheel from it, with the build backend that is installed. No network."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(directory), str(CLIENT)]
    subprocess.run(command, check=True, capture_output=True)
    (sdist,) = directory.glob("*.tar.gz")
    (wheel,) = directory.glob("*.whl")
    return sdist, wheel


def install(wheel: Path, directory: Path) -> Installed:
    """Install the wheel in a new environment, with its dependencies as they are installed here."""
    venv.create(directory, with_pip=False, symlinks=True)
    python = directory / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    paths = {"base": str(directory), "platbase": str(directory)}
    packages = Path(sysconfig.get_path("purelib", scheme="venv", vars=paths))
    (metadata,) = packages.glob("moorage-*.dist-info")
    for name in _needed(importlib.metadata.PathDistribution(metadata).requires or ()):
        _link(importlib.metadata.distribution(name), packages)
    return Installed(directory)


def _needed(requirements: Iterable[str]) -> set[str]:
    """The names of what is required without any extra, and of what that requires."""
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        requirement = Requirement(waiting.pop())
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and requirement.name not in found:
            found.add(requirement.name)
            waiting += importlib.metadata.requires(requirement.name) or ()
    return found


def _link(distribution: importlib.metadata.Distribution, packages: Path) -> None:
    """Link the modules of an installed distribution into another environment."""
    for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
        (packages / top).symlink_to(Path(str(distribution.locate_file(top))))
