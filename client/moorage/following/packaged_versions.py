"""The versions that an image takes over when its alias moves: downloaded, verified and loaded.

An image has one environment. A version that needs another one is refused, because there it could answer otherwise than
where it was evaluated.
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from moorage import paths
from moorage.digests import files_digest
from moorage.errors import IntegrityError, PackagingError
from moorage.packaging.environment import lock_among, pinned, recorded_python
from moorage.packaging.requirements import Requirements
from moorage.serving.bundle import Bundle, BundledFile
from moorage.serving.registry import Registry
from moorage.serving.served import Permissions, Served, Slot, load_served


@dataclass(frozen=True, slots=True)
class PackagedVersions:
    """Versions of the model in ``bundle``, for an image that has ``installed``.

    Their files are in ``directory``, those of two versions at most: of the one in ``slot`` and of the next.
    """

    registry: Registry
    bundle: Bundle
    installed: Requirements
    python: str | None
    slot: Slot
    directory: Path
    _places: dict[int, Path] = field(default_factory=dict)

    def load(self, number: int) -> Served:
        """Download a version, verify its digests, and load it.

        Raises PackagingError if it needs another environment than the image has, IntegrityError if its files are not
        those that were registered, and what ``Client.load`` and every call of the registry raise.
        """
        described = self.registry.read(paths.version(self.bundle.model, number)).document
        bundle = self._described(number, described)
        self._remove_all_but_current()
        place = Path(tempfile.mkdtemp(prefix=f"{number}-", dir=self.directory))
        try:
            self._check_environment(bundle, described.get("provenance"), place)
            self.registry.download(bundle, place)
            given = Permissions(bundle.allow, bundle.trust)
            served = load_served(bundle.model, number, bundle.digest, place, bundle.signature, given)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        self._places[number] = place
        return served

    def _described(self, number: int, described: Mapping[str, Any]) -> Bundle:
        name = f"{self.bundle.model}/{number}"
        listed = list(self.registry.items(f"{paths.version(self.bundle.model, number)}/files"))
        elsewhere = next((file["path"] for file in listed if file["kind"] == "reference"), None)
        if elsewhere is not None:
            raise PackagingError(f"{name} refers to files that the registry does not store, such as {elsewhere}")
        files = tuple(sorted(BundledFile(file["path"], file["size"], file["sha256"]) for file in listed))
        digest = files_digest((file.path, file.size, file.sha256, None) for file in files)
        if described.get("digest") not in (None, digest):
            raise IntegrityError(f"the list of files of {name} does not match its digest")
        return replace(
            self.bundle, version=number, digest=digest, files=files, signature=described.get("signature"), follow=None
        )

    def _check_environment(self, bundle: Bundle, provenance: Mapping[str, Any] | None, place: Path) -> None:
        """Raise PackagingError unless the image has the Python and each requirement that a version pins."""
        name = f"{bundle.model}/{bundle.version}"
        python = recorded_python(provenance)
        if None not in (python, self.python) and python != self.python:
            raise PackagingError(f"{name} needs Python {python}, and this image is of {self.python}: package it again")
        lock = lock_among([file.path for file in bundle.files])
        text = None
        if lock is not None:
            alone = tuple(file for file in bundle.files if file.path == lock)
            self.registry.download(replace(bundle, files=alone), place)
            text = lock, (place / lock).read_text(encoding="utf-8")
        requirements, _ = pinned(name, provenance, text)
        lacking = self.installed.lacking(requirements)
        if lacking:
            raise PackagingError(f"{name} needs {lacking[0]}, which this image does not have: package it again")

    def _remove_all_but_current(self) -> None:
        for number in set(self._places) - {self.slot.current.version}:
            shutil.rmtree(self._places.pop(number), ignore_errors=True)
