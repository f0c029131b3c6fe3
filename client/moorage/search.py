"""Searching: versions and models that a filter fits, and the leaderboard of a metric.

docs/search.md has the language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage.connection import Connection
from moorage.decoding import decode
from moorage.results import Model, Number, Version


@dataclass(frozen=True, slots=True)
class RankedVersion:
    """A version by its value of a metric."""

    model: str
    number: int
    value: Number
    label: str | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How a search is answered: from ``index``, which answers some conditions, the others being filtered.

    ``sorted``: the order is not the index's own, and what was found is sorted. ``too_many_in``: the index that would
    have been read, had it not held too much to sort.
    """

    index: str
    answered: tuple[str, ...] = ()
    filtered: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    sorted: bool = False
    too_many_in: str | None = None


@dataclass(frozen=True, slots=True)
class SearchCost:
    """What a page reads: DynamoDB calls, index entries, items, and the capacity units that this consumes."""

    calls: int
    entries: int
    items: int
    capacity_units: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the first page of a search was answered, on which ``found`` things are.

    ``stopped_by_budget``: before it was full. ``cost`` is told to who may read every model.
    """

    found: int
    more: bool
    stopped_by_budget: bool
    plan: SearchPlan
    cost: SearchCost | None = None


class Search:
    """Lists are read page by page as they are iterated over, also past pages that stopped at their budget."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def versions(
        self, filter: str | None = None, *, order_by: str | None = None, limit: int | None = None
    ) -> Iterator[Version]:
        """Versions of all models, as in ``versions("metrics.auc > 0.9", order_by="metrics.auc DESC")``.

        Raises InvalidRequestError, ``invalid_filter`` with the place, when the first is asked for.
        """
        return self._connection.items(Version, "search/versions", limit, filter=filter, order_by=order_by)

    def models(
        self, filter: str | None = None, *, order_by: str | None = None, limit: int | None = None
    ) -> Iterator[Model]:
        """Models, as ``versions``."""
        return self._connection.items(Model, "search/models", limit, filter=filter, order_by=order_by)

    def leaderboard(
        self, metric: str, filter: str | None = None, *, higher_is_better: bool = True, limit: int | None = None
    ) -> Iterator[RankedVersion]:
        """The best version of each model by a metric, best first; of the versions that the filter fits."""
        direction = direction_of(higher_is_better)
        return self._connection.items(
            RankedVersion, "leaderboard", limit, metric=metric, filter=filter, direction=direction
        )

    def explain_versions(
        self, filter: str | None = None, *, order_by: str | None = None, limit: int | None = None
    ) -> Explanation:
        """How a search for versions is answered, and what its first page costs."""
        return self._explanation("search/versions", limit, filter=filter, order_by=order_by)

    def explain_models(
        self, filter: str | None = None, *, order_by: str | None = None, limit: int | None = None
    ) -> Explanation:
        return self._explanation("search/models", limit, filter=filter, order_by=order_by)

    def _explanation(self, path: str, limit: int | None, **query: str | None) -> Explanation:
        page: dict[str, Any] = self._connection.read(path, limit=limit, explain="true", **query)
        return Explanation(
            found=len(page["items"]),
            more=page["next_cursor"] is not None,
            stopped_by_budget=page["stopped_by_budget"],
            plan=decode(SearchPlan, page["plan"]),
            cost=None if page["cost"] is None else decode(SearchCost, page["cost"]),
        )


def direction_of(higher_is_better: bool) -> str:
    return "max" if higher_is_better else "min"
