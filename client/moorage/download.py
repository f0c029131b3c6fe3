"""Downloads of a version's files. A file gets its name only after its SHA-256 was checked."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from moorage.destination import places
from moorage.digests import MIB, digest_file
from moorage.errors import IntegrityError
from moorage.manifest import Manifest, fetch_manifest
from moorage.partial_file import PartialFile
from moorage.paths import VersionKey
from moorage.progress import Progress
from moorage.results import Artifact
from moorage.signers import SignedBatch
from moorage.storage import SignedRequest, Storage
from moorage.versions import Versions
from moorage.workers import run_all


@dataclass(frozen=True, slots=True)
class Download:
    """The result of a download.

    ``fetched`` files were downloaded, ``skipped`` files were already complete, and ``references`` are files that the
    registry does not store. ``renamed`` has the local path of each file whose own path the file system cannot hold.
    """

    model: str
    version: int
    digest: str | None
    directory: Path
    fetched: tuple[Path, ...]
    skipped: tuple[Path, ...]
    references: tuple[Artifact, ...]
    renamed: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segments:
    """The size of the ranges in which a file is fetched: between ``least`` and ``most`` bytes.

    Each range costs a request, so there are only as many as keep every thread busy. A range that is cut off has to be
    fetched again, so ``most`` keeps it small.
    """

    least: int = 16 * MIB
    most: int = 64 * MIB

    def size_for(self, size: int, threads: int) -> int:
        """The size of the ranges for a file of ``size`` bytes."""
        share = -(-size // (threads * MIB)) * MIB
        return min(max(share, self.least), self.most)


@dataclass(frozen=True, slots=True)
class Downloader:
    """Downloads files on several threads."""

    versions: Versions
    storage: Storage
    threads: int
    segments: Segments
    progress: Progress

    def run(self, model: str, version: VersionKey, directory: Path, paths: Collection[str] | None) -> Download:
        """Download the files of a version, or only ``paths``, into ``directory``.

        Raises IntegrityError if a file does not have the registered bytes. Such a file never gets its name.
        """
        manifest = fetch_manifest(self.versions, model, version)
        chosen = manifest.select(paths)
        directory.mkdir(parents=True, exist_ok=True)
        stored = [file for file in chosen if file.uri is None]
        listed = [file.path for file in manifest.files if file.uri is None]
        targets = places(directory, listed, [file.path for file in stored])
        present = run_all([partial(_is_complete, targets[file.path], file) for file in stored], self.threads)
        missing = [file for file, complete in zip(stored, present, strict=True) if not complete]
        self._fetch(manifest, missing, targets)
        fetched = {file.path for file in missing}
        return Download(
            model=manifest.model,
            version=manifest.version,
            digest=manifest.digest,
            directory=directory,
            fetched=tuple(targets[file.path] for file in missing),
            skipped=tuple(targets[file.path] for file in stored if file.path not in fetched),
            references=tuple(file for file in chosen if file.uri is not None),
            renamed={path: target for path, target in targets.items() if target != directory.resolve() / path},
        )

    def _fetch(self, manifest: Manifest, missing: list[Artifact], targets: dict[str, Path]) -> None:
        signed: SignedBatch[str] = SignedBatch(
            # By number, because the alias may have moved since.
            lambda _: _signed(fetch_manifest(self.versions, manifest.model, manifest.version).files)
        )
        signed.add(_signed(missing))
        parts = [
            PartialFile.open(targets[file.path], file, self.segments.size_for(file.size, self.threads))
            for file in missing
        ]
        self.progress.started("download", len(missing), sum(file.size for file in missing))
        try:
            run_all((job for part in parts for job in self._jobs(part, signed)), self.threads)
        finally:
            self.progress.finished("download")

    def _jobs(self, part: PartialFile, signed: SignedBatch[str]) -> Iterator[Callable[[], None]]:
        self.progress.advanced(part.size_done)
        missing = part.missing()
        if not missing:
            yield partial(self._complete, part, signed)
        for segment in missing:
            yield partial(self._receive_segment, part, segment, signed)

    def _receive_segment(self, part: PartialFile, segment: int, signed: SignedBatch[str]) -> None:
        self._fetch_segment(part, segment, signed)
        if part.received(segment):
            self._complete(part, signed)

    def _fetch_segment(self, part: PartialFile, segment: int, signed: SignedBatch[str]) -> None:
        start, size = part.extent(segment)
        with part.writer() as write:

            def store(offset: int, chunk: bytes) -> None:
                write(offset, chunk)
                self.progress.advanced(len(chunk))

            self.storage.get(start, size, part.segments == 1, signed.signer(part.artifact.path), store)

    def _complete(self, part: PartialFile, signed: SignedBatch[str]) -> None:
        try:
            part.finish()
        except IntegrityError:
            if not part.resumed:
                raise
            # The data that an earlier run left may be wrong: download the file once more from the start.
            self.progress.advanced(-part.artifact.size)
            part.restart()
            for segment in part.missing():
                self._fetch_segment(part, segment, signed)
                part.received(segment)
            part.finish()


def _signed(files: Collection[Artifact]) -> dict[str, SignedRequest]:
    return {file.path: SignedRequest(file.url, {}) for file in files if file.url is not None}


def _is_complete(target: Path, file: Artifact) -> bool:
    return target.is_file() and target.stat().st_size == file.size and digest_file(target).sha256 == file.sha256
