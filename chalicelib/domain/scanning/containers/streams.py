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
from chalicelib.domain.scanning.reasons import MalformedError, review
from chalicelib.domain.scanning.source import Source

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


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a stream unpacks to: as far as it does, since what is before an error may be loaded all the same."""

    content: bytes
    reasons: tuple[Reason, ...] = ()


def unpack(algorithm: str, source: Source, unpacking: Allowance) -> Unpacked:
    """Unpack a stream of ``gzip``, ``zlib``, ``bzip2``, ``xz`` or ``lzma``, in memory.

    ``unpacking`` is how much may be unpacked: TooMuchReadError is raised beyond.
    """
    content = io.BytesIO()
    reasons: list[Reason] = []
    try:
        for part in _parts(algorithm, source):
            unpacking.spend(len(part))
            content.write(part)
    except MalformedError as error:
        reasons.append(review("malformed", error.text))
    if content.tell() > SMALL and content.tell() > MAX_RATIO * source.size:
        reasons.append(review("ratio", f"It becomes more than {MAX_RATIO} times as large when it is unpacked."))
    return Unpacked(content.getvalue(), tuple(reasons))


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


def _parts(algorithm: str, source: Source) -> Iterator[bytes]:
    """The unpacked content in parts. Streams may follow each other. Raises MalformedError."""
    stream, position, packed = _new(algorithm), 0, b""
    while True:
        made = _decompressed(stream, packed)
        packed = b""
        if made:
            yield made
        if stream.eof:
            packed = stream.unused_data
            if not packed and position >= source.size:
                return
            stream = _new(algorithm)
        if not made and not packed:
            packed = source.read(position, CHUNK)
            position += len(packed)
            if not packed:
                raise MalformedError("The compressed stream has no end. What comes before that was scanned.")


def _decompressed(stream: _Decompressor, packed: bytes) -> bytes:
    try:
        return stream.decompress(packed, CHUNK)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise MalformedError("The compressed stream is broken. What comes before that was scanned.") from error
