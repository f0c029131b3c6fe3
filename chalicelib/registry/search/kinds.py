"""How a search reads versions and models: the items of each, and the values that a filter is evaluated on."""

from collections.abc import Mapping
from typing import Final, Protocol, TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.models import items as model_items
from chalicelib.aws.search.reads import Entry
from chalicelib.aws.table import Item
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search.evaluation import Record
from chalicelib.domain.search.records import model_record, version_record
from chalicelib.domain.search.syntax import Subject
from chalicelib.domain.versions.version import Version

T = TypeVar("T")


class EntityKind(Protocol[T]):
    """How versions or models are stored: the items of each, and how to read them."""

    subject: Subject
    items_each: int

    def keys(self, entry: Entry) -> list[Key]:
        """The keys of the items to load for an entry."""
        ...

    def entity(self, entry: Entry, loaded: Mapping[Key, Item]) -> T | None:
        """The entity of an entry; None if it no longer exists."""
        ...

    def record(self, entity: T) -> Record:
        """The values that a filter is evaluated on."""
        ...


class _Versions:
    subject = Subject.VERSIONS
    items_each = 1

    def keys(self, entry: Entry) -> list[Key]:
        return [] if entry.is_whole else [keys.version(entry.model, entry.number)]

    def entity(self, entry: Entry, loaded: Mapping[Key, Item]) -> Version | None:
        stored = entry.item if entry.is_whole else loaded.get(keys.version(entry.model, entry.number))
        return None if stored is None else version_items.version_from(stored)

    def record(self, entity: Version) -> Record:
        return version_record(entity)


class _Models:
    subject = Subject.MODELS
    items_each = 2

    def keys(self, entry: Entry) -> list[Key]:
        return [keys.head(model_ledger(entry.model)), keys.profile(entry.model)]

    def entity(self, entry: Entry, loaded: Mapping[Key, Item]) -> ModelState | None:
        head, profile = (loaded.get(key) for key in self.keys(entry))
        if head is None or profile is None:
            return None
        model = model_items.model_from(head)
        return None if model.deleted else ModelState(model, model_items.profile_from(profile))

    def record(self, entity: ModelState) -> Record:
        return model_record(entity)


VERSIONS: Final[EntityKind[Version]] = _Versions()
MODELS: Final[EntityKind[ModelState]] = _Models()
