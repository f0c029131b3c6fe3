"""Parts of a file as sources of their own, and reading a source from front to back."""

import zlib
from typing import Final

from chalicelib.domain.scanning.reasons import MalformedError
from chalicelib.domain.scanning.source import Source, TooMuchReadError

# How much a reader fetches at once.
CHUNK: Final = 64 * 1024
# Bytes that one packed part may become in memory.
MAX_UNPACKED: Final = 64 * 1024 * 1024
_ENDED_EARLY: Final = "The file ends in the middle of a field."


class Section:
    """A part of another source, from ``start`` on."""

    def __init__(self, source: Source, start: int, size: int) -> None:
        self._source = source
        self._start = start
        self._size = max(0, min(size, source.size - start))

    @property
    def size(self) -> int:
        return self._size

    def read(self, start: int, length: int) -> bytes:
        length = min(length, self._size - start)
        return self._source.read(self._start + start, length) if length > 0 else b""


class Allowance:
    """How many more bytes may be read or unpacked, for all parts of one file together."""

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self, length: int) -> None:
        """Raises TooMuchReadError if fewer are left."""
        if length > self._left:
            raise TooMuchReadError
        self._left -= length


class Metered:
    """A source whose reads are taken from an allowance."""

    def __init__(self, source: Source, allowance: Allowance) -> None:
        self._source = source
        self._allowance = allowance

    @property
    def size(self) -> int:
        return self._source.size

    def read(self, start: int, length: int) -> bytes:
        length = max(0, min(length, self.size - start))
        self._allowance.spend(length)
        return self._source.read(start, length) if length else b""


class Inflated:
    """What a packed part of a file inflates to, as far as it is asked for. ``size`` is what the file says it is.

    What is inflated stays in memory, up to MAX_UNPACKED bytes: reading beyond raises TooMuchReadError. Reading raises
    MalformedError if the part does not inflate, or if it ends before ``size``.
    """

    def __init__(self, packed: Source, size: int, unpacking: Allowance) -> None:
        self._packed = packed
        self._size = size
        self._unpacking = unpacking
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._read = 0
        self._inflated = bytearray()

    @property
    def size(self) -> int:
        return self._size

    def read(self, start: int, length: int) -> bytes:
        end = min(start + length, self._size)
        if end > MAX_UNPACKED:
            raise TooMuchReadError
        while len(self._inflated) < end:
            self._inflate(end - len(self._inflated))
        return bytes(self._inflated[start:end])

    def _inflate(self, wanted: int) -> None:
        packed = self._inflater.unconsumed_tail
        if not packed:
            packed = self._packed.read(self._read, CHUNK)
            self._read += len(packed)
        try:
            made = self._inflater.decompress(packed, wanted)
        except zlib.error as error:
            raise MalformedError("It cannot be inflated.") from error
        if not made and (self._inflater.eof or not packed):
            raise MalformedError("It inflates to less than the archive says.")
        self._unpacking.spend(len(made))
        self._inflated += made


class Reader:
    """Reads a source from front to back, and skips what it need not see without fetching it."""

    def __init__(self, source: Source, start: int = 0, chunk: int = CHUNK) -> None:
        self._source = source
        self._chunk = chunk
        self._buffer = b""
        self._buffered_from = start
        self.position = start

    @property
    def size(self) -> int:
        return self._source.size

    def take(self, length: int) -> bytes:
        """The next ``length`` bytes. Raises MalformedError if the file ends before."""
        if length > self._source.size - self.position:
            raise MalformedError(_ENDED_EARLY)
        at = self.position - self._buffered_from
        if not 0 <= at <= len(self._buffer) - length:
            self._buffer = self._source.read(self.position, max(length, self._chunk))
            self._buffered_from, at = self.position, 0
        if len(self._buffer) - at < length:
            raise MalformedError(_ENDED_EARLY)
        self.position += length
        return self._buffer[at : at + length]

    def skip(self, length: int) -> None:
        """Raises MalformedError if the file ends before."""
        if length > self._source.size - self.position:
            raise MalformedError(_ENDED_EARLY)
        self.position += length

    def number(self, width: int) -> int:
        """An unsigned little-endian number of ``width`` bytes."""
        return int.from_bytes(self.take(width), "little")
