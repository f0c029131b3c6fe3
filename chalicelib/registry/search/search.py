"""Searches versions and models: reads candidates from an index, loads each, and evaluates the whole filter on it.

A search reads within a budget, and its page says if the budget ended it. A cursor holds the sort values of the last
candidate that was evaluated. So whatever does not change between two pages is found exactly once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.errors import SearchTooBroadError
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.evaluation import Record, holds
from chalicelib.domain.search.indexes import SHARDED, Index, Scan
from chalicelib.domain.search.ordering import NAME, VERSION, Position, sort_values
from chalicelib.domain.search.planner import Plan, Source, plan
from chalicelib.domain.search.records import model_record, version_record
from chalicelib.domain.search.syntax import SearchQuery, Subject, conjuncts
from chalicelib.domain.versions.version import Version
from chalicelib.registry.search.walk import entry_sort_values, walk

T = TypeVar("T")
Start = Mapping[str, Any]
Visible = Callable[[str], bool]

# Half of the calls may be used to collect candidates to sort, and to find out that there are too many.
_CALLS_TO_COLLECT: Final = MAX_CALLS // 2
_PER_COLLECTING_READ: Final = 1_001
# How many entries to read of each shard at first.
_PER_SHARD: Final = 50
_PER_SHARD_FILTERED: Final = 125


@dataclass(frozen=True, slots=True)
class SearchPage(Generic[T]):
    """A page of results.

    ``next_start`` is where the next page starts; None at the end. ``stopped_by_budget``: the budget ended the page
    before it was full. The plan's ``source`` was read, or, if ``broad``, its ``ordered``.
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
    """Versions that match the filter, of models that are ``visible``, in the order. Raises SearchTooBroadError."""
    return Search(services, query, VERSIONS, cache(visible)).page(limit, start)


def search_models(
    services: Services, query: SearchQuery, limit: int, start: Start | None, visible: Visible
) -> SearchPage[ModelState]:
    """Models that match the filter and are ``visible``, in the order. Raises SearchTooBroadError."""
    return Search(services, query, MODELS, cache(visible)).page(limit, start)


def nothing(query: SearchQuery, subject: Subject) -> SearchPage[Any]:
    """An empty page, for a search that need not be made."""
    return SearchPage((), None, False, plan(query, subject), False, Cost(0, 0, 0, 0))


class _EntityKind(Protocol[T]):
    """How versions or models are stored: the items of each, and how to read them."""

    subject: Subject
    items_each: int

    def keys(self, entry: Entry) -> list[Key]:
        """The keys of the items to load for an entry."""
        ...

    def entity(self, entry: Entry, loaded: Mapping[Key, Item]) -> T | None:
        """The entity of an entry; None if it no longer exists."""
        ...

    def record(self, entity: T) -> Record:
        """The values that a filter is evaluated on."""
        ...


class _Versions:
    subject = Subject.VERSIONS
    items_each = 1

    def keys(self, entry: Entry) -> list[Key]:
        return [] if entry.is_whole else [keys.version(entry.model, entry.number)]

    def entity(self, entry: Entry, loaded: Mapping[Key, Item]) -> Version | None:
        stored = entry.item if entry.is_whole else loaded.get(keys.version(entry.model, entry.number))
        return None if stored is None else version_items.version_from(stored)

    def record(self, entity: Version) -> Record:
        return version_record(entity)


class _Models:
    subject = Subject.MODELS
    items_each = 2

    def keys(self, entry: Entry) -> list[Key]:
        return [keys.head(model_ledger(entry.model)), keys.profile(entry.model)]

    def entity(self, entry: Entry, loaded: Mapping[Key, Item]) -> ModelState | None:
        head, profile = (loaded.get(key) for key in self.keys(entry))
        if head is None or profile is None:
            return None
        model = model_items.model_from(head)
        return None if model.deleted else ModelState(model, model_items.profile_from(profile))

    def record(self, entity: ModelState) -> Record:
        return model_record(entity)


class _End(Enum):
    """Why no more entries were taken."""

    ENOUGH = auto()
    NO_MORE = auto()
    BUDGET_SPENT = auto()


VERSIONS: Final[_EntityKind[Version]] = _Versions()
MODELS: Final[_EntityKind[ModelState]] = _Models()


class Search(Generic[T]):
    """One search.

    ``accepts`` is called for each result in order, and drops it if false. ``reader`` may be shared with other searches,
    which then share its budget.
    """

    def __init__(
        self,
        services: Services,
        query: SearchQuery,
        kind: _EntityKind[T],
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
        """At most ``limit`` results from ``start``. Raises SearchTooBroadError."""
        after = None if start is None else tuple(map(str, start["after"]))
        broad = start is not None and bool(start.get("broad"))
        if self._all_hidden():
            return self._page([], None, stopped=False, broad=broad)
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
        """Whether the filter names only models that the caller may not see. Then nothing is read."""
        return not any(self._may_scan(scan) for scan in self._plan.source.scans)

    def _may_scan(self, scan: Scan) -> bool:
        """Whether the scan may find anything that the caller may see."""
        name = scan.fixed.get(NAME)
        return name is None or self._visible(name)

    def _collected(self) -> list[Entry] | None:
        """All candidates that the caller may see; None if there are too many to sort."""
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
        """The entries of the plan's source, in any order."""
        for scan in filter(self._may_scan, self._plan.source.scans):
            if scan.index is Index.KEY:
                yield Entry(scan, "", scan.fixed[NAME], int(scan.fixed.get(VERSION, 0)))
                continue
            for partition in self._reader.partitions(scan):
                low, more = scan.low, True
                while more:
                    found, more = self._reader.entries_between(
                        scan, partition, low, scan.high, _PER_COLLECTING_READ, False
                    )
                    yield from found
                    low = sort_keys.just_after(found[-1].sort_key) if found else low

    def _sorted(self, candidates: Sequence[Entry], limit: int, after: tuple[str, ...] | None) -> SearchPage[T]:
        order = self._plan.order
        start = None if after is None else Position(after, order)
        matching = []
        for first in range(0, len(candidates), self._batch):
            for entity, values in self._matches(candidates[first : first + self._batch]).values():
                position = Position(values, order)
                if start is None or start < position:
                    matching.append((position, values, entity))
        matching.sort(key=itemgetter(0))
        matching = [found for found in matching if self._accepts(found[2])]
        more = len(matching) > limit
        shown = [entity for _, _, entity in matching[:limit]]
        return self._page(shown, matching[limit - 1][1] if more else None, stopped=False, broad=False)

    def _walked(self, source: Source, limit: int, after: tuple[str, ...] | None, broad: bool) -> SearchPage[T]:
        filters = bool(self._plan.filtered(source))
        scans = tuple(scan for scan in source.scans if self._may_scan(scan))
        entries = walk(
            self._reader, self._plan, replace(source, scans=scans), after, _first_read(source, limit, filters)
        )
        found: list[T] = []
        evaluated = after
        while True:
            needed = self._batch if filters else min(limit - len(found), self._batch)
            taken, end = self._taken(entries, needed)
            matches = self._matches([entry for entry in taken if self._visible(entry.model)])
            for entry in taken:
                evaluated = entry_sort_values(entry, self._plan)
                entity, values = matches.get((entry.model, entry.number), (None, None))
                # The index may be behind the table. Then the entity has another entry, at its right position.
                if entity is None or values != evaluated or not self._accepts(entity):
                    continue
                found.append(entity)
                if len(found) == limit:
                    rest = taken[taken.index(entry) + 1 :]
                    more = any(self._visible(one.model) for one in rest) or self._has_more(entries, end)
                    return self._page(found, evaluated if more else None, stopped=False, broad=broad)
            if end is _End.NO_MORE:
                return self._page(found, None, stopped=False, broad=broad)
            if end is _End.BUDGET_SPENT:
                return self._page(found, evaluated, stopped=True, broad=broad)

    def _taken(self, entries: Iterator[Entry], needed: int) -> tuple[list[Entry], _End]:
        """Entries until ``needed`` of them are visible, or the budget for loading them is spent."""
        affordable = self._reader.items_left // self._kind.items_each
        taken: list[Entry] = []
        visible = 0
        try:
            for entry in entries:
                if not entry.is_whole and visible >= affordable:
                    return taken, _End.BUDGET_SPENT
                taken.append(entry)
                visible += self._visible(entry.model)
                if visible >= needed:
                    return taken, _End.ENOUGH
        except BudgetSpentError:
            return taken, _End.BUDGET_SPENT
        return taken, _End.NO_MORE

    def _matches(self, candidates: Sequence[Entry]) -> dict[tuple[str, int], tuple[T, tuple[str, ...]]]:
        """Load the candidates. Those that match the filter, each with its sort values."""
        stored = self._reader.load([key for entry in candidates for key in self._kind.keys(entry)])
        found = {}
        for entry in candidates:
            entity = self._kind.entity(entry, stored)
            if entity is None:
                continue
            record = self._kind.record(entity)
            values = sort_values(record, self._plan.order, self._subject)
            if values is not None and all(holds(part, record) for part in self._parts):
                found[entry.model, entry.number] = (entity, values)
        return found

    def _has_more(self, entries: Iterator[Entry], end: _End) -> bool:
        """Whether there is another entry that the caller may see. If the budget is spent, there may be one.

        A cursor that leads to hidden entries only would tell that there are some.
        """
        try:
            return end is _End.BUDGET_SPENT or any(self._visible(entry.model) for entry in entries)
        except BudgetSpentError:
            return True

    def _page(self, found: Sequence[T], after: tuple[str, ...] | None, stopped: bool, broad: bool) -> SearchPage[T]:
        start: dict[str, Any] | None = None
        if after is not None:
            start = {"after": list(after), "broad": 1} if broad else {"after": list(after)}
        return SearchPage(tuple(found), start, stopped, self._plan, broad, self._reader.cost())


def _first_read(source: Source, limit: int, filters: bool) -> int:
    """How many entries to read of each partition at first.

    Without a filter: a page, one more that shows whether there is a next page, and one more that shows whether the
    group of that one ends there. A read of a model's versions returns the versions themselves, and has no groups if
    they come by version, so it needs only one more.
    """
    sharded = source.index in SHARDED
    if filters:
        return _PER_SHARD_FILTERED if sharded else MAX_BATCH
    if source.index is Index.MODEL:
        return limit + 1
    return min(_PER_SHARD, limit + 2) if sharded else limit + 2


def _too_broad(plan: Plan, subject: Subject) -> SearchTooBroadError:
    most = MAX_ITEMS if subject is Subject.VERSIONS else MAX_ITEMS // 2
    order = ", ".join(map(str, plan.order))
    return SearchTooBroadError(
        f"No index has the order {order}, and this finds too much to sort: at most {most} {subject}, found in at most "
        f"{_CALLS_TO_COLLECT} reads. Narrow the filter, or order by {_ORDERS[subject]}: there are indexes for these."
    )


_ORDERS: Final = {
    Subject.VERSIONS: "updated_at, created_at, name, tags.<key> or metrics.<key>, or version of one model",
    Subject.MODELS: "name, created_at, updated_at or tags.<key>",
}
