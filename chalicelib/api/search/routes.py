"""Searching versions and models, and ranking versions by a metric, over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.models.presenters import model_document
from chalicelib.api.route import Routes, Scope
from chalicelib.api.search.presenters import (
    explanation_document,
    fields_document,
    found_model_document,
    ranked_document,
    search_document,
    series_document,
)
from chalicelib.api.search.schemas import (
    BestVersions,
    BestView,
    FoundModelView,
    Leaderboard,
    ListFields,
    MetricSeries,
    RankedView,
    Search,
    SearchFieldsView,
    SearchModels,
    SearchView,
    SeriesView,
)
from chalicelib.api.versions.presenters import version_document
from chalicelib.api.versions.schemas import VersionView
from chalicelib.domain.access.principal import Action
from chalicelib.domain.limits import Quota
from chalicelib.domain.search.syntax import SearchQuery, Subject

if TYPE_CHECKING:
    from chalicelib.domain.search.syntax import Expression
    from chalicelib.registry.search.search import SearchPage

T = TypeVar("T")

routes = Routes("search")


@routes.get("/v1/search/versions", Action.READ, scope=Scope.LISTED, answers={200: SearchView[VersionView]})
def search_versions(call: Call, query: Search) -> Answer:
    """Search the versions of all models that the caller may read."""
    search, start = _search_query(call, query, Subject.VERSIONS), call.start(query)
    if _may_find(call, search):
        page = registry.search.search.search_versions(call.services, search, query.limit, start, call.may_read)
    else:
        page = registry.search.search.nothing(search, Subject.VERSIONS)
    return _page(call, page, version_document, query.explain)


@routes.get("/v1/search/models", Action.READ, scope=Scope.LISTED, answers={200: SearchView[FoundModelView]})
def search_models(call: Call, query: SearchModels) -> Answer:
    """Search the models that the caller may read."""
    search, start = _search_query(call, query, Subject.MODELS), call.start(query)
    if _may_find(call, search):
        page = registry.search.search.search_models(call.services, search, query.limit, start, call.may_read)
    else:
        page = registry.search.search.nothing(search, Subject.MODELS)
    if query.with_parts is None:
        return _page(call, page, model_document, query.explain)
    page, holders = registry.search.holders.with_holders(call.services, page)
    return _page(call, page, lambda state: found_model_document(state, holders[state.model.name]), query.explain)


@routes.get("/v1/search/fields", Action.READ, scope=Scope.LISTED, answers={200: SearchFieldsView})
def list_search_fields(call: Call, query: ListFields) -> Answer:
    """List what a filter may name: the fields, with the keys and values that the caller may read."""
    known_names, subject = registry.search.known_names, Subject(query.of)
    search = _allowed(call, known_names.query_for_names(subject, query.model))
    if _may_find(call, search):
        names = known_names.find_names(call.services, subject, search, query.prefix, call.may_read)
    else:
        names = known_names.only_fields(subject, query.prefix)
    return Answer(fields_document(names))


@routes.get("/v1/leaderboard", Action.READ, scope=Scope.LISTED, answers={200: SearchView[RankedView]})
def show_leaderboard(call: Call, query: Leaderboard) -> Answer:
    """Rank the models that the caller may read by the best version of each."""
    where = _filter(query.filter, Subject.VERSIONS)
    search = _allowed(call, registry.search.best.ranking(query.metric, query.descending, where))
    start = call.start(query)
    if _may_find(call, search):
        page = registry.search.best.leaderboard(
            call.services, query.metric, query.descending, where, query.limit, start, call.may_read, search.by_name
        )
    else:
        page = registry.search.search.nothing(search, Subject.VERSIONS)
    return _page(call, page, ranked_document, query.explain)


@routes.get("/v1/models/{model}/best", Action.READ, answers={200: BestView})
def list_best_versions(call: Call, model: str, query: BestVersions) -> Answer:
    """List a model's READY versions by a metric, the best first."""
    best = registry.search.best.best_versions(call.services, model, query.metric, query.descending, query.limit)
    return Answer({"model": model, "metric": query.metric, "items": [ranked_document(ranked) for ranked in best]})


@routes.get("/v1/models/{model}/series", Action.READ, answers={200: SeriesView})
def get_series(call: Call, model: str, query: MetricSeries) -> Answer:
    """Show how metrics went over a model's newest READY versions."""
    series = registry.search.series.get_series(call.services, model, query.names(), query.limit)
    return Answer(series_document(model, series))


def _may_find(call: Call, search: SearchQuery) -> bool:
    """Whether the caller may read any model with the name or prefix that the filter asks for.

    If not, the search is not made: empty pages with a cursor would reveal that such models exist.
    """
    from chalicelib.domain.search.planner import named_prefix

    return call.principal.may_on_some(Action.READ, named_prefix(search))


def _search_query(call: Call, query: Search, subject: Subject) -> SearchQuery:
    from chalicelib.domain.search.parser import parse_order

    return _allowed(call, SearchQuery(_filter(query.filter, subject), parse_order(query.order_by, subject)))


def _allowed(call: Call, search: SearchQuery) -> SearchQuery:
    """The search, with what the caller may read of the names that it asks for. It counts for the caller's day."""
    from chalicelib.domain.search.planner import named_prefix

    registry.access.quotas.spend_by_steps(call.services, call.principal, Quota.SEARCHES)
    return replace(search, by_name=call.principal.may_on_all(Action.READ, named_prefix(search)))


def _filter(text: str, subject: Subject) -> "Expression | None":
    # Imported late: only requests that search need the grammar.
    from chalicelib.domain.search.parser import parse_filter

    return parse_filter(text, subject)


def _page(call: Call, page: "SearchPage[T]", present: Callable[[T], Any], explain: bool) -> Answer:
    document = search_document(page, present, call.cursor(page.next_start))
    if explain:
        document |= explanation_document(page, with_cost=call.principal.may_registry(Action.READ))
    return Answer(document)
