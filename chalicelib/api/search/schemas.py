"""Schemas of searches, and of versions ranked by a metric."""

import csv
from typing import Final, Generic, Literal, TypeVar

from pydantic import Field

from chalicelib.api.document import PageView, Paging, Query, Time, VersionNumber, View
from chalicelib.api.models.schemas import ModelView
from chalicelib.api.schemes.field_schemas import Directions
from chalicelib.api.versions.schemas import VersionSummaryView
from chalicelib.domain import documents
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.names import MAX_MODEL_NAME
from chalicelib.domain.search.syntax import MAX_LENGTH

T = TypeVar("T")
# A field's name, and a key as long as any.
MAX_PREFIX = 500

MAX_METRICS: Final = 5
_MAX_METRIC_NAMES: Final = 1_500


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


class ListFields(Query):
    of: Literal["versions", "models"] = Field("versions", description="Whose fields.")
    model: str | None = Field(
        None, min_length=1, max_length=MAX_MODEL_NAME, description="Look at this model only. Without it, at all."
    )
    prefix: str = Field("", max_length=MAX_PREFIX, description="What has been typed of a field, such as metrics.a")


class Ranking(Query):
    metric: str = Field(min_length=1, max_length=documents.MAX_KEY, examples=["auc"])
    direction: Literal["max", "min"] = Field("max", description="Whether the highest values come first, or the lowest.")

    @property
    def descending(self) -> bool:
        return self.direction == "max"


class BestVersions(Ranking):
    limit: int = Field(10, ge=1, le=100, description="How many versions at most.")


class MetricNames(Query):
    """Which metrics a series has."""

    metrics: str = Field(
        min_length=1,
        max_length=_MAX_METRIC_NAMES,
        description="One to five metrics, separated by commas. A name that has a comma stands in quotes, as in CSV.",
        examples=["auc,loss"],
    )

    def names(self) -> list[str]:
        """The metrics, each once. Raises InvalidInputError."""
        try:
            (row,) = csv.reader([self.metrics], strict=True)
        except (csv.Error, ValueError):
            raise _unreadable("must be names of metrics, separated by commas") from None
        named = list(dict.fromkeys(row))
        if not 1 <= len(named) <= MAX_METRICS or not all(1 <= len(name) <= documents.MAX_KEY for name in named):
            message = f"must name 1 to {MAX_METRICS} metrics, each of 1 to {documents.MAX_KEY} characters"
            raise _unreadable(message)
        return named


class MetricSeries(MetricNames):
    limit: int = Field(200, ge=1, le=1_000, description="How many of the newest versions at most, for each metric.")


def _unreadable(message: str) -> InvalidInputError:
    return InvalidInputError(f"The query parameter 'metrics' {message}.", [Problem("?metrics", message)])


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


class SearchFieldView(View):
    """A field as filters name it. One that takes a ``key`` is written ``name.key``.

    ``keys`` are those that were seen; ``values`` those of fields that have few, such as stages. ``several``: one
    version or model may have more than one value. ``synonyms`` are other names of the field.
    """

    name: str
    key: str | None
    kind: Literal["text", "prose", "number", "integer", "time", "value"]
    description: str
    comparators: list[str]
    several: bool
    synonyms: list[str]
    keys: list[str]
    values: list[str]


class SearchFieldsView(View):
    """``complete``: everything that the caller may read was looked at for keys and values, not a part of it."""

    items: list[SearchFieldView]
    complete: bool


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


class SeriesView(View):
    """For each metric the number and value of the newest READY versions that have it, lowest number first.

    Of a version with more than forty metrics, these are the first forty by name.
    """

    model: str
    metrics: dict[str, list[tuple[VersionNumber, int | float]]]
    directions: Directions
