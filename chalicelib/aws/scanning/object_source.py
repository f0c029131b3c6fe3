"""An object version in the bucket as the source of a scan, read by ranges.

A scan jumps to the few places that it needs, or reads on from one of them. So a read that goes on where the last one
ended fetches twice as much as that one did, and any other fetches little.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.domain.scanning.source import TooMuchReadError

# An object of this size is fetched whole.
_SMALL: Final = 64 * 1024
_LEAST: Final = 1024
_MOST_AHEAD: Final = 1024 * 1024
# The last ranges that were fetched. A scan goes back to the directory of an archive between its members.
_WINDOWS: Final = 4
_CHUNK: Final = 1024 * 1024
_GONE: Final = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
# For an object that is not there, S3 answers this to callers that may not list the bucket:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
_HIDDEN: Final = frozenset({"AccessDenied", "403"})


class ObjectGoneError(Exception):
    """S3 does not give the object version out: it was removed, or the function may not read it."""


class OutOfTimeError(Exception):
    """The function that scans must end soon. The scan of the file goes on in its next call."""


@dataclass(frozen=True, slots=True)
class Window:
    """Bytes of the object, from ``start`` on."""

    start: int
    content: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.content)


class ObjectSource:
    """One object version. At most ``limit`` bytes of it are fetched, those that are fetched twice counted twice.

    ``in_time`` says whether the function may go on. ``interrupted`` is True once a read gave no bytes because it may
    not, or because S3 failed: what a scan says then is no verdict, even if it took the error for one of the file's.
    """

    def __init__(
        self, client: Any, bucket: str, key: str, s3_version: str, size: int, limit: int, in_time: Callable[[], bool]
    ) -> None:
        self._client = client
        self._object = {"Bucket": bucket, "Key": key, "VersionId": s3_version}
        self._size = size
        self._left = limit
        self._in_time = in_time
        self._windows: list[Window] = []
        self._ahead = _LEAST
        self.requests = 0
        self.fetched = 0
        self.interrupted = False

    @property
    def size(self) -> int:
        return self._size

    def read(self, start: int, length: int) -> bytes:
        """The bytes from ``start`` on. Raises TooMuchReadError, OutOfTimeError, ObjectGoneError."""
        end = min(start + length, self._size)
        if start < 0 or start >= end:
            return b""
        known = self._known(start)
        if known is not None and known.end >= end:
            return known.content[start - known.start : end - known.start]
        # What is known of it is not fetched again.
        first = start if known is None else known.end
        rest = self._fetch(first, end - first)
        head = b"" if known is None else known.content[start - known.start :]
        return head + rest.content[first - rest.start : end - rest.start]

    def sha256(self) -> str:
        """The SHA-256 of all bytes, in hexadecimal; reads them once. Raises as ``read`` does."""
        whole = hashlib.sha256()
        for start in range(0, self._size, _CHUNK):
            whole.update(self.read(start, _CHUNK))
        return whole.hexdigest()

    def _known(self, start: int) -> Window | None:
        """The window that has the byte at ``start``."""
        return next((one for one in reversed(self._windows) if one.start <= start < one.end), None)

    def _fetch(self, start: int, length: int) -> Window:
        if length > self._left:
            raise TooMuchReadError
        self.interrupted = True
        if not self._in_time():
            raise OutOfTimeError
        if self._size <= _SMALL:
            start, wanted = 0, self._size
        else:
            wanted = min(max(length, self._ahead_of(start)), self._left, self._size - start)
        content = self._get(start, wanted)
        self.interrupted = False
        self._left -= wanted
        self.fetched += wanted
        window = Window(start, content)
        self._windows = [*self._windows[1 - _WINDOWS :], window]
        return window

    def _ahead_of(self, start: int) -> int:
        """How much to fetch at least, from ``start`` on."""
        goes_on = any(window.end == start for window in self._windows)
        self._ahead = min(2 * self._ahead, _MOST_AHEAD) if goes_on else _LEAST
        return self._ahead

    def _get(self, start: int, length: int) -> bytes:
        self.requests += 1
        try:
            answer = self._client.get_object(**self._object, Range=f"bytes={start}-{start + length - 1}")
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE | _HIDDEN:
                raise ObjectGoneError from error
            raise
        with answer["Body"] as body:
            content: bytes = body.read()
        if len(content) != length:
            raise ObjectGoneError
        return content
