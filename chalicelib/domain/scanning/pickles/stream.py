"""The bytes of a pickle, read once from front to back."""

import io
from typing import Final

from chalicelib.domain.scanning.pickles.limits import MAX_STREAM_BYTES, MAX_TEXT_BYTES
from chalicelib.domain.scanning.source import Source

_BLOCK: Final = 256 * 1024


class BrokenError(Exception):
    """The bytes are no pickle from here on, or not one that can be followed. The message is a sentence."""


class BeyondLimitsError(Exception):
    """There is more than one scan follows. The message is a sentence."""


class Section(io.RawIOBase):
    """A part of a source as a raw file."""

    def __init__(self, source: Source, start: int, length: int) -> None:
        self._source = source
        self._start = start
        self.size = max(0, min(length, source.size - start))
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence] + offset
        return self._at

    # The type of a buffer is not in Python 3.11.
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self.size - self._at))
        content = self._source.read(self._start + self._at, wanted) if wanted else b""
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


class Stream:
    """Reads what opcodes ask for, as far as the limits go."""

    def __init__(self, source: Source, start: int = 0, length: int | None = None) -> None:
        section = Section(source, start, source.size if length is None else length)
        self._file = io.BufferedReader(section, _BLOCK)
        self._size = section.size
        self._left = MAX_STREAM_BYTES
        # One byte, or none at the end. A bound method, because it is called for every opcode.
        self.byte = self._file.read

    @property
    def position(self) -> int:
        return self._file.tell()

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return max(0, self._size - self._file.tell())

    def go_to(self, position: int) -> None:
        self._file.seek(position)

    def exactly(self, count: int) -> bytes:
        """A few bytes. Longer and hostile lengths go through ``payload``."""
        content = self._file.read(count)
        if len(content) < count:
            raise BrokenError("It ends in the middle of an opcode.")
        return content

    def payload(self, count: int) -> bytes:
        """The first bytes of so many, at most MAX_TEXT_BYTES; the others are skipped."""
        head = self.exactly(min(count, MAX_TEXT_BYTES))
        self._spend(len(head))
        if count > len(head):
            self.skip(count - len(head))
        return head

    def line(self) -> bytes:
        """Up to the end of the line, without it. At the end of the file the last byte is lost, as in unpicklers."""
        line = self._file.readline(MAX_TEXT_BYTES)
        if len(line) == MAX_TEXT_BYTES and not line.endswith(b"\n"):
            raise BeyondLimitsError(f"A line in it is longer than {MAX_TEXT_BYTES} bytes.")
        if not line:
            raise BrokenError("It ends in the middle of an opcode.")
        self._spend(len(line))
        return line[:-1]

    def skip(self, count: int) -> None:
        if count > self.left:
            raise BrokenError("It ends in the middle of a value.")
        self._file.seek(count, io.SEEK_CUR)

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise BeyondLimitsError(f"More than {MAX_STREAM_BYTES} bytes of it would have to be followed.")
