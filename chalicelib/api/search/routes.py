"""Searching versions and models, and ranking versions by a metric, over HTTP."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib import registry
from chalicelib.api import present
from chalicelib.api.call import Answer, Call
from chalicelib.api.models.schemas import ModelView
from chalicelib.api.route import Routes, Scope
from chalicelib.api.search.schemas import BestVersions, BestView, Leaderboard, RankedView, Search, SearchView
from chalicelib.api.versions.schemas import VersionView
from chalicelib.domain.access.principal import Action
from chalicelib.domain.search import SearchQuery, Subject

if TYPE_CHECKING:
    from chalicelib.domain.search.syntax import Expression
    from chalicelib.registry.search.best import Ranked
    from chalicelib.registry.search.search import SearchPage

T = TypeVar("T")

routes = Routes("search")


@routes.get("/v1/search/versions", Action.READ, scope=Scope.LISTED, answers={200: SearchView[VersionView]})
def search_versions(call: Call, query: Search) -> Answer:
    """Search the versions of all models that the caller may read."""
    asked = _parsed(query, Subject.VERSIONS)
    start = call.start(query)
    if not _may_find(call, asked):
        return _page(call, registry.search.search.nothing(asked, Subject.VERSIONS), present.version, query.explain)
    page = registry.search.search.search_versions(call.services, asked, query.limit, start, call.may_read)
    return _page(call, page, present.version, query.explain)


@routes.get("/v1/search/models", Action.READ, scope=Scope.LISTED, answers={200: SearchView[ModelView]})
def search_models(call: Call, query: Search) -> Answer:
    """Search the models that the caller may read."""
    asked = _parsed(query, Subject.MODELS)
    start = call.start(query)
    if not _may_find(call, asked):
        return _page(call, registry.search.search.nothing(asked, Subject.MODELS), present.model, query.explain)
    page = registry.search.search.search_models(call.services, asked, query.limit, start, call.may_read)
    return _page(call, page, present.model, query.explain)


@routes.get("/v1/leaderboard", Action.READ, scope=Scope.LISTED, answers={200: SearchView[RankedView]})
def show_leaderboard(call: Call, query: Leaderboard) -> Answer:
    """Rank the models that the caller may read by the best version of each."""
    where = _filter(query.filter, Subject.VERSIONS)
    asked = registry.search.best.ranking(query.metric, query.descending, where)
    start = call.start(query)
    if not _may_find(call, asked):
        return _page(call, registry.search.search.nothing(asked, Subject.VERSIONS), _ranked, query.explain)
    page = registry.search.best.leaderboard(
        call.services, query.metric, query.descending, where, query.limit, start, call.may_read
    )
    return _page(call, page, _ranked, query.explain)


@routes.get("/v1/models/{model}/best", Action.READ, answers={200: BestView})
def list_best_versions(call: Call, model: str, query: BestVersions) -> Answer:
    """List a model's READY versions by a metric, the best first."""
    found = registry.search.best.best_versions(call.services, model, query.metric, query.descending, query.limit)
    return Answer({"model": model, "metric": query.metric, "items": [_ranked(one) for one in found]})


def _may_find(call: Call, asked: SearchQuery) -> bool:
    """Whether a grant reaches the names that are asked for.

    They are not looked for otherwise: pages that are empty and go on would tell that there are such names.
    """
    from chalicelib.domain.search.planner import named_prefix

    return call.principal.may_on_some(Action.READ, named_prefix(asked))


def _parsed(query: Search, subject: Subject) -> SearchQuery:
    from chalicelib.domain.search.parser import parse_order

    return SearchQuery(_filter(query.filter, subject), parse_order(query.order_by, subject))


def _filter(text: str, subject: Subject) -> "Expression | None":
    # Late: the grammar is for the requests that search.
    from chalicelib.domain.search.parser import parse_filter

    return parse_filter(text, subject)


def _page(call: Call, page: "SearchPage[T]", shown: Callable[[T], Any], explain: bool) -> Answer:
    document: dict[str, Any] = {
        "items": [shown(item) for item in page.items],
        "next_cursor": call.cursor(page.next_start),
        "stopped_by_budget": page.stopped_by_budget,
    }
    if explain:
        # The plan follows from the query. The cost tells how much was looked at that the caller may not see.
        cost = asdict(page.cost) if call.principal.may_registry(Action.READ) else None
        document |= {"plan": _plan(page), "cost": cost}
    return Answer(document)


def _plan(page: "SearchPage[Any]") -> dict[str, Any]:
    plan = page.plan
    source = plan.ordered if page.broad and plan.ordered is not None else plan.source
    return {
        "index": source.index.value,
        # An order says of its fields that they are there; what was asked for is told.
        "answered": [text for text in map(str, source.answered) if text in plan.where],
        "filtered": list(plan.filtered(source)),
        "order": [str(one) for one in plan.order],
        "sorted": source.reading is None,
        "too_many_in": plan.source.index.value if page.broad else None,
    }


def _ranked(found: "Ranked") -> dict[str, Any]:
    return asdict(found)
