"""Where a scan reads the bytes of a file: a part at a time, since most of a large file need not be read."""

from typing import Protocol


class Source(Protocol):
    """The bytes of one file.

    There are two: an object in the bucket, read by ranges, and bytes in memory.
    """

    @property
    def size(self) -> int:
        """How many bytes the file has."""

    def read(self, start: int, length: int) -> bytes:
        """The bytes from ``start`` on: ``length`` of them, or fewer where the file ends. Raises TooMuchReadError."""


class TooMuchReadError(Exception):
    """The scan of a file wants more bytes than one scan may read. The file is then for review."""


class Bytes:
    """A source in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @property
    def size(self) -> int:
        return len(self._content)

    def read(self, start: int, length: int) -> bytes:
        return self._content[start : start + length]
