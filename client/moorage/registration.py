"""Registering a version in one call (hash, declare, upload, finalise), and resuming an interrupted upload."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from moorage.digests import FileDigest, Multipart, digest_file
from moorage.errors import ConflictError
from moorage.models import Models
from moorage.progress import Progress
from moorage.results import Version
from moorage.storage import Storage
from moorage.upload import LocalFile, Uploader
from moorage.versions import VersionContent, Versions, version_body
from moorage.workers import run_all

# What was uploaded is kept, so the rest can be sent.
RESUME: Final = "{version} is not finished: continue with 'moorage resume {version}'"

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registrar:
    """Registers versions and resumes their uploads."""

    models: Models
    versions: Versions
    storage: Storage
    threads: int
    multipart: Multipart

    def register(
        self,
        model: str,
        files: Mapping[str, Path],
        progress: Progress,
        idempotency_key: str | None,
        content: VersionContent,
        cut_off: str = RESUME,
    ) -> Version:
        """Register ``files`` as a READY version of ``model``. Creates the model if it does not exist.

        If the upload fails, the error's note says what to do: ``cut_off``, in which ``{version}`` is the version.
        """
        # What cannot be sent is refused before files are hashed and a model is created.
        version_body(content)
        digests = self._digest(files, progress)
        self.models.get_or_create(model)
        registration = self.versions.create(
            model,
            [_declaration(path, digest, self.multipart) for path, digest in digests.items()],
            idempotency_key=idempotency_key,
            **content,
        )
        if registration.version.ready:
            # This registration was completed before, with the same idempotency key.
            return replace(registration.version, warnings=registration.warnings)
        number = registration.version.number
        for warning in registration.warnings:
            _LOG.warning("%s/%d: the file %r: %s", model, number, warning.path, warning.message)
        plan = registration.upload
        if idempotency_key is not None:
            # An earlier run may have begun this version: ask what storage already has.
            plan = self.versions.upload_plan(model, number)
        digested = {path: LocalFile(local, digests[path]) for path, local in files.items()}
        try:
            self._uploader(model, progress).run(plan, digested)
            return replace(self.versions.finalise(model, number), warnings=registration.warnings)
        except BaseException as error:
            # Also if the user interrupts.
            error.add_note(cut_off.format(version=f"{model}/{number}"))
            raise

    def resume(self, model: str, number: int, files: Mapping[str, Path], progress: Progress) -> Version:
        """Upload what storage lacks of a version that was registered earlier, then finalise it."""
        version = self.versions.get(model, number)
        if version.ready:
            return version
        if version.status != "PENDING":
            raise ConflictError(
                f"{model}/{number} is {version.status} and cannot be resumed: register a new version",
                code="version_not_pending",
            )
        plan = self.versions.upload_plan(model, number)
        self._uploader(model, progress).run(plan, {path: LocalFile(local) for path, local in files.items()})
        return self.versions.finalise(model, number)

    def _uploader(self, model: str, progress: Progress) -> Uploader:
        return Uploader(self.versions, self.storage, self.threads, progress, model)

    def _digest(self, files: Mapping[str, Path], progress: Progress) -> dict[str, FileDigest]:
        sizes = {path: local.stat().st_size for path, local in files.items()}
        progress.started("hash", len(files), sum(sizes.values()))
        try:
            jobs = [
                partial(digest_file, local, self.multipart.part_size_for(sizes[path]), progress.advanced)
                for path, local in files.items()
            ]
            return dict(zip(files, run_all(jobs, self.threads), strict=True))
        finally:
            progress.finished("hash")


def _declaration(path: str, digest: FileDigest, multipart: Multipart) -> dict[str, Any]:
    """A file as the API declares it."""
    declaration: dict[str, Any] = {"path": path, "size": digest.size, "sha256": digest.sha256}
    part_size = multipart.part_size_for(digest.size)
    if part_size is not None:
        declaration["multipart"] = {"part_size": part_size, "sha256": digest.composite}
    return declaration
