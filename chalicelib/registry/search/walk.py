"""Reads scans of indexes in an order, several at once, after the position at which the page before ended."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.search.reads import Entry, SearchReader
from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.indexes import Reading, Scan, separator
from chalicelib.domain.search.ordering import NAME, VERSION, Position
from chalicelib.domain.search.planner import Plan, Source
from chalicelib.domain.search.syntax import Field

_LARGEST_READ = 250


def walk(reader: SearchReader, plan: Plan, source: Source, after: Sequence[str] | None, size: int) -> Iterator[Entry]:
    """The entries of the source's scans in the plan's order.

    They begin after the entity whose sort values are ``after``, or at the beginning if that is None. ``size`` is how
    many entries to read of each partition at first.
    """
    reading = source.reading
    if reading is None:
        raise TypeError(f"{source.index} does not give the order")
    streams = []
    for scan in source.scans:
        resume = None if after is None else _resume_point(scan, plan, after)
        if resume is not _EXHAUSTED:
            streams += [
                _PartitionRange(reader, scan, partition, reading, size).entries(resume)
                for partition in reader.partitions(scan)
            ]
    if len(streams) == 1:
        return streams[0]
    return heapq.merge(*streams, key=lambda entry: Position(entry_sort_values(entry, plan), plan.order))


def entry_sort_values(entry: Entry, plan: Plan) -> tuple[str, ...]:
    """The sort values of the entry's entity in the plan's order, as far as the entry is up to date."""
    key_values: dict[Field, str] | None = None
    found = []
    for one in plan.order:
        if one.field.name == NAME.name:
            value = entry.model
        elif one.field.name == VERSION.name:
            value = f"{entry.number:09d}"
        else:
            # Splitting the sort key is the expensive step, and often not needed.
            key_values = key_values or {**plan.constant, **entry.scan.key_values(entry.sort_key)}
            value = key_values[one.field]
        found.append(value)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _ResumePoint:
    """Where to resume reading a range.

    If ``is_whole``, ``key`` is a sort key, else the prefix of several. Reading resumes at them if ``included``, else
    after them.
    """

    key: str
    is_whole: bool
    included: bool


# Nothing of the scan comes after the position.
_EXHAUSTED: Final = _ResumePoint("", is_whole=True, included=False)


def _resume_point(scan: Scan, plan: Plan, after: Sequence[str]) -> _ResumePoint | None:
    """Where to resume a scan after a position that may be in another scan; None means at the scan's beginning.

    Two scans may fix different values of a field. Up to that field, entries compare by what comes before it. From
    there on, either all entries of this scan come after the position or all come before it.
    """
    known = {**plan.constant, **{one.field: value for one, value in zip(plan.order, after, strict=True)}}
    equal = 0
    for one in plan.order:
        fixed = scan.fixed.get(one.field, known[one.field])
        if fixed != known[one.field]:
            included = (fixed > known[one.field]) != one.descending
            if equal == 0:
                return None if included else _EXHAUSTED
            key, is_whole = scan.key_prefix(known, equal)
            return _ResumePoint(key, is_whole, included)
        equal += one.field not in scan.fixed and one.field not in plan.constant
    return _ResumePoint(scan.sort_key(known), is_whole=True, included=False)


class _PartitionRange:
    """Reads the range of a scan in one partition.

    The order may need groups (entries with equal leading parts) in one direction, and the entries within a group in
    the other. Then a group that continues after what was read is read again by itself, in its own direction.
    """

    def __init__(self, reader: SearchReader, scan: Scan, partition: str, reading: Reading, size: int) -> None:
        self._reader = reader
        self._scan = scan
        self._partition = partition
        self._reading = reading
        self._size = max(2, size)
        self._separator = separator(scan.index)

    def entries(self, resume: _ResumePoint | None) -> Iterator[Entry]:
        """The entries in the order, from the resume point or from the beginning."""
        low, high = self._scan.low, self._scan.high
        backwards, within = self._reading.backwards, self._reading.within_backwards
        if backwards == within:
            if resume is not None:
                low, high = self._rest(low, high, resume, backwards)
            yield from self._read_all(low, high, backwards)
            return
        if resume is not None:
            group = self._scan.group(resume.key)
            yield from self._read_all(*self._rest(*self._group_range(group), resume, within), within)
            low, high = self._rest_after_group(low, high, group)
        yield from self._by_groups(low, high)

    def _by_groups(self, low: str, high: str) -> Iterator[Entry]:
        backwards, within = self._reading.backwards, self._reading.within_backwards
        while True:
            found, more = self._read(low, high, backwards)
            groups = [self._scan.group(entry.sort_key) for entry in found]
            # The last group may continue after what was read.
            complete = [entry for entry, group in zip(found, groups, strict=True) if not more or group != groups[-1]]
            if not complete and more:
                yield from self._read_all(*self._group_range(groups[-1]), within)
                low, high = self._rest_after_group(low, high, groups[-1])
                continue
            yield from self._with_reversed_groups(complete)
            if not more:
                return
            low, high = self._rest_after_group(low, high, self._scan.group(complete[-1].sort_key))

    def _with_reversed_groups(self, entries: list[Entry]) -> Iterator[Entry]:
        """The groups as they are, and the entries of each in reverse."""
        groups = [self._scan.group(entry.sort_key) for entry in entries]
        start = 0
        for at in range(1, len(entries) + 1):
            if at == len(entries) or groups[at] != groups[start]:
                yield from reversed(entries[start:at])
                start = at

    def _read_all(self, low: str, high: str, backwards: bool) -> Iterator[Entry]:
        more = True
        while more:
            found, more = self._read(low, high, backwards)
            yield from found
            if found:
                last = _ResumePoint(found[-1].sort_key, is_whole=True, included=False)
                low, high = self._rest(low, high, last, backwards)

    def _read(self, low: str, high: str, backwards: bool) -> tuple[list[Entry], bool]:
        found, more = self._reader.entries_between(self._scan, self._partition, low, high, self._size, backwards)
        self._size = min(2 * self._size, _LARGEST_READ)
        return found, more

    def _group_range(self, group: str) -> tuple[str, str]:
        return group + self._separator, group + self._separator + sort_keys.LAST

    def _rest(self, low: str, high: str, resume: _ResumePoint, backwards: bool) -> tuple[str, str]:
        """The part of a range that begins at the resume point, in the direction of reading."""
        key = resume.key
        first, last = (key, key) if resume.is_whole else self._group_range(key)
        if not backwards:
            return first if resume.included else sort_keys.just_after(last), high
        if resume.included:
            return low, last
        return low, sort_keys.just_before(key) if resume.is_whole else key

    def _rest_after_group(self, low: str, high: str, group: str) -> tuple[str, str]:
        """The part of a range that comes after a group, in the direction of reading."""
        return (low, group) if self._reading.backwards else (self._group_range(group)[1], high)
