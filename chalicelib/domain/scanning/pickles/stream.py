"""The bytes of a pickle, read once from front to back."""

import io
from collections.abc import Callable
from typing import Final

from chalicelib.domain.scanning.pickles.limits import MAX_FRAME_BYTES, MAX_STREAM_BYTES, MAX_TEXT_BYTES
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
    """Reads what opcodes ask for, as far as the limits go.

    Since protocol 4, opcodes come in frames. Unpicklers read a frame as a whole, and don't agree on what follows if an
    opcode crosses its end: one of CPython's stops, and the other drops the bytes before the end. So it is refused here.
    """

    def __init__(self, source: Source, start: int = 0, length: int | None = None) -> None:
        section = Section(source, start, source.size if length is None else length)
        self._file: Final = io.BufferedReader(section, _BLOCK)
        self._size: Final = section.size
        # Where bytes come from: the file, or a frame of it.
        self._current: io.BufferedReader[Section] | io.BytesIO = self._file
        self._left = MAX_STREAM_BYTES

    @property
    def position(self) -> int:
        return self._file.tell() - self.left_in_frame

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return max(0, self._size - self.position)

    @property
    def left_in_frame(self) -> int:
        frame = self._current
        return frame.getbuffer().nbytes - frame.tell() if isinstance(frame, io.BytesIO) else 0

    def go_to(self, position: int) -> None:
        """Goes on from another place, which no frame is around."""
        self._current = self._file
        self._file.seek(position)

    def enter_frame(self, length: int) -> bool:
        """Reads a frame, or what there is of it; whether that is the whole of it."""
        if self.left_in_frame:
            raise BrokenError("It begins a frame inside of another.")
        left = self.left
        if min(length, left) > MAX_FRAME_BYTES:
            raise BeyondLimitsError(f"It has a frame of more than {MAX_FRAME_BYTES} bytes.")
        self._current = io.BytesIO(self._file.read(min(length, left)))
        return length <= left

    def opcode(self) -> bytes:
        """The next byte, or none at the end."""
        code = self._current.read(1)
        if not code and self._current is not self._file:
            self._current = self._file
            code = self._file.read(1)
        return code

    def exactly(self, count: int) -> bytes:
        """A few bytes. Longer and hostile lengths go through ``payload``."""
        content = self._current.read(count)
        if len(content) < count:
            content = self._at_next(content, self._file.read, count)
            if len(content) < count:
                raise BrokenError(_CUT_OFF)
        return content

    def payload(self, count: int) -> bytes:
        """The first bytes of so many, at most MAX_TEXT_BYTES; the others are skipped."""
        head = self.exactly(min(count, MAX_TEXT_BYTES))
        self._spend(len(head))
        if count > len(head):
            self.skip(count - len(head))
        return head

    def line(self) -> bytes:
        """Up to the end of the line, without it."""
        line, whole = self.literal_line()
        if not whole:
            raise BeyondLimitsError(f"A line in it is longer than {MAX_TEXT_BYTES} bytes.")
        return line

    def literal_line(self) -> tuple[bytes, bool]:
        """The line, and whether that is all of it: after its first MAX_TEXT_BYTES, the rest is skipped."""
        line = self._current.readline(MAX_TEXT_BYTES)
        if len(line) < MAX_TEXT_BYTES and not line.endswith(b"\n"):
            line = self._at_next(line, self._file.readline, MAX_TEXT_BYTES)
        if not line:
            raise BrokenError(_CUT_OFF)
        self._spend(len(line))
        if len(line) == MAX_TEXT_BYTES and not line.endswith(b"\n"):
            self._skip_rest_of_line()
            return line, False
        # At the end of the file the last byte is lost, as it is in unpicklers.
        return line[:-1], True

    def _skip_rest_of_line(self) -> None:
        while not (part := self._current.readline(MAX_TEXT_BYTES)).endswith(b"\n"):
            self._spend(len(part))
            if len(part) < MAX_TEXT_BYTES:
                raise BrokenError(_CUT_OFF)
        self._spend(len(part))

    def skip(self, count: int) -> None:
        if self._current is not self._file and count > self.left_in_frame:
            raise BrokenError(_CROSSES)
        if count > self.left:
            raise BrokenError(_CUT_OFF)
        self._current.seek(count, io.SEEK_CUR)

    def _at_next(self, found: bytes, read: Callable[[int], bytes], count: int) -> bytes:
        """What is read behind a frame that had ended; what was found, if there is no frame."""
        if self._current is self._file:
            return found
        if found:
            raise BrokenError(_CROSSES)
        self._current = self._file
        return read(count)

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise BeyondLimitsError(f"More than {MAX_STREAM_BYTES} bytes of it would have to be followed.")


_CROSSES: Final = "It has an opcode that crosses the end of a frame."
_CUT_OFF: Final = "It ends in the middle of an opcode."
