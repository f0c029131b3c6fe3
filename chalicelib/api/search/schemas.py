"""Schemas of searches, and of versions ranked by a metric."""

from typing import Generic, Literal, TypeVar

from pydantic import Field

from chalicelib.api.document import PageView, Paging, Query, Time, VersionNumber, View
from chalicelib.api.models.schemas import ModelView
from chalicelib.api.versions.schemas import VersionSummaryView
from chalicelib.domain import documents
from chalicelib.domain.search.syntax import MAX_LENGTH

T = TypeVar("T")


class Search(Paging):
    filter: str = Field("", max_length=MAX_LENGTH, description="What to find. Without a filter, everything.")
    order_by: str = Field(
        "", max_length=MAX_LENGTH, description="Fields separated by commas, each with ASC or DESC after it."
    )
    explain: bool = Field(False, description="Add plan and cost, which tell how the search was answered.")


class SearchModels(Search):
    with_parts: Literal["holders"] | None = Field(
        None, alias="with", description="Add holders to each model: the versions that serve, or that may soon."
    )


class Ranking(Query):
    metric: str = Field(min_length=1, max_length=documents.MAX_KEY, examples=["auc"])
    direction: Literal["max", "min"] = Field("max", description="Whether the highest values come first, or the lowest.")

    @property
    def descending(self) -> bool:
        return self.direction == "max"


class BestVersions(Ranking):
    limit: int = Field(10, ge=1, le=100, description="How many versions at most.")


class Leaderboard(Paging, Ranking):
    filter: str = Field("", max_length=MAX_LENGTH, description="The versions that take part. Without a filter, all.")
    explain: bool = Field(False, description="Add plan and cost, which tell how the ranking was made.")


class PlanView(View):
    """How a search was answered. Every entry of the ``index`` that was read meets the conditions in ``answered``.

    The conditions in ``filtered`` were evaluated on everything that was read. ``sorted``: the index has another order,
    so the results were sorted. ``too_many_in`` is a better index that held too many entries to sort.
    """

    index: str
    answered: list[str]
    filtered: list[str]
    order: list[str]
    sorted: bool
    too_many_in: str | None


class CostView(View):
    """What a page read: DynamoDB calls, index entries, items, and the capacity units that they consumed."""

    calls: int
    entries: int
    items: int
    capacity_units: float


class SearchView(PageView[T], Generic[T]):
    """A page of a search. ``stopped_by_budget``: the page may be short, because it read as much as one page may read.

    ``plan`` and ``cost`` are present if the call asked to explain. ``cost`` is null for callers who may not read all
    models.
    """

    stopped_by_budget: bool
    plan: PlanView | None = None
    cost: CostView | None = None


class HoldersView(View):
    """Versions of a model in short: ``serving`` is the one in the last exclusive stage that has any."""

    champion: VersionSummaryView | None
    challenger: VersionSummaryView | None
    serving: VersionSummaryView | None
    open_requests: int


class FoundModelView(ModelView):
    """A model. ``holders`` is present if the call asked for it."""

    holders: HoldersView | None = None


class RankedView(View):
    """A version and its value of a metric."""

    model: str
    number: VersionNumber
    label: str | None
    value: int | float
    created_at: Time
    created_by: str
    run_id: str | None


class BestView(View):
    model: str
    metric: str
    items: list[RankedView]
