"""The directory of a zip archive, which is at its end: APPNOTE.TXT of PKWARE, 4.3.12 to 4.3.16 and 4.5.3 (zip64)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.scanning.containers.member import MAX_DIRECTORY, MAX_MEMBERS
from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.reasons import MalformedError, review
from chalicelib.domain.scanning.source import Source

END_SIGNATURE: Final = b"PK\x05\x06"
_END: Final = struct.Struct("<4s4H2LH")
_LOCATOR: Final = struct.Struct("<4sLQL")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
# The end of most archives is in their last kilobyte. A comment may be as long as 64 KiB.
_SHORT_TAIL: Final = 1024
_LONG_TAIL: Final = _END.size + 0xFFFF
_UNKNOWN_16: Final = 0xFFFF
_UNKNOWN_32: Final = 0xFFFFFFFF
_ZIP_64: Final = 1
# Info-ZIP's second name of a member, in UTF-8, after a byte with a version and four with a checksum.
_UNICODE_NAME: Final = 0x7075
FLAG_UTF8: Final = 1 << 11


class TooManyMembersError(Exception):
    """An archive has more members, or a longer directory, than a scan looks at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of one member. ``header`` is where the member's own header starts in the file.

    ``second_name`` is the one that some readers take instead; empty if there is none.
    """

    name: str
    second_name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    header: int
    external: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries, and where in the file the directory starts."""

    entries: tuple[Entry, ...]
    start: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _End:
    """The record at the end. ``position`` is where the last of the directory's own bytes must be."""

    position: int
    count: int
    size: int
    offset: int


def has_end(source: Source) -> bool:
    """Whether readers that look for a zip archive from its end would find one, whose comment may be long.

    The signature alone may be chance in so many bytes. The directory must fit before it, too, or be in a zip64 record.
    Where the end says that the directory begins does not count: readers correct it.
    """
    start = max(0, source.size - _LONG_TAIL)
    tail = source.read(start, _LONG_TAIL)
    at = tail.find(END_SIGNATURE)
    while 0 <= at <= len(tail) - _END.size:
        size, offset = _END.unpack_from(tail, at)[5:7]
        if _UNKNOWN_32 in (size, offset) or size <= start + at:
            return True
        at = tail.find(END_SIGNATURE, at + 1)
    return False


def read_directory(source: Source) -> Directory:
    """Raises MalformedError, TooManyMembersError, TooMuchReadError."""
    end, reasons = _end(source)
    if end.count > MAX_MEMBERS or end.size > MAX_DIRECTORY:
        raise TooManyMembersError
    start = end.position - end.size
    # What is before the archive shifts it: readers then count from where the directory really is.
    shift = start - end.offset
    if start < 0 or shift < 0:
        raise MalformedError("The directory of the archive is not where its end says.")
    if shift:
        reasons.append(review("zip_prefix", "Other content comes before the archive, so readers may disagree."))
    entries = tuple(_entries(source.read(start, end.size), shift))
    if len(entries) != end.count:
        raise MalformedError("The directory of the archive has not as many members as its end says.")
    return Directory(entries, start, tuple(reasons))


def _end(source: Source) -> tuple[_End, list[Reason]]:
    for length in (_SHORT_TAIL, _LONG_TAIL):
        tail_start = max(0, source.size - length)
        tail = source.read(tail_start, length)
        at = tail.rfind(END_SIGNATURE)
        if at >= 0 and len(tail) - at >= _END.size:
            break
    else:
        raise MalformedError("The archive has no directory.")
    _, disk, directory_disk, here, count, size, offset, comment = _END.unpack_from(tail, at)
    reasons: list[Reason] = []
    if at + _END.size + comment != len(tail) or _has_earlier_end(tail, at):
        reasons.append(review("zip_ambiguous", "The archive has several ends, so readers may disagree."))
    if disk or directory_disk or here != count:
        raise MalformedError("The archive is one part of several.")
    found = _End(tail_start + at, count, size, offset)
    wide = _end_64(source, found)
    if wide is None:
        return found, reasons
    if any(number not in (same, escape) for number, same, escape in _compared(found, wide)):
        reasons.append(review("zip_ambiguous", "The archive has two ends that differ, so readers may disagree."))
    return wide, reasons


def _has_earlier_end(tail: bytes, last: int) -> bool:
    """Whether the last end is in the comment of another, which reaches to the end of the file as it should."""
    at = tail.find(END_SIGNATURE)
    while at < last:
        (comment,) = struct.unpack_from("<H", tail, at + _END.size - 2)
        if at + _END.size + comment == len(tail):
            return True
        at = tail.find(END_SIGNATURE, at + 1)
    return False


def _compared(end: _End, wide: _End) -> Iterator[tuple[int, int, int]]:
    """Each number of the end, what the zip64 record says of it, and what stands for a number that is too large."""
    yield end.count, wide.count, _UNKNOWN_16
    yield end.size, wide.size, _UNKNOWN_32
    yield end.offset, wide.offset, _UNKNOWN_32


def _end_64(source: Source, end: _End) -> _End | None:
    """The record of a zip64 archive, if it has one before the other. Readers prefer it, whether it is needed or not."""
    located = source.read(max(0, end.position - _LOCATOR.size), _LOCATOR.size)
    if len(located) < _LOCATOR.size or not located.startswith(b"PK\x06\x07"):
        return None
    # Where the locator points counts from the archive's start, which other content may shift: the record is right
    # before its locator.
    position = end.position - _LOCATOR.size - _END_64.size
    record = source.read(max(0, position), _END_64.size)
    if position < 0 or not record.startswith(b"PK\x06\x06"):
        raise MalformedError("The zip64 record of the archive is not where it must be.")
    _, _, _, _, disk, directory_disk, here, count, size, offset = _END_64.unpack(record)
    if disk or directory_disk or here != count:
        raise MalformedError("The archive is one part of several.")
    return _End(position, count, size, offset)


def _entries(directory: bytes, shift: int) -> Iterator[Entry]:
    at = 0
    while at < len(directory):
        if len(directory) - at < _ENTRY.size or directory[at : at + 4] != b"PK\x01\x02":
            raise MalformedError("The directory of the archive has an entry that is none.")
        _, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, external, header = (
            _ENTRY.unpack_from(directory, at)
        )
        name_end = at + _ENTRY.size + name
        raw_name, extra_field = directory[at + _ENTRY.size : name_end], directory[name_end : name_end + extra]
        size, packed, header = _wide(extra_field, (size, packed, header))
        yield Entry(
            raw_name.decode("utf-8" if flags & FLAG_UTF8 else "cp437", "replace"),
            _part(extra_field, _UNICODE_NAME)[5:].decode(errors="replace"),
            raw_name,
            flags,
            method,
            crc,
            packed,
            size,
            header + shift,
            external,
        )
        at = name_end + extra + comment
    if at != len(directory):
        raise MalformedError("The directory of the archive ends in the middle of an entry.")


def _wide(extra: bytes, narrow: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset: those that do not fit in 32 bits are in the extra field, in this order."""
    if _UNKNOWN_32 not in narrow:
        return narrow
    values = zip_64_numbers(extra)
    wide = [next(values, None) if number == _UNKNOWN_32 else number for number in narrow]
    size, packed, header = (number if number is not None else _UNKNOWN_32 for number in wide)
    return size, packed, header


def zip_64_numbers(extra: bytes) -> Iterator[int]:
    """The numbers of 8 bytes in the zip64 part of an extra field."""
    part = _part(extra, _ZIP_64)
    return (int.from_bytes(part[index : index + 8], "little") for index in range(0, len(part) - 7, 8))


def _part(extra: bytes, wanted: int) -> bytes:
    """The first part of an extra field that is of this kind."""
    at = 0
    while len(extra) - at >= 4:
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""
