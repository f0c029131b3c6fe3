"""Walking scans of indexes in an order, several at once, from where the page before ended."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.search.reads import Entry, SearchReader
from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.indexes import Reading, Scan, separator
from chalicelib.domain.search.ordering import NAME, VERSION, Rank
from chalicelib.domain.search.planner import Plan, Source
from chalicelib.domain.search.syntax import Field

_LARGEST_READ = 250


def walk(reader: SearchReader, plan: Plan, source: Source, after: Sequence[str] | None, size: int) -> Iterator[Entry]:
    """The entries of the source's scans in the plan's order, after the thing whose sorting parts are ``after``.

    ``size`` is how many to read of each partition at first.
    """
    reading = source.reading
    if reading is None:
        raise TypeError(f"{source.index} does not give the order")
    streams = []
    for scan in source.scans:
        resumed = None if after is None else _resumed(scan, plan, after)
        if resumed is not _NOTHING:
            streams += [
                _Stretch(reader, scan, partition, reading, size).entries(resumed)
                for partition in reader.partitions(scan)
            ]
    if len(streams) == 1:
        return streams[0]
    return heapq.merge(*streams, key=lambda entry: Rank(sorting_parts(entry, plan), plan.order))


def sorting_parts(entry: Entry, plan: Plan) -> tuple[str, ...]:
    """What the entry says that its thing sorts by, in the plan's order."""
    parts: dict[Field, str] | None = None
    found = []
    for one in plan.order:
        if one.field.name == NAME.name:
            part = entry.model
        elif one.field.name == VERSION.name:
            part = f"{entry.number:09d}"
        else:
            # Cutting the place is the dear part of it, and often there is no need.
            parts = parts or {**plan.constant, **entry.scan.parts(entry.place)}
            part = parts[one.field]
        found.append(part)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Resumed:
    """Where a stretch is gone on with: after a place, or at or after all places that begin with one (``whole``: no)."""

    place: str
    whole: bool
    included: bool


_NOTHING: Final = _Resumed("", whole=True, included=False)


def _resumed(scan: Scan, plan: Plan, after: Sequence[str]) -> _Resumed | None:
    """Where to go on in a scan after a thing that may be in another; None: at the scan's beginning.

    What another scan's things have fixed decides: up to there both are equal, and from there on all things of this one
    come after the thing or all before it.
    """
    known = {**plan.constant, **{one.field: part for one, part in zip(plan.order, after, strict=True)}}
    equal = 0
    for one in plan.order:
        fixed = scan.fixed.get(one.field, known[one.field])
        if fixed != known[one.field]:
            included = (fixed > known[one.field]) != one.descending
            if equal == 0:
                return None if included else _NOTHING
            place, whole = scan.beginning(known, equal)
            return _Resumed(place, whole, included)
        equal += one.field not in scan.fixed and one.field not in plan.constant
    return _Resumed(scan.place(known), whole=True, included=False)


class _Stretch:
    """One partition of a scan.

    Where groups of things with equal leading parts are read in the one direction and things within a group in the
    other, a group that does not end in what was read is read by itself, in its own direction.
    """

    def __init__(self, reader: SearchReader, scan: Scan, partition: str, reading: Reading, size: int) -> None:
        self._reader = reader
        self._scan = scan
        self._partition = partition
        self._reading = reading
        self._size = max(2, size)
        self._mark = separator(scan.index)

    def entries(self, resumed: _Resumed | None) -> Iterator[Entry]:
        low, high = self._scan.low, self._scan.high
        backwards, within = self._reading.backwards, self._reading.within_backwards
        if backwards == within:
            if resumed is not None:
                low, high = self._narrowed(low, high, resumed, backwards)
            yield from self._through(low, high, backwards)
            return
        if resumed is not None:
            group = self._scan.group(resumed.place)
            yield from self._through(*self._narrowed(*self._group(group), resumed, within), within)
            low, high = self._past(low, high, group)
        yield from self._by_groups(low, high)

    def _by_groups(self, low: str, high: str) -> Iterator[Entry]:
        backwards, within = self._reading.backwards, self._reading.within_backwards
        while True:
            found, more = self._read(low, high, backwards)
            groups = [self._scan.group(entry.place) for entry in found]
            whole = [entry for entry, group in zip(found, groups, strict=True) if not more or group != groups[-1]]
            if not whole and more:
                yield from self._through(*self._group(groups[-1]), within)
                low, high = self._past(low, high, groups[-1])
                continue
            yield from self._within(whole)
            if not more:
                return
            low, high = self._past(low, high, self._scan.group(whole[-1].place))

    def _within(self, entries: list[Entry]) -> Iterator[Entry]:
        """Whole groups, the things of each turned around."""
        start = 0
        for at in range(1, len(entries) + 1):
            if at == len(entries) or self._scan.group(entries[at].place) != self._scan.group(entries[start].place):
                yield from reversed(entries[start:at])
                start = at

    def _through(self, low: str, high: str, backwards: bool) -> Iterator[Entry]:
        more = True
        while more:
            found, more = self._read(low, high, backwards)
            yield from found
            if found:
                done = _Resumed(found[-1].place, whole=True, included=False)
                low, high = self._narrowed(low, high, done, backwards)

    def _read(self, low: str, high: str, backwards: bool) -> tuple[list[Entry], bool]:
        found, more = self._reader.entries_between(self._scan, self._partition, low, high, self._size, backwards)
        self._size = min(2 * self._size, _LARGEST_READ)
        return found, more

    def _group(self, group: str) -> tuple[str, str]:
        return group + self._mark, group + self._mark + sort_keys.LAST

    def _narrowed(self, low: str, high: str, resumed: _Resumed, backwards: bool) -> tuple[str, str]:
        """What is left of a stretch to be read."""
        place = resumed.place
        first, last = (place, place) if resumed.whole else self._group(place)
        if backwards:
            return low, last if resumed.included else sort_keys.just_before(place) if resumed.whole else place
        return first if resumed.included else sort_keys.just_after(last), high

    def _past(self, low: str, high: str, group: str) -> tuple[str, str]:
        """What is left of a stretch when a group is done."""
        return (low, group) if self._reading.backwards else (self._group(group)[1], high)
