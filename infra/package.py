"""The Lambda package: what Chalice packs, without the files that no function loads."""

import copy
import fcntl
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalice.cdk import Chalice

DEPLOYMENT = "deployment.zip"
# pydantic includes its whole version 1 for old callers; type stubs are for type checkers.
_NEVER_LOADED_FOLDERS = ("pydantic/v1/",)
_NEVER_LOADED_SUFFIXES = (".pyi", "/py.typed")


class Application(Chalice):
    """Chalice's construct, with a smaller package."""

    def _package_app(self) -> None:
        # Syntheses of one source share Chalice's cache of the package, which it fills in place.
        with alone(Path(self.source_dir).with_name("packaging.lock")):
            super()._package_app()
        slim(Path(self._sam_package_dir) / DEPLOYMENT)


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
