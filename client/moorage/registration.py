"""Registering in one call: hash, declare, upload, finalise; and taking up an upload that was cut off."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from moorage.digests import Cutting, FileDigest, digest_file
from moorage.errors import ConflictError
from moorage.models import Models
from moorage.progress import Progress
from moorage.results import Version
from moorage.storage import Storage
from moorage.upload import LocalFile, Uploader
from moorage.versions import VersionContent, Versions
from moorage.workers import run_all


@dataclass(frozen=True, slots=True)
class Registrar:
    models: Models
    versions: Versions
    storage: Storage
    threads: int
    cutting: Cutting

    def register(
        self,
        model: str,
        files: Mapping[str, Path],
        progress: Progress,
        idempotency_key: str | None,
        content: VersionContent,
    ) -> Version:
        """A READY version of ``model`` made of ``files``; the model is created if it is new."""
        digests = self._digest(files, progress)
        self.models.get_or_create(model)
        registration = self.versions.create(
            model,
            [_declaration(path, digest, self.cutting) for path, digest in digests.items()],
            idempotency_key=idempotency_key,
            **content,
        )
        if registration.version.ready:
            # The same registration, repeated under the same idempotency key.
            return registration.version
        number = registration.version.number
        plan = registration.upload
        if idempotency_key is not None:
            # The version may be one that an earlier run began: ask what storage has of it.
            plan = self.versions.upload_plan(model, number)
        digested = {path: LocalFile(local, digests[path]) for path, local in files.items()}
        try:
            self._uploader(model, progress).run(plan, digested)
            return self.versions.finalise(model, number)
        except BaseException as error:
            # Also when the user interrupts: what was sent is kept, and this says how to go on.
            error.add_note(f"version {number} is not finished: 'moorage resume {model}/{number}' goes on with it")
            raise

    def resume(self, model: str, number: int, files: Mapping[str, Path], progress: Progress) -> Version:
        """Send what storage lacks of a version registered earlier, then finalise it."""
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
                partial(digest_file, local, self.cutting.part_size_for(sizes[path]), progress.advanced)
                for path, local in files.items()
            ]
            return dict(zip(files, run_all(jobs, self.threads), strict=True))
        finally:
            progress.finished("hash")


def _declaration(path: str, digest: FileDigest, cutting: Cutting) -> dict[str, Any]:
    """How the registry is told of a file."""
    declaration: dict[str, Any] = {"path": path, "size": digest.size, "sha256": digest.sha256}
    part_size = cutting.part_size_for(digest.size)
    if part_size is not None:
        declaration["multipart"] = {"part_size": part_size, "sha256": digest.composite}
    return declaration
