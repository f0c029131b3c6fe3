"""Fetching the blobs that the cache lacks, on several threads. A blob gets its name after its SHA-256 was checked."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from moorage.cache.blobs import Blobs
from moorage.digests import MIB
from moorage.errors import IntegrityError
from moorage.manifest import Manifest, fetch_manifest
from moorage.partial_file import PartialFile
from moorage.progress import Progress
from moorage.results import Artifact
from moorage.signers import SignedBatch
from moorage.storage import SignedRequest, Storage
from moorage.versions import Versions
from moorage.workers import run_all

_LOG: Final = logging.getLogger(__name__)


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
class BlobFetcher:
    """Fetches blobs from the object storage."""

    versions: Versions
    storage: Storage
    threads: int
    segments: Segments
    progress: Progress

    def fetch(self, manifest: Manifest, files: Sequence[Artifact], blobs: Blobs) -> None:
        """Fetch the blobs of ``files``, each with another SHA-256.

        A blob that another process is fetching is waited for. An interrupted download continues where it stopped.
        Raises IntegrityError if a file does not have the registered bytes. Such a blob never gets its name.
        """
        signed: SignedBatch[str] = SignedBatch(
            # By number, because the alias may have moved since.
            lambda _: _signed(fetch_manifest(self.versions, manifest.model, manifest.version).files)
        )
        signed.add(_signed(files))
        given_up = threading.Event()
        arrivals = [_Arrival(blobs, file, self.segments.size_for(file.size, self.threads), given_up) for file in files]
        size = sum(file.size for file in files)
        _LOG.info("downloading %d files of %s/%d, %d bytes", len(files), manifest.model, manifest.version, size)
        self.progress.started("download", len(files), size)
        try:
            run_all((job for arrival in arrivals for job in self._jobs(arrival, signed)), self.threads, given_up)
        finally:
            for arrival in arrivals:
                arrival.close()
            self.progress.finished("download")

    def _jobs(self, arrival: "_Arrival", signed: SignedBatch[str]) -> Iterator[Callable[[], None]]:
        return (partial(self._receive, arrival, segment, signed) for segment in range(arrival.part.segments))

    def _receive(self, arrival: "_Arrival", segment: int, signed: SignedBatch[str]) -> None:
        if arrival.open(self.progress):
            # An earlier run stopped between the last segment and the name.
            self._complete(arrival, signed)
        if segment in arrival.missing:
            self._fetch_segment(arrival.part, segment, signed)
            if arrival.part.received(segment):
                self._complete(arrival, signed)

    def _fetch_segment(self, part: PartialFile, segment: int, signed: SignedBatch[str]) -> None:
        start, size = part.extent(segment)
        with part.writer() as write:

            def store(offset: int, chunk: bytes) -> None:
                write(offset, chunk)
                self.progress.advanced(len(chunk))

            self.storage.get(start, size, part.segments == 1, signed.signer(part.artifact.path), store)

    def _complete(self, arrival: "_Arrival", signed: SignedBatch[str]) -> None:
        part = arrival.part
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
        arrival.close()


class _Arrival:
    """A blob that is being fetched. The first thread that turns to it locks it against other processes.

    A thread waits for such a lock only after all earlier blobs are with threads that do not wait, so that two processes
    never wait for each other.
    """

    def __init__(self, blobs: Blobs, file: Artifact, segment_size: int, given_up: threading.Event) -> None:
        self.part = blobs.partial(file, segment_size)
        self.missing: frozenset[int] = frozenset()
        self._blobs = blobs
        self._file_lock = blobs.lock(file.sha256)
        self._given_up = given_up
        self._opening = threading.Lock()
        self._opened = False

    def open(self, progress: Progress) -> bool:
        """Find out once what is ``missing``. Returns whether only the name is, and the caller is to give it."""
        with self._opening:
            if self._opened or not self._file_lock.acquire(self._given_up):
                return False
            self._opened = True
            if self._blobs.has(self.part.artifact.sha256):
                # Another process or thread has fetched it meanwhile, and has checked it.
                progress.advanced(self.part.artifact.size)
                self.close()
                return False
            self.part.open()
            self.missing = frozenset(self.part.missing())
            progress.advanced(self.part.size_done)
            return not self.missing

    def close(self) -> None:
        """Let other processes have the blob."""
        self._file_lock.release()


def _signed(files: Sequence[Artifact]) -> dict[str, SignedRequest]:
    return {file.path: SignedRequest(file.url, {}) for file in files if file.url is not None}
