"""Uploading every file and part that storage does not have yet, on several threads."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moorage.digests import FileDigest, digest_file
from moorage.errors import IntegrityError, MoorageError
from moorage.progress import Progress
from moorage.results import PlannedFile, UploadPlan
from moorage.signers import AlreadyStored, SignedBatch
from moorage.storage import Piece, SignedRequest, Storage
from moorage.versions import Versions
from moorage.workers import run_all

# URLs expire, so only as many parts are signed in advance as are uploaded soon.
_PARTS_SIGNED_AHEAD: Final = 100
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A local file, with its digests if they are already known."""

    path: Path
    digest: FileDigest | None = None


@dataclass(frozen=True, slots=True)
class Uploader:
    """Uploads the files of one version of ``model``."""

    versions: Versions
    storage: Storage
    threads: int
    progress: Progress
    model: str

    def run(self, plan: UploadPlan, files: Mapping[str, LocalFile]) -> None:
        """Upload what ``plan`` lists as missing. Raises IntegrityError if a file is not the registered one."""
        missing = [planned for planned in plan.files if not planned.uploaded]
        self._check(missing, files)
        sizes = {planned.path: _size_to_send(planned) for planned in missing}
        size = sum(sizes.values())
        _LOG.info("uploading %d files of %s/%d, %d bytes", len(missing), self.model, plan.version, size)
        self.progress.started("upload", len(missing), size)
        try:
            run_all(self._jobs(plan, missing, files), self.threads)
            _LOG.info("uploaded %d files of %s/%d", len(missing), self.model, plan.version)
        finally:
            self.progress.finished("upload")

    def _check(self, missing: list[PlannedFile], files: Mapping[str, LocalFile]) -> None:
        for planned in missing:
            local = files.get(planned.path)
            if local is None:
                raise MoorageError(f"the version has a file {planned.path!r}, but there is no such file to upload")
            size = local.path.stat().st_size
            if size != planned.size:
                raise IntegrityError(
                    f"{local.path} has {size} bytes; {planned.path!r} was registered with {planned.size}"
                )

    def _jobs(
        self, plan: UploadPlan, missing: list[PlannedFile], files: Mapping[str, LocalFile]
    ) -> Iterator[Callable[[], None]]:
        singles: SignedBatch[str] = SignedBatch(lambda _: _signed_files(self._plan_again(plan)))
        singles.add(_signed_files(plan))
        for planned in missing:
            local = files[planned.path]
            if planned.kind == "multipart":
                yield from self._part_jobs(plan.version, planned, local)
            else:
                yield self._single_job(planned, local.path, singles)

    def _plan_again(self, plan: UploadPlan) -> UploadPlan:
        return self.versions.upload_plan(self.model, plan.version)

    def _single_job(self, planned: PlannedFile, path: Path, signed: SignedBatch[str]) -> Callable[[], None]:
        def send() -> None:
            try:
                self.storage.put(Piece(path, 0, planned.size), signed.signer(planned.path), self.progress.advanced)
            except AlreadyStored:
                # An earlier attempt succeeded, although its response was lost.
                self.progress.advanced(planned.size)

        return send

    def _part_jobs(self, version: int, planned: PlannedFile, local: LocalFile) -> Iterator[Callable[[], None]]:
        size = planned.part_size
        if size is None:
            raise MoorageError(f"the upload plan has no part size for {planned.path!r}")
        digest = local.digest or digest_file(local.path, size)
        numbered = dict(enumerate(digest.parts, start=1))
        stored = {part.number: part.sha256 for part in planned.uploaded_parts}
        wanted = {number: sha256 for number, sha256 in numbered.items() if stored.get(number) != sha256}

        def sign(first: int) -> Mapping[int, SignedRequest]:
            following = [number for number in wanted if number >= first][:_PARTS_SIGNED_AHEAD]
            answer = self.versions.sign_parts(
                self.model, version, planned.path, {number: wanted[number] for number in following}
            )
            return {part.number: SignedRequest(part.url, part.headers) for part in answer.parts}

        signed: SignedBatch[int] = SignedBatch(sign)
        for number in wanted:
            offset = (number - 1) * size
            yield self._part_job(Piece(local.path, offset, min(size, planned.size - offset)), signed, number)

    def _part_job(self, piece: Piece, signed: SignedBatch[int], number: int) -> Callable[[], None]:
        return lambda: self.storage.put(piece, signed.signer(number), self.progress.advanced)


def _signed_files(plan: UploadPlan) -> dict[str, SignedRequest]:
    return {
        planned.path: SignedRequest(planned.url, planned.headers or {})
        for planned in plan.files
        if planned.kind == "single" and planned.url is not None and not planned.uploaded
    }


def _size_to_send(planned: PlannedFile) -> int:
    return planned.size - sum(part.size for part in planned.uploaded_parts)
