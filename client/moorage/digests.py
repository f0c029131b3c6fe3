"""SHA-256 of a file and of its parts, in one pass over the file."""

import hashlib
import os
from collections.abc import Callable
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
    """What a file held when it was read. ``parts`` are its parts' digests, in order, if it was cut."""

    size: int
    sha256: str
    parts: tuple[str, ...] = ()

    @property
    def composite(self) -> str:
        """S3's composite checksum: the SHA-256 of the parts' binary digests, one after another."""
        return hashlib.sha256(b"".join(bytes.fromhex(part) for part in self.parts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Cutting:
    """Which files are sent in parts, and how large the parts are."""

    threshold: int = 64 * MIB
    part_size: int = 16 * MIB

    def __post_init__(self) -> None:
        if not MIN_PART <= self.part_size <= MAX_PART:
            raise ValueError(f"the part size must be between {MIN_PART} and {MAX_PART} bytes")
        if self.threshold > MAX_PART:
            raise ValueError(f"a file of more than {MAX_PART} bytes cannot be sent in one piece")

    def part_size_for(self, size: int) -> int | None:
        """The size of the parts of a file of ``size`` bytes, None if it is sent in one piece.

        Grows with the file so that S3's 10,000 parts are enough.
        """
        if size < max(self.threshold, 1):
            return None
        needed = -(-size // MAX_PARTS)
        return max(self.part_size, -(-needed // MIB) * MIB)


def digest_file(path: Path, part_size: int | None = None, advanced: Callable[[int], None] | None = None) -> FileDigest:
    """Read ``path`` once. Raises IntegrityError if it changes its size meanwhile."""
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
        raise IntegrityError(f"{path} changed while it was read: {expected} bytes became {size}")
    return FileDigest(size, whole.hexdigest(), tuple(parts))
