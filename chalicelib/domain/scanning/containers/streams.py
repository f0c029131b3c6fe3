"""Compressed streams: one packed content without a directory, as gzip, bzip2, xz and zlib make them."""

import bz2
import io
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from chalicelib.domain.scanning.containers.member import MAX_RATIO, SMALL
from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.ranges import CHUNK, Allowance
from chalicelib.domain.scanning.reasons import review
from chalicelib.domain.scanning.source import Source

# So little is unpacked at a time where a stream is damaged.
_STEP: Final = 16
# Of the dictionary of an xz stream. The highest preset of the xz tool needs 65 MiB.
_MEMORY: Final = 96 * 1024 * 1024


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Zlib:
    """zlib's object, which keeps what it has not looked at for its caller, as one that keeps it for itself."""

    def __init__(self, wbits: int) -> None:
        self._inflater = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._inflater.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflater.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inflater.decompress(self._inflater.unconsumed_tail + data, max_length)


class _DamagedError(Exception):
    """The stream cannot be unpacked any further. The part of the source that shows it begins at ``start``."""

    def __init__(self, text: str, start: int) -> None:
        super().__init__(text)
        self.text = text
        self.start = start


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a stream unpacks to: as far as it does, since what is before an error may be loaded all the same."""

    content: bytes
    reasons: tuple[Reason, ...] = ()


def unpack(algorithm: str, source: Source, unpacking: Allowance) -> Unpacked:
    """Unpack a stream of ``gzip``, ``zlib``, ``bzip2``, ``xz`` or ``lzma``, in memory.

    ``unpacking`` is how much may be unpacked: TooMuchReadError is raised beyond.
    """
    reasons: list[Reason] = []
    content, damage = _content(algorithm, source, unpacking, source.size)
    if damage is not None:
        reasons.append(review("malformed", damage.text))
        # Decompressors keep back what they have when they meet damage. In small steps, they don't.
        content, _ = _content(algorithm, source, unpacking, damage.start)
    if len(content) > SMALL and len(content) > MAX_RATIO * source.size:
        reasons.append(review("ratio", f"It becomes more than {MAX_RATIO} times as large when it is unpacked."))
    return Unpacked(content, tuple(reasons))


def _content(algorithm: str, source: Source, unpacking: Allowance, damaged: int) -> tuple[bytes, _DamagedError | None]:
    """What is before the end or the damage, and the damage if there is some."""
    content = io.BytesIO()
    try:
        for part in _parts(algorithm, source, damaged):
            unpacking.spend(len(part))
            content.write(part)
    except _DamagedError as damage:
        return content.getvalue(), damage
    return content.getvalue(), None


def _new(algorithm: str) -> _Decompressor:
    match algorithm:
        case "bzip2":
            return bz2.BZ2Decompressor()
        case "gzip":
            return _Zlib(zlib.MAX_WBITS | 16)
        case "zlib":
            return _Zlib(zlib.MAX_WBITS)
        case _:
            return lzma.LZMADecompressor(memlimit=_MEMORY)


def _parts(algorithm: str, source: Source, damaged: int) -> Iterator[bytes]:
    """The unpacked content in parts, in small ones from ``damaged`` on. Streams may follow each other.

    Raises _DamagedError.
    """
    stream, start, position, packed = _new(algorithm), 0, 0, b""
    while True:
        try:
            made = stream.decompress(packed, CHUNK)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            raise _DamagedError(
                "The compressed stream is broken. What comes before that was scanned.", start
            ) from error
        packed = b""
        if made:
            yield made
        if stream.eof:
            packed = stream.unused_data
            if not packed and position >= source.size:
                return
            stream = _new(algorithm)
        if not made and not packed:
            start = position
            packed = source.read(start, CHUNK if start < damaged else _STEP)
            position += len(packed)
            if not packed:
                raise _DamagedError("The compressed stream has no end. What comes before that was scanned.", start)
