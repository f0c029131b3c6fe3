"""The fields that a search knows, with the names that versions or models have."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import MAX_BATCH
from chalicelib.aws.versions.items import version_from
from chalicelib.domain.models.model import Model
from chalicelib.domain.search.evaluation import Record
from chalicelib.domain.search.known_names import KnownField, known_fields
from chalicelib.domain.search.ordering import NAME, UPDATED_AT, VERSION
from chalicelib.domain.search.records import model_record, version_record
from chalicelib.domain.search.syntax import Comparator, Condition, Order, SearchQuery, Subject
from chalicelib.domain.versions.version import Version
from chalicelib.registry.search.search import search_models, search_versions

# As many as the first read of each shard of the index of changes finds.
_MODELS: Final = 40
_VERSIONS: Final = 50


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Fields with names. ``complete``: everything that the caller may read was looked at."""

    fields: tuple[KnownField, ...]
    complete: bool


def query_for_names(subject: Subject, model: str | None) -> SearchQuery:
    """The search for what is looked at first: the last changed models, or one model, or the newest versions of it."""
    if model is None:
        return SearchQuery(None, (Order(UPDATED_AT, descending=True),))
    order = (Order(VERSION, descending=True),) if subject is Subject.VERSIONS else ()
    return SearchQuery(Condition(NAME, Comparator.EQUAL, model), order)


def find_names(
    services: Services, subject: Subject, query: SearchQuery, prefix: str, visible: Callable[[str], bool]
) -> KnownNames:
    """The fields that begin with ``prefix``, with the keys and values that a sample of what is visible has.

    No index lists the names of tags and metrics of all models, and parameters are in none. So fifty versions of
    the model that ``query`` names are looked at; without one, forty models, and the newest version of each of their
    stages.
    """
    if subject is Subject.VERSIONS and query.where is not None:
        page = search_versions(services, query, _VERSIONS, None, visible)
        return _known(subject, map(version_record, page.items), prefix, page.next_start is None)
    models = search_models(services, query, _MODELS, None, visible)
    if subject is Subject.MODELS:
        return _known(subject, map(model_record, models.items), prefix, models.next_start is None)
    versions = _newest(services, [state.model for state in models.items])
    every = models.next_start is None and len(versions) == sum(state.model.versions for state in models.items)
    return _known(subject, map(version_record, versions), prefix, every)


def only_fields(subject: Subject, prefix: str) -> KnownNames:
    """The fields alone, for a caller who may read nothing that would be looked at."""
    return _known(subject, (), prefix, complete=True)


def _newest(services: Services, models: Iterable[Model]) -> list[Version]:
    """The newest version of each stage of each model, as far as the heads know it, at most a hundred."""
    newest = (
        keys.version(model.name, number)
        for model in models
        for stage in model.standing
        for number in model.newest_in(stage).numbers[:1]
    )
    wanted = list(islice(newest, MAX_BATCH))
    stored = services.table.load(wanted) if wanted else {}
    return [version_from(item) for item in stored.values()]


def _known(subject: Subject, records: Iterable[Record], prefix: str, complete: bool) -> KnownNames:
    return KnownNames(known_fields(subject, records, prefix), complete)
