"""What runs where: the places of a model, and those of a target, now and at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.deployments.heartbeats import Heartbeat, heartbeat_from, target_of
from chalicelib.aws.deployments.items import place_from
from chalicelib.aws.names import TERMS
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.access.classified import foresee
from chalicelib.registry.audit.history import pointed
from chalicelib.registry.models.existence import check_model
from chalicelib.registry.page import Page

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """A model on a target.

    ``place`` is None if nothing was deployed there, ``heartbeat`` is None if the target has said nothing.
    """

    model: str
    target: str
    place: Place | None
    heartbeat: Heartbeat | None


@dataclass(frozen=True, slots=True)
class PlaceThen:
    """What a target served of a model at a time, None if nothing that was known. ``since`` is when that began."""

    model: str
    target: str
    version: int | None
    since: Instant | None


def places_of(services: Services, model: str) -> tuple[PlaceNow, ...]:
    """The targets of a model, by name, in two queries for every hundred. Raises ModelNotFoundError."""
    stored = list(_stored(services, model, keys.PLACE_PREFIX))
    said = list(_stored(services, model, keys.HEARTBEAT_PREFIX))
    if not stored and not said:
        check_model(services, model)
    places = {place.target: place for place in map(place_from, stored)}
    heartbeats = {target_of(item): heartbeat_from(item) for item in said}
    return tuple(
        PlaceNow(model, target, places.get(target), heartbeats.get(target)) for target in sorted({*places, *heartbeats})
    )


def places_on(
    services: Services,
    target: str,
    may_read: Callable[[str], bool],
    limit: int,
    start: dict[str, str | int] | None,
) -> Page[PlaceNow]:
    """The models that were deployed on a target, by name, of those that the caller may read.

    Eventually consistent. Takes two reads. A target that does not exist has none.
    """
    entries, start_after = _entries(services, target, limit, start)
    foresee(may_read, map(_model_of, entries), services.table.load_all)
    models = [model for model in map(_model_of, entries) if may_read(model)]
    wanted = [key(model, target) for model in models for key in (keys.place, keys.heartbeat)]
    found = services.table.load_all(wanted) if wanted else {}

    def now(model: str) -> PlaceNow:
        place, said = found.get(keys.place(model, target)), found.get(keys.heartbeat(model, target))
        return PlaceNow(
            model,
            target,
            None if place is None else place_from(place),
            None if said is None else heartbeat_from(said),
        )

    return Page(tuple(map(now, models)), start_after)


def places_on_as_of(
    services: Services,
    target: str,
    time: Instant,
    may_read: Callable[[str], bool],
    limit: int,
    start: dict[str, str | int] | None,
) -> Page[PlaceThen]:
    """What a target served at a time, of the models that are deployed there now. Takes a query for each."""
    entries, start_after = _entries(services, target, limit, start)
    foresee(may_read, map(_model_of, entries), services.table.load_all)
    found = []
    for model in filter(may_read, map(_model_of, entries)):
        at = pointed(services, model, f"target:{target}", time)
        found.append(PlaceThen(model, target, at.version, None if at.move is None else Instant(at.move["time"])))
    return Page(tuple(found), start_after)


def models_on(services: Services, target: str) -> Iterator[str]:
    """All models that were deployed on a target."""
    start: dict[str, str | int] | None = None
    while True:
        entries, start = _entries(services, target, _PAGE, start)
        yield from map(_model_of, entries)
        if start is None:
            return


def _stored(services: Services, model: str, prefix: str) -> Iterator[Item]:
    """Items of a model, by their targets. Its places are few, but every target that takes it may say what it serves."""
    after: str | None = None
    while True:
        found, after = services.table.query(keys.partition(model_ledger(model)), prefix, _PAGE, after)
        yield from found
        if after is None:
            return


def _entries(
    services: Services, target: str, limit: int, start: dict[str, str | int] | None
) -> tuple[list[Item], Item | None]:
    return services.table.query_index(TERMS, keys.term_of_target(target), limit, start=start)


def _model_of(entry: Item) -> str:
    return keys.model_of(key_of(entry))
