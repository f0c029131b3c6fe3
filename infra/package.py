"""The Lambda package: what Chalice packs, without what no function ever loads."""

import copy
import zipfile
from pathlib import Path

from chalice.cdk import Chalice

DEPLOYMENT = "deployment.zip"
# pydantic carries its whole former version for those who still use it; type stubs are for checkers.
_NEVER_LOADED_FOLDERS = ("pydantic/v1/",)
_NEVER_LOADED_SUFFIXES = (".pyi", "/py.typed")


class Application(Chalice):
    """Chalice's construct on a slimmed package."""

    def _package_app(self) -> None:
        super()._package_app()
        slim(Path(self._sam_package_dir) / DEPLOYMENT)


def never_loaded(name: str) -> bool:
    """Whether a member of the package only costs room."""
    return name.startswith(_NEVER_LOADED_FOLDERS) or name.endswith(_NEVER_LOADED_SUFFIXES)


def slim(package: Path) -> None:
    """Write the zip anew, as small as deflate gets, without members that are never loaded."""
    slimmed = package.with_suffix(".slim")
    with zipfile.ZipFile(package) as full, zipfile.ZipFile(slimmed, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in full.infolist():
            if never_loaded(member.filename):
                continue
            content = full.read(member)
            # A copy of its entry: writing changes it, and it still says where the next one is read.
            kept.writestr(copy.copy(member), content, zipfile.ZIP_DEFLATED, compresslevel=9)
    slimmed.replace(package)
