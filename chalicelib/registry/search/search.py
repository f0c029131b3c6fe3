"""Searching versions and models: candidates from an index, the truth of each, and the whole filter evaluated on it.

A search reads within a budget. Its page says when that was spent, and the position to go on from is the sorting parts
of the last thing that was looked at, so that whatever did not change meanwhile is found once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from operator import itemgetter
from typing import Any, Final, Generic, Protocol, TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.models import items as model_items
from chalicelib.aws.search.reads import MAX_CALLS, MAX_ITEMS, BudgetSpentError, Cost, Entry, SearchReader
from chalicelib.aws.services import Services
from chalicelib.aws.table import MAX_BATCH, Item
from chalicelib.domain.errors import SearchTooBroadError
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.evaluation import Record, holds
from chalicelib.domain.search.indexes import SHARDED, Index
from chalicelib.domain.search.ordering import NAME, VERSION, Rank, sort_parts
from chalicelib.domain.search.planner import Plan, Source, plan
from chalicelib.domain.search.records import model_record, version_record
from chalicelib.domain.search.syntax import SearchQuery, Subject, conjuncts
from chalicelib.domain.versions.version import Version
from chalicelib.registry.search.walk import sorting_parts, walk

T = TypeVar("T")
Start = Mapping[str, Any]
Visible = Callable[[str], bool]

# Half of the calls may be spent on finding out that there is too much to sort.
_CALLS_TO_COLLECT: Final = MAX_CALLS // 2
_AT_ONCE: Final = 1_001
_SHARD: Final = 50
_FILTERED_SHARD: Final = 125


@dataclass(frozen=True, slots=True)
class SearchPage(Generic[T]):
    """``next_start`` is where to go on, None at the end; ``stopped_by_budget``: before the page was full.

    ``source`` of ``plan`` was read, or, if ``broad``, its ``ordered``.
    """

    items: tuple[T, ...]
    next_start: dict[str, Any] | None
    stopped_by_budget: bool
    plan: Plan
    broad: bool
    cost: Cost


def search_versions(
    services: Services, query: SearchQuery, limit: int, start: Start | None, visible: Visible
) -> SearchPage[Version]:
    """Versions for which the filter holds, of models that are ``visible``, in the order. Raises SearchTooBroadError."""
    return Search(services, query, VERSIONS, cache(visible)).page(limit, start)


def search_models(
    services: Services, query: SearchQuery, limit: int, start: Start | None, visible: Visible
) -> SearchPage[ModelState]:
    """Models for which the filter holds, as ``search_versions``."""
    return Search(services, query, MODELS, cache(visible)).page(limit, start)


def nothing(query: SearchQuery, subject: Subject) -> SearchPage[Any]:
    """The page of a search that is not made."""
    return SearchPage((), None, False, plan(query, subject), False, Cost(0, 0, 0, 0))


class _Kind(Protocol[T]):
    """What is searched for, as it is kept: in so many items each, under these keys."""

    subject: Subject
    items_each: int

    def keys(self, entry: Entry) -> list[Key]: ...

    def thing(self, entry: Entry, found: Mapping[Key, Item]) -> T | None: ...

    def record(self, thing: T) -> Record: ...


class _Versions:
    subject = Subject.VERSIONS
    items_each = 1

    def keys(self, entry: Entry) -> list[Key]:
        return [] if entry.is_whole else [keys.version(entry.model, entry.number)]

    def thing(self, entry: Entry, found: Mapping[Key, Item]) -> Version | None:
        stored = entry.item if entry.is_whole else found.get(keys.version(entry.model, entry.number))
        return None if stored is None else model_items.version_from(stored)

    def record(self, thing: Version) -> Record:
        return version_record(thing)


class _Models:
    subject = Subject.MODELS
    items_each = 2

    def keys(self, entry: Entry) -> list[Key]:
        return [keys.head(model_ledger(entry.model)), keys.profile(entry.model)]

    def thing(self, entry: Entry, found: Mapping[Key, Item]) -> ModelState | None:
        head, profile = (found.get(key) for key in self.keys(entry))
        if head is None or profile is None:
            return None
        model = model_items.model_from(head)
        return None if model.deleted else ModelState(model, model_items.profile_from(profile))

    def record(self, thing: ModelState) -> Record:
        return model_record(thing)


class _End(Enum):
    """Why no more entries were taken."""

    ENOUGH = auto()
    NO_MORE = auto()
    SPENT = auto()


VERSIONS: Final[_Kind[Version]] = _Versions()
MODELS: Final[_Kind[ModelState]] = _Models()


class Search(Generic[T]):
    """One search. ``accepts`` is asked of everything that would be shown, in order; ``reader`` may be another's."""

    def __init__(
        self,
        services: Services,
        query: SearchQuery,
        kind: _Kind[T],
        visible: Visible,
        accepts: Callable[[T], bool] = lambda _: True,
        reader: SearchReader | None = None,
    ) -> None:
        self._subject = kind.subject
        self._kind = kind
        self._visible = visible
        self._accepts = accepts
        self._plan = plan(query, kind.subject)
        self._parts = (*conjuncts(query.where), *self._plan.present)
        self._reader = reader or SearchReader(services.table)
        self._batch = MAX_BATCH // kind.items_each

    def page(self, limit: int, start: Start | None) -> SearchPage[T]:
        after = None if start is None else tuple(map(str, start["after"]))
        broad = start is not None and bool(start.get("broad"))
        if self._all_hidden():
            return self._answer([], None, stopped=False, broad=broad)
        if not broad and self._plan.sorts:
            candidates = self._collected()
            if candidates is not None:
                return self._sorted(candidates, limit, after)
            broad = True
        source = self._plan.ordered if broad else self._plan.source
        if source is None:
            raise _too_broad(self._plan, self._subject)
        return self._walked(source, limit, after, broad)

    def _all_hidden(self) -> bool:
        """Whether only models that the caller may not see are asked for: they are not even looked for."""
        names = [scan.fixed.get(NAME) for scan in self._plan.source.scans]
        return not any(name is None or self._visible(name) for name in names)

    def _collected(self) -> list[Entry] | None:
        """All candidates that the caller may see; None if there are more than can be sorted."""
        most = MAX_ITEMS // self._kind.items_each
        found: dict[tuple[str, int], Entry] = {}
        self._reader.limit_calls(_CALLS_TO_COLLECT)
        try:
            for entry in self._entries():
                if self._visible(entry.model):
                    found[entry.model, entry.number] = entry
                if len(found) > most:
                    return None
        except BudgetSpentError:
            return None
        finally:
            self._reader.limit_calls(MAX_CALLS)
        return list(found.values())

    def _entries(self) -> Iterator[Entry]:
        """The first source's entries, in any order."""
        for scan in self._plan.source.scans:
            if scan.index is Index.KEY:
                yield Entry(scan, "", scan.fixed[NAME], int(scan.fixed.get(VERSION, 0)))
                continue
            for partition in self._reader.partitions(scan):
                low, more = scan.low, True
                while more:
                    found, more = self._reader.entries_between(scan, partition, low, scan.high, _AT_ONCE, False)
                    yield from found
                    low = sort_keys.just_after(found[-1].place) if found else low

    def _sorted(self, candidates: Sequence[Entry], limit: int, after: tuple[str, ...] | None) -> SearchPage[T]:
        order = self._plan.order
        past = None if after is None else Rank(after, order)
        matching = []
        for first in range(0, len(candidates), self._batch):
            for thing, parts in self._truths(candidates[first : first + self._batch]).values():
                rank = Rank(parts, order)
                if past is None or past < rank:
                    matching.append((rank, parts, thing))
        matching.sort(key=itemgetter(0))
        matching = [found for found in matching if self._accepts(found[2])]
        more = len(matching) > limit
        shown = [thing for _, _, thing in matching[:limit]]
        return self._answer(shown, matching[limit - 1][1] if more else None, stopped=False, broad=False)

    def _walked(self, source: Source, limit: int, after: tuple[str, ...] | None, broad: bool) -> SearchPage[T]:
        filters = bool(self._plan.filtered(source))
        entries = walk(self._reader, self._plan, source, after, _first_read(source, limit, filters))
        found: list[T] = []
        looked = after
        while True:
            wanted = self._batch if filters else min(limit - len(found), self._batch)
            taken, end = self._taken(entries, wanted)
            truths = self._truths([entry for entry in taken if self._visible(entry.model)])
            for entry in taken:
                looked = sorting_parts(entry, self._plan)
                thing, parts = truths.get((entry.model, entry.number), (None, None))
                # Its entry may be older than it is: then it has another one, in its right place.
                if thing is None or parts != looked or not self._accepts(thing):
                    continue
                found.append(thing)
                if len(found) == limit:
                    more = entry is not taken[-1] or end is _End.SPENT or _goes_on(entries, end)
                    return self._answer(found, looked if more else None, stopped=False, broad=broad)
            if end is _End.NO_MORE:
                return self._answer(found, None, stopped=False, broad=broad)
            if end is _End.SPENT:
                return self._answer(found, looked, stopped=True, broad=broad)

    def _taken(self, entries: Iterator[Entry], wanted: int) -> tuple[list[Entry], _End]:
        """Entries until so many are visible, or as many as can still be read."""
        affordable = self._reader.items_left // self._kind.items_each
        taken: list[Entry] = []
        visible = 0
        try:
            for entry in entries:
                if not entry.is_whole and visible >= affordable:
                    return taken, _End.SPENT
                taken.append(entry)
                visible += self._visible(entry.model)
                if visible >= wanted:
                    return taken, _End.ENOUGH
        except BudgetSpentError:
            return taken, _End.SPENT
        return taken, _End.NO_MORE

    def _truths(self, candidates: Sequence[Entry]) -> dict[tuple[str, int], tuple[T, tuple[str, ...]]]:
        """Of the candidates, those for which the filter holds, each with its sorting parts."""
        stored = self._reader.load([key for entry in candidates for key in self._kind.keys(entry)])
        found = {}
        for entry in candidates:
            thing = self._kind.thing(entry, stored)
            if thing is None:
                continue
            record = self._kind.record(thing)
            parts = sort_parts(record, self._plan.order, self._subject)
            if parts is not None and all(holds(part, record) for part in self._parts):
                found[entry.model, entry.number] = (thing, parts)
        return found

    def _answer(self, found: Sequence[T], looked: tuple[str, ...] | None, stopped: bool, broad: bool) -> SearchPage[T]:
        start: dict[str, Any] | None = None
        if looked is not None:
            start = {"after": list(looked), "broad": 1} if broad else {"after": list(looked)}
        return SearchPage(tuple(found), start, stopped, self._plan, broad, self._reader.cost())


def _goes_on(entries: Iterator[Entry], end: _End) -> bool:
    """Whether there is another entry. What can no more be read is taken to be there."""
    try:
        return end is not _End.NO_MORE and next(entries, None) is not None
    except BudgetSpentError:
        return True


def _first_read(source: Source, limit: int, filters: bool) -> int:
    """How many entries to read of each partition at first.

    A page, one that says whether it goes on, and one that says where the group of that one ends. A model's versions are
    no entries but the things themselves, and in no groups if they come by version.
    """
    sharded = source.index in SHARDED
    if filters:
        return _FILTERED_SHARD if sharded else MAX_BATCH
    if source.index is Index.MODEL:
        return limit + 1
    return min(_SHARD, limit + 2) if sharded else limit + 2


def _too_broad(plan: Plan, subject: Subject) -> SearchTooBroadError:
    most = MAX_ITEMS if subject is Subject.VERSIONS else MAX_ITEMS // 2
    order = ", ".join(map(str, plan.order))
    return SearchTooBroadError(
        f"This finds more than the {most} {subject} that can be sorted by {order}. Narrow the filter, or order by "
        f"{_ORDERS[subject]}, which indexes have."
    )


_ORDERS: Final = {
    Subject.VERSIONS: "updated_at, created_at, name, tags.<key> or metrics.<key>, or version of one model",
    Subject.MODELS: "name, created_at, updated_at or tags.<key>",
}
