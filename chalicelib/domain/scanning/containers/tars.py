"""Tar archives, in the formats of POSIX (ustar, pax), of GNU and of Unix V7.

The headers: https://www.gnu.org/software/tar/manual/html_node/Standard.html, and pax in POSIX.1-2017.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from posixpath import dirname, join, normpath
from typing import Final

from chalicelib.domain.scanning.containers.member import MAX_MEMBERS, Member, Opened, misplaced
from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.ranges import Reader, Section
from chalicelib.domain.scanning.reasons import MalformedError, review, shown, unsafe
from chalicelib.domain.scanning.source import Source, TooMuchReadError

_BLOCK: Final = 512
_CHUNK: Final = 4 * 1024
# Writers fill the last record, which has 20 blocks unless they were told otherwise.
_RECORD: Final = 20 * _BLOCK
# Of a name or of pax's records, which come in members of their own.
_LONGEST_HEADER: Final = 1024 * 1024
_FILES: Final = frozenset({b"0", b"\0", b"7"})
_SYMBOLIC: Final = b"2"
_LINKS: Final = frozenset({b"1", _SYMBOLIC})
_DIRECTORY: Final = b"5"
_DEVICES: Final = frozenset({b"3", b"4", b"6"})
# Headers that say more of the next member, and pax's of all members that follow.
_EXTENDED: Final = frozenset({b"x", b"L", b"K"})
_GLOBAL: Final = b"g"
# What they must not say of all members: readers differ in whether they believe it.
_OF_ONE_MEMBER: Final = frozenset({"path", "linkpath", "size"})


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    kind: bytes
    size: int
    link: str


def open_tar(source: Source) -> Opened:
    """The members, and what is wrong with their places. Raises TooMuchReadError.

    The members before a broken header are listed: some readers extract them.
    """
    members: list[Member] = []
    reasons: list[Reason] = []
    reader = Reader(source, chunk=_CHUNK)
    try:
        for count, (header, start) in enumerate(_headers(reader)):
            reasons += _problems(header)
            if header.kind in _FILES and (header.size or not header.name.endswith("/")):
                members.append(Member(header.name.rstrip("/"), partial(Section, source, start, header.size)))
            if count == MAX_MEMBERS:
                reasons.append(review("too_many_members", f"The archive has more than {MAX_MEMBERS:,} members."))
                break
        else:
            reasons += _trailing(reader)
    except MalformedError as error:
        reasons.append(review("malformed", error.text, error.where))
    return Opened("tar", tuple(reasons), tuple(members[:MAX_MEMBERS]))


def is_tar(head: bytes) -> bool:
    """Whether the first header's checksum is right. Old archives have no magic number.

    Some writers took bytes for signed numbers, and readers believe either sum.
    """
    if len(head) < _BLOCK or not head[148:156].strip(b" \0"):
        return False
    try:
        checksum = _number(head[148:156])
    except MalformedError:
        return False
    counted = head[:148] + b" " * 8 + head[156:_BLOCK]
    return checksum in (sum(counted), sum(struct.unpack(f"{_BLOCK}b", counted)))


def _problems(header: _Header) -> Iterator[Reason]:
    where = shown(header.name)
    yield from misplaced(header.name)
    if header.kind in _FILES and header.size and header.name.endswith("/"):
        yield review("tar_member", "A member is a directory to some readers, and to others a file with content.", where)
    if header.kind in _LINKS:
        yield from _link(header, where)
    elif header.kind in _DEVICES:
        yield unsafe("device", "A member is a device or a pipe.", where)
    elif header.kind not in _FILES and header.kind != _DIRECTORY:
        yield review("tar_member", "A member is of a kind that is not read.", where)


def _link(header: _Header, where: str) -> Iterator[Reason]:
    """Links inside of the archive may be meant; others write or read somewhere else."""
    # A symbolic link counts from where it is, and a hard link from the root of the archive.
    target = header.link.replace("\\", "/")
    if header.kind == _SYMBOLIC:
        target = normpath(join(dirname(header.name), target))
    if misplaced(target):
        yield unsafe("symlink", "A member is a link to a place outside of the archive.", where)
    else:
        yield review("symlink", "A member is a link.", where)


def _headers(reader: Reader) -> Iterator[tuple[_Header, int]]:
    """Each member with where its content starts, until the first empty block."""
    # The extended headers of the next member, and what they say of it.
    extended: set[bytes] = set()
    records: dict[str, str] = {}
    while reader.position < reader.size:
        block = reader.take(_BLOCK)
        if not block.strip(b"\0"):
            return
        if not is_tar(block):
            raise MalformedError("A header of the archive has a wrong checksum.")
        header, start = _header(block), reader.position
        if header.kind in _EXTENDED:
            if header.kind in extended or (extended and b"x" in {header.kind, *extended}):
                raise MalformedError("A member has several extended headers, so readers may disagree.")
            extended.add(header.kind)
            records |= _records(header.kind, _small(reader, header))
            continue
        if header.kind == _GLOBAL:
            if not _OF_ONE_MEMBER.isdisjoint(_pax(_small(reader, header))):
                raise MalformedError("The archive has one name or size for all members, so readers may disagree.")
            continue
        complete = _Header(
            records.get("path", header.name),
            header.kind,
            _pax_size(records, header),
            records.get("linkpath", header.link),
        )
        yield complete, start
        # Python's reader takes an old file whose own header names it so for a directory, and skips nothing.
        if header.kind == b"\0" and header.name.endswith("/") and complete.size:
            raise MalformedError("A directory of the archive has a size, so readers may disagree.")
        reader.skip(_padded(complete.size) if complete.kind not in _LINKS | _DEVICES | {_DIRECTORY} else 0)
        extended, records = set(), {}
    raise MalformedError("The archive has no end.")


def _records(kind: bytes, content: bytes) -> dict[str, str]:
    """What an extended header says of the next member, by the keywords of pax."""
    if kind == b"x":
        return _pax(content)
    return {"path" if kind == b"L" else "linkpath": content.split(b"\0", 1)[0].decode(errors="replace")}


def _header(block: bytes) -> _Header:
    name, prefix, kind = _text(block[:100]), _text(block[345:500]), block[156:157]
    if prefix and block[257:263] == b"ustar\0":
        name = f"{prefix}/{name}"
    elif prefix and kind not in _EXTENDED:
        # Python's reader puts it before the name in every format.
        raise MalformedError("A member has a name in two parts, which its format does not have.", shown(name))
    return _Header(name, kind, _number(block[124:136]), _text(block[157:257]))


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode(errors="replace")


def _number(field: bytes) -> int:
    """Octal digits, or GNU's binary numbers, whose first bit is set. Nothing but empty bytes may follow the digits."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits, _, rest = field.partition(b"\0")
    digits = digits.strip(b" ")
    if any(digit not in b"01234567" for digit in digits) or rest.strip(b" \0"):
        raise MalformedError("A number in the archive is none.")
    return int(digits or b"0", 8)


def _small(reader: Reader, header: _Header) -> bytes:
    if header.size > _LONGEST_HEADER:
        raise TooMuchReadError
    return reader.take(_padded(header.size))[: header.size]


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _pax(content: bytes) -> dict[str, str]:
    """Records of the form ``<length> <keyword>=<value>`` and a line feed."""
    records: dict[str, str] = {}
    while content:
        digits, _, _ = content.partition(b" ")
        if not digits.isdigit() or not len(digits) + 1 < int(digits[:8]) <= len(content):
            raise MalformedError("An extended header of the archive is broken.")
        keyword, _, value = content[len(digits) + 1 : int(digits) - 1].partition(b"=")
        records[keyword.decode(errors="replace")] = value.decode(errors="replace")
        content = content[int(digits) :]
    if any(keyword.startswith("GNU.sparse") for keyword in records):
        raise MalformedError("The archive has a member with holes, which is not read.")
    return records


def _pax_size(records: dict[str, str], header: _Header) -> int:
    size = records.get("size")
    if size is None:
        return header.size
    if not size.isascii() or not size.isdigit() or len(size) > 20:
        raise MalformedError("A size in the archive is no number.")
    return int(size)


def _trailing(reader: Reader) -> Iterator[Reason]:
    """Readers differ in whether they go on after the first end."""
    left = reader.size - reader.position
    if left > _RECORD or reader.take(left).strip(b"\0"):
        yield review("tar_trailing", "More content comes after the end of the archive.")
