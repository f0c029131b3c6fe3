"""Search: find versions and models by a filter, and rank models by a metric.

docs/search.md describes the language of filters.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing, WholeList
from moorage.results import Model, Number, Version

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas


@dataclass(frozen=True, slots=True)
class RankedVersion:
    """A version with its value of the metric that it is ranked by."""

    model: str
    number: int
    value: Number
    label: str | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """The value of a metric in one version."""

    number: int
    value: Number


@dataclass(frozen=True, slots=True)
class Series:
    """Metrics over a model's versions, each from the oldest version to the newest.

    ``directions`` says which metrics are better when higher (``up``) or lower (``down``), as far as that is known.
    """

    model: str
    metrics: dict[str, tuple[Point, ...]]
    directions: dict[str, str] = field(default_factory=dict)

    def to_pandas(self) -> "pandas.DataFrame":
        """A row for each version, by number, and a column for each metric. Needs ``moorage[pandas]``."""
        from moorage.tables import series_table

        return series_table(self)

    def plot(self, axes: "matplotlib.axes.Axes | None" = None) -> "matplotlib.axes.Axes":
        """Draw the metrics over the versions, in ``axes`` or a new figure. Needs ``moorage[plot]``."""
        from moorage.plots import plot_series

        return plot_series(self, axes)


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How a search is carried out.

    ``index`` is the index that is read. It answers the conditions in ``answered``; those in ``filtered`` are checked on
    each result. ``sorted`` is True if the index has another order and the results have to be sorted. ``too_many_in`` is
    an index that would have been better, but has too many entries to sort.
    """

    index: str
    answered: tuple[str, ...] = ()
    filtered: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    sorted: bool = False
    too_many_in: str | None = None


@dataclass(frozen=True, slots=True)
class SearchCost:
    """What a page costs: DynamoDB calls, index entries and items read, and the capacity units that they consume."""

    calls: int
    entries: int
    items: int
    capacity_units: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the first page of a search was produced.

    ``found`` is the number of results on the page. ``stopped_by_budget`` is True if the page reached its read budget
    before it was full. ``cost`` is None unless the token may read every model.
    """

    found: int
    more: bool
    stopped_by_budget: bool
    plan: SearchPlan
    cost: SearchCost | None = None


@dataclass(frozen=True, slots=True)
class SearchField:
    """A field as filters name it. One that takes a ``key`` is written ``name.key``.

    ``keys`` are those that were seen; ``values`` those of fields that have few, such as stages.
    """

    name: str
    kind: str
    description: str = ""
    key: str | None = None
    comparators: tuple[str, ...] = ()
    several: bool = False
    synonyms: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class Search:
    """Searches over all models. Results are read page by page, also beyond pages that stopped at their budget."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def versions(
        self, filter: str | None = None, *, order_by: str | None = None, limit: int | None = None
    ) -> Listing[Version]:
        """Search versions of all models: ``versions("metrics.auc > 0.9", order_by="metrics.auc DESC")``.

        The search runs when the first result is read. It then raises InvalidRequestError (``invalid_filter``) if the
        filter has an error; the error names its place.
        """
        return self._connection.items(Version, "search/versions", limit, filter=filter, order_by=order_by)

    def models(
        self,
        filter: str | None = None,
        *,
        order_by: str | None = None,
        limit: int | None = None,
        with_holders: bool = False,
    ) -> Listing[Model]:
        """Search models. Works like ``versions``. ``with_holders`` also reads champion, challenger and what serves."""
        query = {"filter": filter, "order_by": order_by, "with": "holders" if with_holders else None}
        return self._connection.items(Model, "search/models", limit, **query)

    def leaderboard(
        self, metric: str, filter: str | None = None, *, higher_is_better: bool = True, limit: int | None = None
    ) -> Listing[RankedVersion]:
        """Rank models by their best version in a metric, best first.

        ``filter`` limits the versions that take part.
        """
        direction = direction_of(higher_is_better)
        return self._connection.items(
            RankedVersion, "leaderboard", limit, metric=metric, filter=filter, direction=direction
        )

    def fields(
        self, of: str = "versions", *, model: str | None = None, prefix: str | None = None
    ) -> WholeList[SearchField]:
        """The fields that a filter of ``versions`` or ``models`` may name, with the keys and values that were seen.

        ``model`` looks at one model only. ``prefix`` is the beginning of a field, such as ``metrics.a``.
        """
        return self._connection.whole(SearchField, "search/fields", of=of, model=model, prefix=prefix)

    def explain_versions(
        self, filter: str | None = None, *, order_by: str | None = None, limit: int | None = None
    ) -> Explanation:
        """Explain how a search for versions is carried out, and what its first page costs."""
        return self._explanation("search/versions", limit, filter=filter, order_by=order_by)

    def explain_models(
        self, filter: str | None = None, *, order_by: str | None = None, limit: int | None = None
    ) -> Explanation:
        """Explain a search for models. Works like ``explain_versions``."""
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
