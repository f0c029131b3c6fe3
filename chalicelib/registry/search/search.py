"""Searches versions and models: reads candidates from an index, loads each, and evaluates the whole filter on it.

A search reads within a budget, and its page says if the budget ended it. A cursor holds the sort values of the last
candidate that was evaluated. So whatever does not change between two pages is found exactly once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice
from operator import itemgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

from chalicelib.aws.search.reads import MAX_CALLS, MAX_ITEMS, BudgetSpentError, Cost, Entry, SearchReader
from chalicelib.aws.services import Services
from chalicelib.aws.table import MAX_BATCH
from chalicelib.domain.errors import SearchTooBroadError
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.evaluation import holds
from chalicelib.domain.search.indexes import SHARDED, SPREAD, Index, Scan
from chalicelib.domain.search.ordering import NAME, VERSION, Position, sort_values
from chalicelib.domain.search.planner import Plan, Source, plan
from chalicelib.domain.search.syntax import SearchQuery, Subject, conjuncts
from chalicelib.domain.versions.version import Version
from chalicelib.registry.access.classified import foresee, foresees
from chalicelib.registry.search.kinds import MODELS, VERSIONS, EntityKind
from chalicelib.registry.search.walk import entry_sort_values, walk

T = TypeVar("T")
Start = Mapping[str, Any]
# By model and number: an entity that matches, with its sort values, or None.
_Loaded: TypeAlias = dict[tuple[str, int], tuple[T, tuple[str, ...]] | None]
Visible = Callable[[str], bool]
Foresee: TypeAlias = Callable[[Iterable[str]], None]

# Half of the calls may be used to collect candidates to sort, and to find out that there are too many.
_CALLS_TO_COLLECT: Final = MAX_CALLS // 2
_PER_COLLECTING_READ: Final = 1_001
# So many more candidates than a page shows make it worth while to follow an index that has the order.
_WORTH_A_WALK: Final = 100
# The first read of each of eight shards, and two loads.
_CALLS_TO_WALK: Final = 10
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
    return _search(services, query, VERSIONS, visible).page(limit, start)


def search_models(
    services: Services, query: SearchQuery, limit: int, start: Start | None, visible: Visible
) -> SearchPage[ModelState]:
    """Models that match the filter and are ``visible``, in the order. Raises SearchTooBroadError."""
    return _search(services, query, MODELS, visible).page(limit, start)


def _search(services: Services, query: SearchQuery, kind: EntityKind[T], visible: Visible) -> "Search[T]":
    reader = SearchReader(services.table)
    return Search(services, query, kind, visible, reader=reader, foresee=foreseeing(visible, reader))


def foreseeing(visible: Visible, reader: SearchReader) -> Foresee:
    """What reads at once, for a search, what ``visible`` depends on for some models."""
    if not foresees(visible):
        return _nothing_to_foresee
    return lambda models: foresee(visible, models, reader.look_up)


def nothing(query: SearchQuery, subject: Subject) -> SearchPage[Any]:
    """An empty page, for a search that need not be made."""
    return SearchPage((), None, False, plan(query, subject), False, Cost(0, 0, 0, 0))


class _End(Enum):
    """Why no more entries were taken."""

    ENOUGH = auto()
    NO_MORE = auto()
    BUDGET_SPENT = auto()


def _everything(_: object) -> bool:
    return True


def _nothing_to_foresee(_: Iterable[str]) -> None:
    """For models of which it is known at once who may see them."""


class Search(Generic[T]):
    """One search.

    ``accepts`` is called for each result in order, and drops it if false. ``reader`` may be shared with other searches,
    which then share its budget. ``foresee`` is told of models before ``visible`` is asked about them.
    """

    def __init__(
        self,
        services: Services,
        query: SearchQuery,
        kind: EntityKind[T],
        visible: Visible,
        accepts: Callable[[T], bool] = _everything,
        reader: SearchReader | None = None,
        foresee: Foresee = _nothing_to_foresee,
    ) -> None:
        self._subject = kind.subject
        self._kind = kind
        self._visible = visible
        self._accepts = accepts
        self._foresee = foresee
        self._plan = plan(query, kind.subject)
        self._parts = (*conjuncts(query.where), *self._plan.present)
        self._reader = reader or SearchReader(services.table)
        self._batch = MAX_BATCH // kind.items_each

    def page(self, limit: int, start: Start | None) -> SearchPage[T]:
        """At most ``limit`` results from ``start``. Raises SearchTooBroadError."""
        after = None if start is None else tuple(map(str, start["after"]))
        broad = start is not None and bool(start.get("broad"))
        self._foresee([scan.fixed[NAME] for scan in self._plan.source.scans if NAME in scan.fixed])
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
                    self._foresee(entry.model for entry in found)
                    yield from found
                    low = sort_keys.just_after(found[-1].sort_key) if found else low

    def _sorted(self, candidates: Sequence[Entry], limit: int, after: tuple[str, ...] | None) -> SearchPage[T]:
        known: _Loaded[T] = {}
        found = self._first_in_order(candidates, limit, after, known)
        if found is not None:
            return self._page([entity for entity, _ in found[:limit]], _last_shown(found, limit), False, False)
        order = self._plan.order
        start = None if after is None else Position(after, order)
        rest = [entry for entry in candidates if (entry.model, entry.number) not in known]
        matching = []
        for first in range(0, len(rest), self._batch):
            known |= self._matches(rest[first : first + self._batch])
        for match in known.values():
            if match is not None:
                entity, values = match
                position = Position(values, order)
                if start is None or start < position:
                    matching.append((position, values, entity))
        matching.sort(key=itemgetter(0))
        sorted_matches = [(entity, values) for _, values, entity in matching if self._accepts(entity)]
        shown = [entity for entity, _ in sorted_matches[:limit]]
        return self._page(shown, _last_shown(sorted_matches, limit), stopped=False, broad=False)

    def _first_in_order(
        self, candidates: Sequence[Entry], limit: int, after: tuple[str, ...] | None, known: "_Loaded[T]"
    ) -> list[tuple[T, tuple[str, ...]]] | None:
        """The first matches in order, one more than ``limit`` if there are as many, by an index that has the order.

        Only candidates are loaded that come up there; ``known`` keeps what became of them. None if there are too few
        candidates for this to be worth while, or if the index has too many others between them.
        """
        source, calls = self._plan.ordered, MAX_CALLS - self._reader.cost().calls - -(-len(candidates) // self._batch)
        few = len(candidates) <= limit + _WORTH_A_WALK
        if source is None or few or calls < _CALLS_TO_WALK or self._accepts is not _everything:
            return None
        wanted = {(entry.model, entry.number) for entry in candidates}
        found: list[tuple[T, tuple[str, ...]]] = []
        self._reader.limit_calls(self._reader.cost().calls + calls)
        try:
            entries = walk(self._reader, self._plan, source, after, _first_read(source, limit, filters=False))
            picked = (entry for entry in entries if (entry.model, entry.number) in wanted)
            while len(found) <= limit and (batch := list(islice(picked, min(self._batch, limit + 1 - len(found))))):
                known |= self._matches(batch)
                for entry in batch:
                    match = known[entry.model, entry.number]
                    # The index may be behind the table. Then the entity has another entry, at its right position.
                    if match is not None and match[1] == entry_sort_values(entry, self._plan):
                        found.append(match)
        except BudgetSpentError:
            return None
        finally:
            self._reader.limit_calls(MAX_CALLS)
        return found

    def _walked(self, source: Source, limit: int, after: tuple[str, ...] | None, broad: bool) -> SearchPage[T]:
        filters = bool(self._plan.filtered(source))
        scans = tuple(scan for scan in source.scans if self._may_scan(scan))
        size = _first_read(source, limit, filters)
        entries = self._foreseen(walk(self._reader, self._plan, replace(source, scans=scans), after, size), size)
        found: list[T] = []
        evaluated = after
        while True:
            needed = self._batch if filters else min(limit - len(found), self._batch)
            taken, end = self._taken(entries, needed)
            matches = self._matches([entry for entry in taken if self._visible(entry.model)])
            for entry in taken:
                evaluated = entry_sort_values(entry, self._plan)
                entity, values = matches.get((entry.model, entry.number)) or (None, None)
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

    def _foreseen(self, entries: Iterator[Entry], size: int) -> Iterator[Entry]:
        """The entries, ``size`` of them together, each once it can be told whether the caller may see its model."""
        if self._foresee is _nothing_to_foresee:
            yield from entries
            return
        ended = False
        while not ended:
            ahead: list[Entry] = []
            spent: BudgetSpentError | None = None
            try:
                # What came before an error is kept.
                ahead.extend(islice(entries, size))
            except BudgetSpentError as error:
                spent = error
            self._foresee(entry.model for entry in ahead)
            yield from ahead
            if spent is not None:
                raise spent
            ended = len(ahead) < size

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

    def _matches(self, candidates: Sequence[Entry]) -> "_Loaded[T]":
        """Load the candidates: each that matches the filter with its sort values, None for the others."""
        stored = self._reader.load([key for entry in candidates for key in self._kind.keys(entry)])
        found: _Loaded[T] = {(entry.model, entry.number): None for entry in candidates}
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


def _last_shown(found: Sequence[tuple[T, tuple[str, ...]]], limit: int) -> tuple[str, ...] | None:
    """The sort values of the last match that the page shows; None if there are no more matches after it."""
    return found[limit - 1][1] if len(found) > limit else None


def _first_read(source: Source, limit: int, filters: bool) -> int:
    """How many entries to read of each partition at first.

    Without a filter: a page, one more that shows whether there is a next page, and one more that shows whether the
    group of that one ends there. A read of a model's versions returns the versions themselves, and has no groups if
    they come by version, so it needs only one more.
    """
    sharded = source.index in SHARDED | SPREAD
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
