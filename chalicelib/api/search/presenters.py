"""Pages of searches and ranked versions as JSON documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.api.models.presenters import model_document
from chalicelib.api.versions.presenters import version_summary_document
from chalicelib.domain.search.fields import COMPARATORS

if TYPE_CHECKING:
    from chalicelib.domain.models.decisions import ModelState
    from chalicelib.domain.search.known_names import KnownField
    from chalicelib.registry.search.best import Ranked
    from chalicelib.registry.search.holders import Holders
    from chalicelib.registry.search.known_names import KnownNames
    from chalicelib.registry.search.search import SearchPage
    from chalicelib.registry.search.series import Series

T = TypeVar("T")


def search_document(page: SearchPage[T], present: Callable[[T], Any], next_cursor: str | None) -> dict[str, Any]:
    return {
        "items": [present(item) for item in page.items],
        "next_cursor": next_cursor,
        "stopped_by_budget": page.stopped_by_budget,
    }


def explanation_document(page: SearchPage[Any], with_cost: bool) -> dict[str, Any]:
    """How the page was found. The cost counts items that the caller may not see, so not every caller gets it."""
    return {"plan": _plan(page), "cost": asdict(page.cost) if with_cost else None}


def found_model_document(state: ModelState, holders: Holders) -> dict[str, Any]:
    """A model with its holders."""
    versions = (holders.champion, holders.challenger, holders.serving)
    named = zip(("champion", "challenger", "serving"), map(version_summary_document, versions), strict=True)
    return model_document(state) | {"holders": {**dict(named), "open_requests": holders.open_requests}}


def fields_document(names: KnownNames) -> dict[str, Any]:
    return {"items": [_field(known) for known in names.fields], "complete": names.complete}


def _field(known: KnownField) -> dict[str, Any]:
    field = known.field
    return {
        "name": field.name,
        "key": field.key or None,
        "kind": field.kind.name.lower(),
        "description": field.meaning,
        "comparators": sorted(comparator.value for comparator in COMPARATORS[field.kind]),
        "several": field.several,
        "synonyms": list(field.synonyms),
        "keys": list(known.keys),
        "values": list(known.values),
    }


def ranked_document(ranked: Ranked) -> dict[str, Any]:
    return asdict(ranked)


def series_document(model: str, series: Series) -> dict[str, Any]:
    return {
        "model": model,
        "metrics": {metric: [list(point) for point in points] for metric, points in series.metrics.items()},
        "directions": dict(series.directions),
    }


def _plan(page: SearchPage[Any]) -> dict[str, Any]:
    plan = page.plan
    source = plan.ordered if page.broad and plan.ordered is not None else plan.source
    return {
        "index": source.index.value,
        # Ordering by a field also implies that the field exists. Only conditions of the caller's filter are shown.
        "answered": [text for text in map(str, source.answered) if text in plan.where],
        "filtered": list(plan.filtered(source)),
        "order": [str(field) for field in plan.order],
        "sorted": source.reading is None,
        "too_many_in": plan.source.index.value if page.broad else None,
    }
