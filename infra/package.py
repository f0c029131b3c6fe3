"""The Lambda package: what Chalice packs, without the files that no function loads."""

import copy
import re
import zipfile
from pathlib import Path

from chalice.cdk import Chalice

DEPLOYMENT = "deployment.zip"
# pydantic includes its whole version 1 for old callers; type stubs are for type checkers.
_NEVER_LOADED_FOLDERS = ("pydantic/v1/",)
_NEVER_LOADED_SUFFIXES = (".pyi", "/py.typed")


class IncompletePackage(Exception):
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
        super()._package_app()
        package = Path(self._sam_package_dir) / DEPLOYMENT
        absent = missing(Path(self.source_dir, "requirements.txt").read_text(), package)
        if absent:
            raise IncompletePackage(absent)
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
