"""Rankings by a metric: the best versions of one model, and the models by their best versions.

The best versions of a model take one read, because a metric's index entry has all that is shown.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from chalicelib.aws.item import document_from
from chalicelib.aws.search.reads import Entry, SearchReader
from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.domain.search.entries import run_id
from chalicelib.domain.search.indexes import Index, Scan
from chalicelib.domain.search.ordering import NAME, Position, sort_values
from chalicelib.domain.search.planner import plan
from chalicelib.domain.search.records import version_record
from chalicelib.domain.search.sort_keys import LAST
from chalicelib.domain.search.syntax import (
    And,
    Comparator,
    Condition,
    Expression,
    Field,
    Order,
    SearchQuery,
    Subject,
    conjuncts,
)
from chalicelib.domain.versions.version import Version
from chalicelib.registry.models.models import model_head
from chalicelib.registry.search.kinds import VERSIONS
from chalicelib.registry.search.search import Foresee, Search, SearchPage, foreseeing
from chalicelib.registry.search.walk import walk

# In all pages together. The cursor names the models that were ranked, and its size is limited.
MAX_RANKED: Final = 200
# A cursor names a model by this many bytes of its name's digest, in this many base64 characters.
_FINGERPRINT_BYTES: Final = 6
_FINGERPRINT: Final = 8
# Up to this many models are searched one by one, which takes two calls each.
_MAX_FEW: Final = 12


@dataclass(frozen=True, slots=True)
class Ranked:
    """A READY version and its value of a metric."""

    model: str
    number: int
    value: float
    label: str | None
    created_at: Instant
    created_by: str
    run_id: str | None


def best_versions(services: Services, model: str, metric: str, descending: bool, limit: int) -> tuple[Ranked, ...]:
    """The ``limit`` READY versions with the highest values, or the lowest. Of equal ones, the newest is first.

    Raises ModelNotFoundError.
    """
    query = ranking(metric, descending, Condition(NAME, Comparator.EQUAL, model))
    planned = plan(query, Subject.VERSIONS)
    source = planned.ordered
    if source is None or source.index is not Index.MODEL_METRIC:
        raise TypeError("an index has the versions of one model by each metric")
    entries = walk(SearchReader(services.table), planned, source, None, limit + 2)
    found = tuple(_best(entry) for entry in islice(entries, limit))
    if not found:
        model_head(services, model)
    return found


def ranking(metric: str, descending: bool, where: Expression | None) -> SearchQuery:
    """The search for all versions that have the metric, from the best to the worst."""
    return SearchQuery(where, (Order(Field("metrics", metric), descending),))


def leaderboard(
    services: Services,
    metric: str,
    descending: bool,
    where: Expression | None,
    limit: int,
    start: Mapping[str, Any] | None,
    visible: Callable[[str], bool],
    by_name: bool = True,
) -> SearchPage[Ranked]:
    """For each model, the version with the best value that matches the filter; the best of these first.

    The metric's index may have many versions of one model before the best version of the next. If there are only a few
    models, each is searched by itself instead. At most 200 models are ranked, in all pages together.
    Raises SearchTooBroadError.
    """
    query = replace(ranking(metric, descending, where), by_name=by_name)
    reader = SearchReader(services.table)
    foresee = foreseeing(visible, reader)
    if start is None and not plan(query, Subject.VERSIONS).sorts:
        few = _few_models(reader, query, visible, foresee)
        if few is not None:
            return _best_of_few(services, query, metric, reader, few, limit)
    ranked = [] if start is None else _fingerprints(str(start["ranked"]))
    more = None if start is None or "after" not in start else start
    seen = set(ranked)

    def is_first(version: Version) -> bool:
        known = _fingerprint(version.model) in seen
        seen.add(_fingerprint(version.model))
        return not known

    def may_show(model: str) -> bool:
        return visible(model) and _fingerprint(model) not in seen

    search = Search(services, query, VERSIONS, may_show, is_first, reader, foresee)
    page = search.page(min(limit, MAX_RANKED - len(ranked)), more)
    items = tuple(_of_version(version, metric) for version in page.items)
    ranked += [_fingerprint(one.model) for one in items]
    ended = page.next_start is None or len(ranked) >= MAX_RANKED
    return SearchPage(
        items,
        None if ended else {**(page.next_start or {}), "ranked": "".join(ranked)},
        page.stopped_by_budget and not ended,
        page.plan,
        page.broad,
        page.cost,
    )


def _few_models(
    reader: SearchReader, query: SearchQuery, visible: Callable[[str], bool], foresee: Foresee
) -> list[str] | None:
    """The models that the caller may see, if the filter names only a few or the registry has only a few; else None."""
    named = _named(query)
    if named is not None:
        if len(named) > _MAX_FEW:
            return None
        foresee(named)
        return sorted(filter(visible, named))
    scan = Scan(Index.MODELS_NAME, "", "", LAST)
    (partition,) = reader.partitions(scan)
    found, more = reader.entries_between(scan, partition, "", LAST, _MAX_FEW + 1, backwards=False)
    if more or len(found) > _MAX_FEW:
        return None
    foresee(entry.model for entry in found)
    return [entry.model for entry in found if visible(entry.model)]


def _named(query: SearchQuery) -> frozenset[str] | None:
    """The models that the filter limits the search to; None if it does not name them."""
    for part in conjuncts(query.where):
        if isinstance(part, Condition) and part.field == NAME:
            if part.comparator is Comparator.EQUAL:
                return frozenset({str(part.value)})
            if part.comparator is Comparator.IN and isinstance(part.value, tuple):
                return frozenset(map(str, part.value))
    return None


def _best_of_few(
    services: Services, query: SearchQuery, metric: str, reader: SearchReader, models: Sequence[str], limit: int
) -> SearchPage[Ranked]:
    planned = plan(query, Subject.VERSIONS)
    best: list[tuple[tuple[str, ...], Version]] = []
    for model in models:
        named = Condition(NAME, Comparator.EQUAL, model)
        narrowed = SearchQuery(And((named, *conjuncts(query.where))), query.order)
        page = Search(services, narrowed, VERSIONS, models.__contains__, reader=reader).page(1, None)
        if page.stopped_by_budget:
            # The next page is read from the metric's index, as if there were many models.
            return SearchPage((), {"ranked": ""}, True, planned, False, reader.cost())
        best += [
            (sort_values(version_record(version), planned.order, Subject.VERSIONS) or (), version)
            for version in page.items
        ]
    best.sort(key=lambda found: Position(found[0], planned.order))
    shown = best[:limit]
    start: dict[str, Any] | None = None
    if len(best) > limit:
        start = {"after": list(shown[-1][0]), "ranked": "".join(_fingerprint(version.model) for _, version in shown)}
    items = tuple(_of_version(version, metric) for _, version in shown)
    return SearchPage(items, start, False, planned, False, reader.cost())


def _fingerprint(model: str) -> str:
    return base64.b64encode(hashlib.sha256(model.encode()).digest()[:_FINGERPRINT_BYTES]).decode()


def _fingerprints(text: str) -> list[str]:
    return [text[at : at + _FINGERPRINT] for at in range(0, len(text), _FINGERPRINT)]


def _of_version(version: Version, metric: str) -> Ranked:
    described = version.description
    return Ranked(
        version.model,
        version.number,
        described.metrics[metric],
        described.label,
        version.created_at,
        version.created_by,
        run_id(version),
    )


def _best(entry: Entry) -> Ranked:
    stored = {} if entry.item is None else document_from(entry.item)
    return Ranked(entry.model, entry.number, **stored)
