"""The headers before the members of a zip archive, compared with its directory.

Some loaders read a member by its own header, and scanners read it by the directory: CVE-2025-1944 and CVE-2025-1945
hid pickles by making them differ.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.scanning.containers.zip_directory import Directory, Entry, zip_64_numbers
from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.reasons import review, shown
from chalicelib.domain.scanning.source import Source

_HEADER: Final = struct.Struct("<4s5H3L2H")
_SIGNATURE: Final = b"PK\x03\x04"
FLAG_ENCRYPTED: Final = 1
FLAG_SIZES_LATER: Final = 1 << 3
_UNKNOWN_32: Final = 0xFFFFFFFF
# Headers that are closer than this are fetched together.
_TOGETHER: Final = 1024
# How many bytes are fetched together at most.
_FETCHED: Final = 64 * 1024
# The longest extra field that is fetched at first. PyTorch pads with it, so that tensors start at multiples of 64.
_EXTRA: Final = 128
# The lengths that sizes after a member may have: with and without a signature, of 4 and of 8 bytes.
_DESCRIPTORS: Final = frozenset({12, 16, 20, 24})


@dataclass(frozen=True, slots=True)
class Placed:
    """A member, and where its content starts in the file. ``end`` is where the content ends."""

    entry: Entry
    start: int

    @property
    def end(self) -> int:
        return self.start + self.entry.packed_size


def place(source: Source, directory: Directory) -> tuple[list[Placed], list[Reason]]:
    """Where the members are, in their order in the file, and everything that speaks against the directory.

    A member without a header of its own is left out. Raises TooMuchReadError.
    """
    placed: list[Placed] = []
    reasons: list[Reason] = []
    for entry, header in _headers(source, sorted(directory.entries, key=lambda entry: entry.header)):
        differing = list(_differences(entry, header))
        if differing:
            text = f"The header of a member differs from the directory in its {', '.join(differing)}."
            reasons.append(review("zip_headers_differ", text, shown(entry.name)))
        if header is not None:
            placed.append(Placed(entry, entry.header + header.length))
    reasons += _between(placed, directory.start)
    return placed, reasons


@dataclass(frozen=True, slots=True)
class _Header:
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    raw_name: bytes
    length: int


def _headers(source: Source, entries: Sequence[Entry]) -> Iterator[tuple[Entry, "_Header | None"]]:
    """The entries with their headers, which are fetched several at a time if the members are small."""
    index = 0
    while index < len(entries):
        last = index
        while last + 1 < len(entries) and _near(entries[index], entries[last], entries[last + 1]):
            last += 1
        start = entries[index].header
        fetched = source.read(start, _span(entries[last]) + entries[last].header - start)
        for entry in entries[index : last + 1]:
            yield entry, _header(source, entry.header, fetched, entry.header - start)
        index = last + 1


def _near(first: Entry, one: Entry, following: Entry) -> bool:
    return following.header - one.header <= _TOGETHER and following.header - first.header <= _FETCHED


def _span(entry: Entry) -> int:
    return _HEADER.size + len(entry.raw_name) + _EXTRA


def _header(source: Source, start: int, fetched: bytes, at: int) -> _Header | None:
    if len(fetched) - at < _HEADER.size or fetched[at : at + 4] != _SIGNATURE:
        return None
    _, _, flags, method, _, _, crc, packed, size, name, extra = _HEADER.unpack_from(fetched, at)
    length = _HEADER.size + name + extra
    whole = fetched[at : at + length]
    # Names and extra fields may be longer than was expected.
    if len(whole) < length and len(whole) < _HEADER.size + name + (extra if _UNKNOWN_32 in (packed, size) else 0):
        whole = source.read(start, length)
    if _UNKNOWN_32 in (packed, size):
        wide = list(zip_64_numbers(whole[_HEADER.size + name :]))
        if len(wide) >= 2:
            size, packed = wide[:2]
    return _Header(flags, method, crc, packed, size, whole[_HEADER.size : _HEADER.size + name], length)


def _differences(entry: Entry, header: _Header | None) -> Iterator[str]:
    """What differs, in words. Sizes and checksums may be 0 where they come after the member."""
    if header is None:
        yield "place"
        return
    if header.raw_name != entry.raw_name:
        yield "name"
    if header.flags != entry.flags:
        yield "flags"
    if header.method != entry.method:
        yield "method"
    later = header.flags & FLAG_SIZES_LATER
    own = (header.size, header.packed_size)
    if own != (entry.size, entry.packed_size) and not (later and own in ((0, 0), (_UNKNOWN_32, _UNKNOWN_32))):
        yield "size"
    if header.crc != entry.crc and not (later and header.crc == 0):
        yield "checksum"


def _between(placed: Sequence[Placed], directory_start: int) -> Iterator[Reason]:
    """What is between the members, where the directory names nothing. ``placed`` is in the order of the file."""
    end = 0
    before: Placed | None = None
    for one in placed:
        yield from _gap(before, one.entry.header - end, one.entry.name)
        end, before = max(end, one.end), one
    yield from _gap(before, directory_start - end, "")


def _gap(before: Placed | None, length: int, name: str) -> Iterator[Reason]:
    if length < 0:
        yield review("zip_overlap", "A member shares bytes of the archive with what follows.", shown(name))
    elif length and not (before and before.entry.flags & FLAG_SIZES_LATER and length in _DESCRIPTORS):
        text = f"{length} bytes between the members belong to none, so a member may be hidden there."
        yield review("zip_hidden", text, shown(name))
