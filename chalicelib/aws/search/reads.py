"""The reads of a search: ranges of indexes, and the items of versions and models, within a budget for each search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import (
    INDEXES,
    MODEL_VERSIONS_BY_CHANGE,
    MODELS_BY_CREATION,
    MODELS_BY_NAME,
    SORT_KEY,
    TERMS,
    VERSIONS_BY_CHANGE,
    VERSIONS_BY_NAME,
    VERSIONS_BY_RUN,
    VERSIONS_BY_STAGE,
)
from chalicelib.aws.table import MAX_BATCH, Item, Spent, Table, key_of
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.search.indexes import SHARDED, SPREAD, Index, Scan
from chalicelib.domain.search.ordering import NAME

# The first read of each of eight shards takes up to three calls, and a list of eight stages has forty partitions.
MAX_CALLS: Final = 64
# An item is a version, or the head or profile of a model.
MAX_ITEMS: Final = 1_000
_FIRST: Final = "\x00"

_INDEXES: Final[Mapping[Index, str]] = {
    Index.RUN: VERSIONS_BY_RUN,
    Index.STAGE: VERSIONS_BY_STAGE,
    Index.NAME: VERSIONS_BY_NAME,
    Index.TAG: TERMS,
    Index.METRIC: TERMS,
    Index.QUARANTINE: TERMS,
    Index.CHANGE: VERSIONS_BY_CHANGE,
    Index.CREATION: TERMS,
    Index.MODEL_CHANGE: MODEL_VERSIONS_BY_CHANGE,
    Index.MODELS_NAME: MODELS_BY_NAME,
    Index.MODELS_CREATION: MODELS_BY_CREATION,
    Index.MODELS_CHANGE: VERSIONS_BY_CHANGE,
    Index.MODELS_TAG: TERMS,
}
_OF_MODELS: Final = frozenset({Index.MODELS_NAME, Index.MODELS_CREATION, Index.MODELS_CHANGE, Index.MODELS_TAG})


class BudgetSpentError(Exception):
    """The search has used up its budget."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a search read: DynamoDB calls, index entries, items, and the capacity units consumed."""

    calls: int
    entries: int
    items: int
    capacity_units: float


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that a scan found: that of a version, or of a model if ``number`` is 0.

    ``sort_key`` is the entry's key in the index, without the prefix that the table's own sort keys have. ``item`` is
    what the index holds; None if the entity is known by key and no index was read.
    """

    scan: Scan
    sort_key: str
    model: str
    number: int
    item: Item | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the item is the version itself."""
        return self.scan.index is Index.MODEL


class SearchReader:
    """Reads for one search and counts what it reads. Raises BudgetSpentError rather than exceed the budget."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._calls = MAX_CALLS
        self.spent = Spent()
        self.entries = 0
        self.items = 0

    def limit_calls(self, calls: int) -> None:
        """Allow at most ``calls`` calls in total."""
        self._calls = calls

    @property
    def items_left(self) -> int:
        """How many more items the budget allows to load."""
        return MAX_ITEMS - self.items if self.spent.calls < self._calls else 0

    def cost(self) -> Cost:
        """What was read so far."""
        return Cost(self.spent.calls, self.entries, self.items, self.spent.units)

    def partitions(self, scan: Scan) -> list[str]:
        """The keys of the partitions that the scan reads."""
        if scan.index in SHARDED:
            return [_partition(scan, str(shard)) for shard in range(keys.SHARDS)]
        if scan.index in SPREAD:
            return [_listing(scan, shard) for shard in (*_listing_shards(scan), "")]
        return [_partition(scan, "")]

    def entries_between(
        self, scan: Scan, partition: str, low: str, high: str, limit: int, backwards: bool
    ) -> tuple[list[Entry], bool]:
        """At most ``limit`` entries of a partition from ``low`` to ``high``, and whether there are more.

        Raises BudgetSpentError.
        """
        prefix = _prefix(scan)
        first, last = (prefix + low) or _FIRST, prefix + high
        # DynamoDB refuses a range that ends before it begins, as what comes before the empty key does.
        if first > last:
            return [], False
        # One call is kept to load the entities of the entries.
        self._check_budget(self._calls - 1)
        if scan.index is Index.MODEL:
            limit = min(limit, MAX_ITEMS - self.items)
        index = _INDEXES.get(scan.index)
        found, more = self._table.query_between(index, partition, first, last, limit, backwards, self.spent)
        self.entries += len(found)
        if scan.index is Index.MODEL:
            self.items += len(found)
        sort_attribute = SORT_KEY if index is None else INDEXES[index][1]
        return [_entry(scan, item, str(item[sort_attribute]).removeprefix(prefix)) for item in found], more

    def load(self, needed: Sequence[Key]) -> dict[Key, Item]:
        """At most 100 items by key, read consistently. Raises BudgetSpentError."""
        if not needed:
            return {}
        self._check_budget(self._calls)
        if self.items + len(needed) > MAX_ITEMS:
            raise BudgetSpentError
        self.items += len(needed)
        return self._table.load(needed, self.spent)

    def look_up(self, needed: Sequence[Key]) -> dict[Key, Item]:
        """Items by key, read consistently, that are no entities of the search. Raises BudgetSpentError.

        They count as calls only, and one call is kept to load the entities.
        """
        found: dict[Key, Item] = {}
        for first in range(0, len(needed), MAX_BATCH):
            self._check_budget(self._calls - 1)
            found |= self._table.load(needed[first : first + MAX_BATCH], self.spent)
        return found

    def _check_budget(self, calls: int) -> None:
        if self.spent.calls >= calls or self.items >= MAX_ITEMS:
            raise BudgetSpentError


def _entry(scan: Scan, item: Item, sort_key: str) -> Entry:
    key = key_of(item)
    of_models = scan.index in _OF_MODELS
    return Entry(scan, sort_key, keys.model_of(key), 0 if of_models else keys.version_of(key), item)


def _listing_shards(scan: Scan) -> list[str]:
    model = scan.fixed.get(NAME)
    return [str(shard) for shard in range(keys.LISTING_SHARDS)] if model is None else [keys.listing_shard(model)]


def _listing(scan: Scan, listing_shard: str) -> str:
    if scan.index is Index.NAME:
        return keys.versions_listed(listing_shard)
    return keys.versions_in_stage(scan.partition, listing_shard)


def _partition(scan: Scan, shard: str) -> str:
    match scan.index:
        case Index.TAG:
            return keys.term_of_tag(scan.partition)
        case Index.METRIC:
            return keys.term_of_metric(scan.partition)
        case Index.QUARANTINE:
            return keys.TERM_OF_QUARANTINE
        case Index.MODELS_TAG:
            return keys.term_of_model_tag(scan.partition)
        case Index.CHANGE:
            return keys.versions_changed(shard)
        case Index.CREATION:
            return keys.term_of_creation(shard)
        case Index.MODELS_CHANGE:
            return keys.models_changed(shard)
        case Index.MODELS_NAME | Index.MODELS_CREATION:
            return keys.MODEL_LISTING
        case Index.MODEL | Index.MODEL_METRIC:
            return keys.partition(model_ledger(scan.partition))
        case _:
            return scan.partition


def _prefix(scan: Scan) -> str:
    """The prefix of sort keys that are the table's own, not an index's."""
    if scan.index is Index.MODEL:
        return keys.VERSION_PREFIX
    if scan.index is Index.MODEL_METRIC and scan.field is not None:
        return keys.metric_entries(str(scan.field.key))
    return ""
