"""The versions that matter most of each model on a page: its champion, its challenger, and the one in service."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, Spent
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.serving import serving_stage
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.schemes.scheme import Scheme, SchemeRef, scheme_from_document
from chalicelib.domain.versions.version import Version
from chalicelib.registry.search.search import SearchPage


@dataclass(frozen=True, slots=True)
class Holders:
    """The champion and the challenger of a model, and the version in its last exclusive stage that has one."""

    champion: Version | None
    challenger: Version | None
    serving: Version | None
    open_requests: int


def with_holders(services: Services, page: SearchPage[ModelState]) -> tuple[SearchPage[ModelState], dict[str, Holders]]:
    """The page, whose cost now includes this, and the holders of each of its models.

    Takes two reads, however many models the page has: their schemes with the versions that aliases point at, then the
    versions in service that have no such alias. More than a hundred items take more calls.
    """
    models = [state.model for state in page.items]
    reader = _Reader(services)
    schemes = _first_of_each_scheme(models)
    pointed = [_pointed(model, alias) for model in models for alias in (CHAMPION, CHALLENGER)]
    reader.read([*(keys.scheme(model) for model in schemes.values()), *filter(None, pointed)])
    parsed = {ref: _scheme(reader.items.get(keys.scheme(model))) for ref, model in schemes.items()}
    in_service = {model.name: _in_service(model, parsed[model.scheme]) for model in models}
    reader.read(filter(None, in_service.values()))
    holders = {
        model.name: Holders(
            reader.version(_pointed(model, CHAMPION)),
            reader.version(_pointed(model, CHALLENGER)),
            reader.version(in_service[model.name]),
            len(model.open_requests),
        )
        for model in models
    }
    cost = replace(
        page.cost,
        calls=page.cost.calls + reader.spent.calls,
        items=page.cost.items + len(reader.items),
        capacity_units=page.cost.capacity_units + reader.spent.units,
    )
    return replace(page, cost=cost), holders


class _Reader:
    """Reads items once each, and counts what that costs."""

    def __init__(self, services: Services) -> None:
        self._table = services.table
        self.items: dict[Key, Item] = {}
        self.spent = Spent()

    def read(self, wanted: Iterable[Key]) -> None:
        missing = [key for key in dict.fromkeys(wanted) if key not in self.items]
        self.items |= self._table.load_all(missing, self.spent)

    def version(self, key: Key | None) -> Version | None:
        """The version under a key, unless it was deleted after the model was read."""
        stored = None if key is None else self.items.get(key)
        return None if stored is None else version_items.version_from(stored)


def _first_of_each_scheme(models: Sequence[Model]) -> dict[SchemeRef, str]:
    """A model for each scheme. The copies of one version of a scheme are alike, so one is read for all."""
    found: dict[SchemeRef, str] = {}
    for model in models:
        found.setdefault(model.scheme, model.name)
    return found


def _scheme(stored: Item | None) -> Scheme:
    if stored is None:
        return DEFAULT_SCHEME
    assigned: AssignedScheme = MODEL_RECORDS.codec(AssignedScheme).read(stored)
    return scheme_from_document(assigned.document)


def _pointed(model: Model, alias: str) -> Key | None:
    number = model.aliases.get(alias, Pointer()).version
    return None if number is None else keys.version(model.name, number)


def _in_service(model: Model, scheme: Scheme) -> Key | None:
    stage = serving_stage(model, scheme)
    number = None if stage is None else model.holder(stage)
    return None if number is None else keys.version(model.name, number)
