"""Zip archives: what is in them, and which kind of model they hold."""

import stat
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final

from chalicelib.domain.scanning.containers.member import (
    MAX_MEMBERS,
    MAX_RATIO,
    SMALL,
    Member,
    Opened,
    misplaced,
)
from chalicelib.domain.scanning.containers.zip_directory import Entry, TooManyMembersError, read_directory
from chalicelib.domain.scanning.containers.zip_headers import FLAG_ENCRYPTED, Placed, place
from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.ranges import Allowance, Inflated, Section
from chalicelib.domain.scanning.reasons import review, shown
from chalicelib.domain.scanning.source import Source

_STORED: Final = 0
_DEFLATED: Final = 8


def open_zip(source: Source, unpacking: Allowance) -> Opened:
    """The members, and everything in which the archive may mean something else to another reader.

    ``unpacking`` is how much may be unpacked. Raises MalformedError, TooMuchReadError.
    """
    try:
        directory = read_directory(source)
    except TooManyMembersError:
        return Opened("zip", (review("too_many_members", f"The archive has more than {MAX_MEMBERS:,} members."),))
    placed, reasons = place(source, directory)
    reasons = [*directory.reasons, *reasons, *_twice(directory.entries)]
    members = []
    for one in placed:
        problems = list(_problems(one.entry))
        reasons += problems
        member = None if one.entry.name.endswith("/") and not one.entry.size else _member(source, one, unpacking)
        if member is not None:
            members.append(member)
    return Opened("zip", tuple(reasons), tuple(members))


def _twice(entries: tuple[Entry, ...]) -> Iterator[Reason]:
    """Readers choose differently between two members of one name, some without regard to case."""
    for name, count in Counter(entry.name.lower() for entry in entries).items():
        if count > 1:
            yield review("duplicate_member", "The archive has several members of this name.", shown(name))


def _problems(entry: Entry) -> Iterator[Reason]:
    where = shown(entry.name)
    yield from misplaced(entry.name)
    if entry.flags & FLAG_ENCRYPTED:
        yield review("encrypted", "A member is encrypted, so nobody knows what it does.", where)
    if stat.S_ISLNK(entry.external >> 16):
        yield review("symlink", "A member is a symbolic link.", where)
    if entry.method not in (_STORED, _DEFLATED):
        yield review("zip_method", f"A member is packed by method {entry.method}, which is not read.", where)
    if entry.method == _STORED and entry.packed_size != entry.size:
        yield review("zip_headers_differ", "A member that is not packed has two different sizes.", where)
    if entry.size > SMALL and entry.size > MAX_RATIO * entry.packed_size:
        yield review("ratio", f"A member becomes more than {MAX_RATIO} times as large when it is unpacked.", where)


def _member(source: Source, placed: Placed, unpacking: Allowance) -> Member | None:
    """The member with its content; nothing if it cannot be read, which ``_problems`` has said."""
    entry = placed.entry
    if entry.flags & FLAG_ENCRYPTED or entry.method not in (_STORED, _DEFLATED):
        return None
    packed = Section(source, placed.start, entry.packed_size)
    if entry.method == _STORED:
        return Member(entry.name, lambda: packed)
    return Member(entry.name, partial(Inflated, packed, entry.size, unpacking))
