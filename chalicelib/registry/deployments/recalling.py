"""What runs on targets, and a recall: where a version runs that needs a package, has a dataset, or has a digest."""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.deployments.items import place_from
from chalicelib.aws.deployments.target_items import target_from
from chalicelib.aws.names import POSITION, SORT_KEY, TERMS
from chalicelib.aws.services import Services
from chalicelib.aws.table import Spent, key_of
from chalicelib.aws.versions.items import version_from
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.recall import Recall
from chalicelib.domain.deployments.target import Target
from chalicelib.domain.search.sort_keys import LAST, just_after, name_part
from chalicelib.domain.versions.version import Version
from chalicelib.registry.access.classified import foresee
from chalicelib.registry.page import Page

# Calls of one page beside those that load places and versions. Most targets take one.
_MAX_CALLS: Final = 40
_READ: Final = 50
# Sorts before every model's name.
_FIRST: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Running:
    """A version that runs on a target. ``serving``: the target serves it, as far as it was reported.

    Else it is on its way there.
    """

    model: str
    version: int
    target: str
    environment: str
    serving: bool


@dataclass(frozen=True, slots=True)
class Recalled(Running):
    """A version that runs on a target, and what of it is looked for."""

    found: tuple[str, ...]


def list_running(
    services: Services, may_read: Callable[[str], bool], limit: int, start: dict[str, str | int] | None
) -> Page[Running]:
    """What runs anywhere, of the models that the caller may read; by target, then by model.

    ``limit`` counts the models on targets that are looked at, so a page may be empty while there is more. Eventually
    consistent.
    """
    walk = _Walk(services, start)
    entries = list(islice(walk.entries(), limit))
    foresee(may_read, (model for _, model in entries), services.table.load_all)
    looked_at = [(target, model) for target, model in entries if may_read(model)]
    places = services.table.load_all([keys.place(model, target.name) for target, model in looked_at])
    running = [
        Running(model, number, target.name, target.environment, serving)
        for target, model in looked_at
        if keys.place(model, target.name) in places
        for number, serving in _running(place_from(places[keys.place(model, target.name)]))
    ]
    return Page(tuple(running), walk.position)


def recall(
    services: Services,
    asked: Recall,
    may_read: Callable[[str], bool],
    limit: int,
    start: dict[str, str | int] | None,
) -> Page[Recalled]:
    """What runs anywhere that is affected, as ``list_running`` lists it. Versions deleted since are looked at, too."""
    page = list_running(services, may_read, limit, start)
    versions = versions_by_number(services, {(one.model, one.version) for one in page.items})
    affected = (
        Recalled(one.model, one.version, one.target, one.environment, one.serving, asked.found_in(version))
        for one in page.items
        if (version := versions.get((one.model, one.version))) is not None
    )
    return Page(tuple(one for one in affected if one.found), page.next_start)


class _Walk:
    """Goes through all targets by name, and through the models on each. ``position`` is where to go on; None: ended."""

    def __init__(self, services: Services, start: dict[str, str | int] | None) -> None:
        self._table = services.table
        self.position = start

    def entries(self) -> Iterator[tuple[Target, str]]:
        """Targets with a model that was deployed there, after the position. Ends early when a page has read enough."""
        spent = Spent()
        low = keys.TARGET_PREFIX if self.position is None else keys.target(str(self.position["target"])).sort
        more = True
        while more:
            found, more = self._table.query_between(
                None, keys.REGISTRY, low, keys.TARGET_PREFIX + LAST, _READ, spent=spent
            )
            for target in map(target_from, found):
                for model in self._models_on(target.name, spent):
                    self.position = {"target": target.name, "model": model}
                    yield target, model
                if spent.calls >= _MAX_CALLS:
                    return
            if found:
                low = just_after(str(found[-1][SORT_KEY]))
        self.position = None

    def _models_on(self, target: str, spent: Spent) -> Iterator[str]:
        resumed = self.position is not None and self.position["target"] == target
        low = just_after(name_part(str(self.position["model"]))) if resumed and self.position is not None else _FIRST
        more = True
        while more:
            entries, more = self._table.query_between(TERMS, keys.term_of_target(target), low, LAST, _READ, spent=spent)
            for entry in entries:
                low = just_after(str(entry[POSITION]))
                yield keys.model_of(key_of(entry))
        # So that the next page begins after this target, also if it had no models.
        self.position = {"target": target, "model": LAST}


def _running(place: Place) -> list[tuple[int, bool]]:
    """The versions that run on a target or are on their way there, and whether the target serves them."""
    serving = place.served if place.serving is not None else place.good
    on_their_way = (place.active_version, place.wanted if place.active else 0)
    numbers = dict.fromkeys(number for number in (serving, *on_their_way) if number)
    return [(number, number == serving) for number in numbers]


def versions_by_number(services: Services, wanted: Set[tuple[str, int]]) -> dict[tuple[str, int], Version]:
    """The versions by model and number, deleted ones among them."""
    asked = [key(model, number) for model, number in sorted(wanted) for key in (keys.version, keys.buried)]
    found = map(version_from, services.table.load_all(asked).values())
    return {(version.model, version.number): version for version in found}
