"""A file that is being downloaded: a temporary file on the file system of its target, written in segments.

A journal lists the complete segments, so that a later run fetches only the missing ones. The target appears in one
step and read-only, after the SHA-256 of the whole file was checked.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from moorage.errors import IntegrityError, UnsafePathError
from moorage.results import Artifact

_CHUNK: Final = 1024 * 1024


class PartialFile:
    """A partly downloaded file in ``folder``. Several threads may write segments, of one process at a time.

    The digest is computed meanwhile, up to the first missing segment.
    """

    def __init__(self, target: Path, folder: Path, artifact: Artifact, segment_size: int) -> None:
        self.target = target
        self.artifact = artifact
        self.resumed = False
        self._segment_size = segment_size
        # The name includes the digest, so that partial data of different content is never reused.
        self._path = folder / f"{artifact.sha256}.{segment_size}.partial"
        self._journal = self._path.with_suffix(".segments")
        self._lock = threading.Lock()
        self._done: set[int] = set()
        self._digest = hashlib.sha256()
        self._digested = 0

    def open(self) -> None:
        """Continue the partial file of an earlier run, or start a new one."""
        for path in (self._path, self._journal):
            if path.is_symlink():
                raise UnsafePathError(f"{path} is a symbolic link, which a download does not follow: remove it")
        if self._path.is_file() and self._path.stat().st_size == self.artifact.size:
            self._done = self._read_journal()
            self.resumed = bool(self._done)
        if not self.resumed:
            self.restart()

    @property
    def segments(self) -> int:
        """The number of segments."""
        return max(1, -(-self.artifact.size // self._segment_size))

    @property
    def size_done(self) -> int:
        """The number of bytes that are complete."""
        return sum(self.extent(segment)[1] for segment in self._done)

    def extent(self, segment: int) -> tuple[int, int]:
        """The offset and size of a segment, in bytes."""
        start = segment * self._segment_size
        return start, min(self._segment_size, self.artifact.size - start)

    def missing(self) -> list[int]:
        """The segments that are not complete yet."""
        return [segment for segment in range(self.segments) if segment not in self._done]

    def restart(self) -> None:
        """Discard everything received and start again."""
        self.resumed = False
        self._done = set()
        self._digest, self._digested = hashlib.sha256(), 0
        self._journal.write_bytes(b"")
        with self._path.open("wb") as file:
            file.truncate(self.artifact.size)

    @contextmanager
    def writer(self) -> Iterator[Callable[[int, bytes], None]]:
        """Open the file and yield a function ``write(offset, chunk)``."""
        with self._path.open("r+b", buffering=0) as file:

            def write(offset: int, chunk: bytes) -> None:
                file.seek(offset)
                view = memoryview(chunk)
                while view:
                    view = view[file.write(view) :]

            yield write

    def received(self, segment: int) -> bool:
        """Record that a segment is complete. Returns whether the whole file is."""
        with self._lock:
            with self._journal.open("a", encoding="ascii") as journal:
                journal.write(f"{segment}\n")
            self._done.add(segment)
            self._update_digest()
            return len(self._done) == self.segments

    def finish(self) -> None:
        """Move the file to its target. If its SHA-256 is wrong, remove it and raise IntegrityError."""
        with self._lock:
            self._update_digest()
            if self._digest.hexdigest() != self.artifact.sha256:
                self._discard()
                raise IntegrityError(
                    f"{self.artifact.path} does not have the registered SHA-256: the download was discarded"
                )
        self.target.parent.mkdir(parents=True, exist_ok=True)
        if os.name != "nt":
            # Windows would neither replace nor remove a read-only file.
            self._path.chmod(0o444)
        self._path.replace(self.target)
        self._journal.unlink(missing_ok=True)

    def _update_digest(self) -> None:
        if self._digested not in self._done:
            return
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._digested * self._segment_size)
            buffer = memoryview(bytearray(_CHUNK))
            while self._digested in self._done:
                left = self.extent(self._digested)[1]
                while left and (count := file.readinto(buffer[: min(_CHUNK, left)])):
                    self._digest.update(buffer[:count])
                    left -= count
                self._digested += 1

    def _discard(self) -> None:
        self._path.unlink(missing_ok=True)
        self._journal.unlink(missing_ok=True)

    def _read_journal(self) -> set[int]:
        try:
            lines = self._journal.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return set()
        # A last line that is cut off names no segment or a wrong one. The digest of the whole file catches that.
        return {int(line) for line in lines if line.isdecimal() and int(line) < self.segments}
