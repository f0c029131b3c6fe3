"""The files of the cache, each under its SHA-256."""

import re
import shutil
import stat
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from moorage.cache.copying import link_or_copy
from moorage.cache.locks import FileLock
from moorage.digests import digest_file
from moorage.errors import IntegrityError
from moorage.partial_file import PartialFile
from moorage.results import Artifact

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class BlobState(Enum):
    """What has become of a blob."""

    ABSENT = "absent"
    INTACT = "intact"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Blobs:
    """The blobs below ``root``. A blob is there whole or not at all; whether it was changed since, its digest tells."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "blobs"

    @property
    def partial_folder(self) -> Path:
        """Where blobs are until they are complete."""
        return self.root / "partial"

    def path(self, sha256: str) -> Path:
        """Where the blob is or would be. Raises IntegrityError if ``sha256`` is no digest."""
        if not _SHA256.fullmatch(sha256):
            raise IntegrityError(f"the registry gave {sha256!r} as a SHA-256: nothing was downloaded")
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether there is such a blob. Does not read it."""
        return is_plain_file(self.path(sha256))

    def state(self, file: Artifact) -> "BlobState":
        """Whether there is such a blob, and still has the file's bytes. Reads all of it."""
        path = self.path(file.sha256)
        if not path.exists():
            return BlobState.ABSENT
        return BlobState.INTACT if has_content(path, file) else BlobState.DAMAGED

    def discard(self, sha256: str) -> None:
        """Remove a blob, if there is one."""
        remove(self.path(sha256))

    def lock(self, sha256: str) -> FileLock:
        """The lock to hold while a blob is fetched."""
        self.partial_folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.partial_folder / f"{sha256}.lock")

    def partial(self, file: Artifact, segment_size: int) -> PartialFile:
        """The blob of ``file`` as it is being fetched."""
        return PartialFile(self.path(file.sha256), self.partial_folder, file, segment_size)

    def link(self, sha256: str, target: Path) -> None:
        """Make ``target`` the same file as the blob, or a copy of it where the file system has no hard links."""
        link_or_copy(self.path(sha256), target)


def has_content(path: Path, file: Artifact) -> bool:
    """Whether there is a plain file at ``path`` with the size and the SHA-256 of ``file``. Reads all of it."""
    if not is_plain_file(path) or path.stat().st_size != file.size:
        return False
    return digest_file(path).sha256 == file.sha256


def is_plain_file(path: Path) -> bool:
    """Whether ``path`` is a file, and not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def remove(path: Path) -> None:
    """Remove a file or a whole directory, if there is one. A link is removed, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
