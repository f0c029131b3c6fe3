"""The index of open transition requests of all models, by when they are due."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.names import OPEN_POSITION, OPEN_REQUESTS, OPEN_SHARD
from chalicelib.aws.table import Item, Spent, Table, key_of
from chalicelib.domain.instants import Instant
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.search import sort_keys

MAX_CALLS: Final = 40
_LARGEST_READ: Final = 500
# Sorts after every time.
_NEVER: Final = "~"


class BudgetSpentError(Exception):
    """The list has read as much as one page may read."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An entry of the index: a request that was open when it was last written."""

    position: str
    model: str
    number: int


def open_place(request: TransitionRequest) -> Item:
    """The attributes that put an open request in the index; none for a closed one.

    Requests are sorted by when they are due. Those without a due time come last, by when they were opened.
    """
    if request.state.closed:
        return {}
    return {
        OPEN_SHARD: keys.listing_shard(request.model),
        OPEN_POSITION: sort_keys.joined(
            request.due_at or _NEVER, request.requested_at, sort_keys.name_part(request.model), f"{request.number:09d}"
        ),
    }


class OpenRequestReader:
    """Reads the index for one page, and counts the calls.

    ``position`` is that of the last entry that was read, None before the first.
    """

    def __init__(self, table: Table, size: int) -> None:
        self._table = table
        self._size = size
        self.spent = Spent()
        self.position: str | None = None

    def entries(self, after: str | None, now: Instant) -> Iterator[OpenRequest]:
        """The open requests after a position that are not due yet, the next due first.

        Raises BudgetSpentError before it would make more calls than a page may.
        """
        low = sort_keys.just_after(now + sort_keys.LAST)
        if after is not None:
            low = max(low, sort_keys.just_after(after))
        shards = (self._shard(str(shard), low) for shard in range(keys.LISTING_SHARDS))
        for entry in heapq.merge(*shards, key=attrgetter("position")):
            self.position = entry.position
            yield entry

    def _shard(self, shard: str, low: str) -> Iterator[OpenRequest]:
        size, more = self._size, True
        while more:
            if self.spent.calls >= MAX_CALLS:
                raise BudgetSpentError
            found, more = self._table.query_between(OPEN_REQUESTS, shard, low, sort_keys.LAST, size, spent=self.spent)
            for item in found:
                key = key_of(item)
                yield OpenRequest(str(item[OPEN_POSITION]), keys.model_of(key), keys.request_number(key.sort))
            if found:
                low = sort_keys.just_after(str(found[-1][OPEN_POSITION]))
            size = min(2 * size, _LARGEST_READ)
