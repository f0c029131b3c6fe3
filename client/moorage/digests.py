"""SHA-256 digests of a file and of its parts, computed in one pass, and of a list of files."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moorage.errors import IntegrityError

_CHUNK: Final = 1024 * 1024
MIB: Final = 1024 * 1024
GIB: Final = 1024 * MIB
# S3's own limits.
MAX_PARTS: Final = 10_000
MIN_PART: Final = 5 * MIB
MAX_PART: Final = 5 * GIB


@dataclass(frozen=True, slots=True)
class FileDigest:
    """The size and SHA-256 of a file. ``parts`` has the digests of its parts, in order, if it is uploaded in parts."""

    size: int
    sha256: str
    parts: tuple[str, ...] = ()

    @property
    def composite(self) -> str:
        """S3's composite checksum: the SHA-256 of the concatenated binary digests of the parts."""
        return hashlib.sha256(b"".join(bytes.fromhex(part) for part in self.parts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Multipart:
    """Which files are uploaded in parts, and how large the parts are. Both sizes are in bytes.

    A file of ``threshold`` bytes or more is uploaded in parts of ``part_size`` bytes.
    """

    threshold: int = 64 * MIB
    part_size: int = 16 * MIB

    def __post_init__(self) -> None:
        if not MIN_PART <= self.part_size <= MAX_PART:
            raise ValueError(f"the part size must be between {MIN_PART} and {MAX_PART} bytes")
        if self.threshold > MAX_PART:
            raise ValueError(f"the threshold must be at most {MAX_PART} bytes: S3 takes no larger file in one piece")

    def part_size_for(self, size: int) -> int | None:
        """The part size for a file of ``size`` bytes, None if it is uploaded in one piece.

        The part size grows with the file, so that it never needs more than the 10,000 parts that S3 allows.
        """
        if size < max(self.threshold, 1):
            return None
        needed = -(-size // MAX_PARTS)
        return max(self.part_size, -(-needed // MIB) * MIB)


def digest_file(path: Path, part_size: int | None = None, advanced: Callable[[int], None] | None = None) -> FileDigest:
    """Compute the digests of a file in one pass. Raises IntegrityError if its size changes meanwhile.

    ``advanced`` is called with the number of bytes after each chunk.
    """
    whole = hashlib.sha256()
    parts: list[str] = []
    size = 0
    with path.open("rb", buffering=0) as file:
        expected = os.fstat(file.fileno()).st_size
        buffer = memoryview(bytearray(_CHUNK))
        part = hashlib.sha256()
        in_part = 0
        while True:
            room = _CHUNK if part_size is None else min(_CHUNK, part_size - in_part)
            count = file.readinto(buffer[:room])
            if not count:
                break
            size += count
            whole.update(buffer[:count])
            if part_size is not None:
                part.update(buffer[:count])
                in_part += count
                if in_part == part_size:
                    parts.append(part.hexdigest())
                    part, in_part = hashlib.sha256(), 0
            if advanced is not None:
                advanced(count)
        if in_part:
            parts.append(part.hexdigest())
    if size != expected:
        raise IntegrityError(f"{path} changed while it was being read: from {expected} to {size} bytes")
    return FileDigest(size, whole.hexdigest(), tuple(parts))


def files_digest(files: Iterable[tuple[str, int, str, str | None]]) -> str:
    """SHA-256 over the canonical JSON of a list of files: path, size in bytes, SHA-256, and the URI of a reference.

    The list is sorted by path. Only a reference, which is stored elsewhere, has the field ``uri``.
    """
    content = [
        {"path": path, "sha256": sha256, "size": size} | ({} if uri is None else {"uri": uri})
        for path, size, sha256, uri in sorted(files, key=lambda file: file[0])
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
