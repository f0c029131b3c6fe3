"""The Lambda package: what Chalice packs, without the files that no function loads."""

import copy
import fcntl
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalice.cdk import Chalice

from infra.incomplete_package import IncompletePackage

DEPLOYMENT = "deployment.zip"
# pydantic includes its whole version 1 for old callers; type stubs are for type checkers.
_NEVER_LOADED_FOLDERS = ("pydantic/v1/",)
_NEVER_LOADED_SUFFIXES = (".pyi", "/py.typed")


class MissingRequirements(IncompletePackage):
    """The package lacks a requirement, so that the functions would fail when they import it.

    Chalice only warns of this. It happens if there is no wheel for Lambda's Python and architecture.
    """

    def __init__(self, absent: list[str]) -> None:
        super().__init__(
            f"the Lambda package lacks {', '.join(absent)} of requirements.txt. Is there a wheel for the stack's "
            "options python and architecture, and is the package index reachable?"
        )


class Application(Chalice):
    """Chalice's construct, with a smaller package."""

    def _package_app(self) -> None:
        # Syntheses of one source share Chalice's cache of the package, which it fills in place.
        with alone(Path(self.source_dir).with_name("packaging.lock")):
            super()._package_app()
        package = Path(self._sam_package_dir) / DEPLOYMENT
        absent = missing(Path(self.source_dir, "requirements.txt").read_text(), package)
        if absent:
            raise MissingRequirements(absent)
        slim(package)


def missing(requirements: str, package: Path) -> list[str]:
    """The requirements, each ``name==version``, that are not in the zip."""
    with zipfile.ZipFile(package) as packed:
        folders = {name.partition("/")[0] for name in packed.namelist()}
    present = {
        (_normal(found.group(1)), found.group(2))
        for found in (re.fullmatch(r"(.+)-(.+)\.dist-info", folder) for folder in folders)
        if found
    }
    named = [line.partition("#")[0].strip() for line in requirements.splitlines()]
    return [one for one in named if one and (_normal(one.split("==")[0]), one.split("==")[1]) not in present]


def _normal(name: str) -> str:
    # https://packaging.python.org/en/latest/specifications/name-normalization/
    return re.sub(r"[-_.]+", "-", name).lower()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Wait until no other process is here with the same ``lock``."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def never_loaded(name: str) -> bool:
    """Whether no function loads this member of the package."""
    return name.startswith(_NEVER_LOADED_FOLDERS) or name.endswith(_NEVER_LOADED_SUFFIXES)


def slim(package: Path) -> None:
    """Rewrite the zip with the highest compression, without the members that are never loaded."""
    slimmed = package.with_suffix(".slim")
    with zipfile.ZipFile(package) as full, zipfile.ZipFile(slimmed, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in full.infolist():
            if never_loaded(member.filename):
                continue
            content = full.read(member)
            # Write with a copy of the entry: writing changes the entry, and ``full`` still reads by the original.
            kept.writestr(copy.copy(member), content, zipfile.ZIP_DEFLATED, compresslevel=9)
    slimmed.replace(package)
