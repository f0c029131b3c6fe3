"""Pickles that are compressed as a whole, as joblib writes them."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Final, Protocol

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.pickles.findings import Findings
from chalicelib.domain.scanning.pickles.limits import MAX_DECOMPRESSED_BYTES, MAX_PICKLES, MAX_RATIO
from chalicelib.domain.scanning.pickles.reading import read_all
from chalicelib.domain.scanning.pickles.stream import BeyondLimitsError, BrokenError, Stream
from chalicelib.domain.scanning.source import Bytes, Source, TooMuchReadError

_BLOCK: Final = 256 * 1024
# Files below this size may be any ratio of it: a page of zeros is no bomb.
_ALWAYS_ALLOWED: Final = 16 * 1024 * 1024


class _Decompressor(Protocol):
    """One stream of compressed bytes."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """At most so many bytes more."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """What came after its end."""


class _Zlib:
    """zlib's decompressor, which alone keeps what it has not used yet outside of itself."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


# How joblib tells what it compressed with, in its order.
_FORMATS: Final[dict[bytes, Callable[[], _Decompressor]]] = {
    b"\x1f\x8b": lambda: _Zlib(zlib.MAX_WBITS | 16),
    b"\x78": lambda: _Zlib(zlib.MAX_WBITS),
    b"BZ": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY),
    b"\x5d\x00": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY),
}
# What the highest level of xz needs for its dictionary.
_LZMA_MEMORY: Final = 80 * 1024 * 1024


def is_compressed(head: bytes) -> bool:
    """Whether a file that begins like this may be a compressed pickle. Six bytes are enough."""
    return head.startswith(tuple(_FORMATS))


def scan_compressed_pickle(source: Source, start: int = 0, length: int | None = None, where: str = "") -> FileScan:
    """What loading the pickles in a compressed file would do. Arguments and result are as for ``scan_pickle``.

    Formats are zlib, gzip, bzip2, xz and LZMA. Only so much is decompressed as fits into the memory of a scan.
    """
    findings = Findings(where)
    content = io.BytesIO()
    try:
        _decompress(source, start, source.size - start if length is None else length, content)
    except BrokenError as error:
        findings.review("broken", str(error))
    except (BeyondLimitsError, TooMuchReadError) as error:
        findings.review("too_much", str(error))
    # A pickle runs before its end is reached, so what could be decompressed is looked at even so.
    return findings.scan(read_all(Stream(Bytes(content.getvalue())), findings))


def _decompress(source: Source, start: int, length: int, content: io.BytesIO) -> None:
    """Writes everything to ``content``, of one stream after another, as joblib reads them."""
    limit = min(MAX_DECOMPRESSED_BYTES, max(_ALWAYS_ALLOWED, length * MAX_RATIO))
    at, end, data = start, min(source.size, start + length), b""
    decompressor: _Decompressor | None = None
    streams = 0
    while at < end or data:
        block = source.read(at, min(_BLOCK, end - at))
        at += len(block)
        data += block
        decompressor = decompressor or _decompressor_for(data)
        _feed(decompressor, data, content, limit)
        data = b""
        if decompressor.eof:
            data, decompressor, streams = decompressor.unused_data, None, streams + 1
        if streams > MAX_PICKLES:
            raise BeyondLimitsError(f"It is made of more than {MAX_PICKLES} compressed parts.")
    if decompressor is not None:
        raise BrokenError("It ends in the middle of its compressed bytes.")


def _decompressor_for(head: bytes) -> _Decompressor:
    for prefix, make in _FORMATS.items():
        if head.startswith(prefix):
            return make()
    raise BrokenError("It goes on after its compressed bytes with something else.")


def _feed(decompressor: _Decompressor, data: bytes, content: io.BytesIO, limit: int) -> None:
    """Decompresses a block into ``content``, a bounded part at a time."""
    while not decompressor.eof:
        try:
            part = decompressor.decompress(data, _BLOCK)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            raise BrokenError("Its compressed bytes are damaged.") from error
        if not part:
            return
        content.write(part)
        if content.tell() > limit:
            raise BeyondLimitsError(f"It becomes more than {limit} bytes when it is decompressed.")
        data = b""
