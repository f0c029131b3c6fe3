"""What is stored of a ledger's state, item by item, as the facts that events tell of it.

A record is read with the codec of its kind. What else is stored of a model is said here: aliases with the version and
the files that each copies, the entries of histories, the revisions of the card.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chalicelib.aws import keys
from chalicelib.aws.cards.items import card_from
from chalicelib.aws.item import document_from
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.names import SORT_KEY
from chalicelib.aws.registry_records import REGISTRY_RECORDS
from chalicelib.aws.table import Item, key_of
from chalicelib.aws.versions.items import files_from, version_from
from chalicelib.domain.access.grant_decisions import SubjectGrants
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.roles import CustomRole
from chalicelib.domain.access.token import Token
from chalicelib.domain.access.trust import Trust
from chalicelib.domain.aliases import telling as aliases
from chalicelib.domain.audit.state import Stored
from chalicelib.domain.cards import telling as cards
from chalicelib.domain.cards.card import Card
from chalicelib.domain.cards.comment import Comment
from chalicelib.domain.evidence.attestation import Attestations
from chalicelib.domain.evidence.latest import Checks, Evaluations
from chalicelib.domain.ledger.events import REGISTRY_LEDGER
from chalicelib.domain.ledger.facts import Facts, facts_of, place, place_of
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.models import telling as models
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.saved_scheme import DefaultScheme, SavedScheme, SchemeVersion
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.version import Label, Version
from chalicelib.domain.webhooks.webhook import Webhook

# What is stored of a ledger, by the name of its owner and an item.
Reader: TypeAlias = Callable[[str, Item], Iterator[Stored]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The items whose sort keys begin with ``prefix``, and how they are read."""

    prefix: str
    read: Reader

    def stored(self, owner: str, item: Item) -> list[Stored]:
        """What an item says. One that cannot be read, or that lies where it does not belong, says so by its place."""
        try:
            return list(self.read(owner, item))
        except Exception:  # noqa: BLE001 - whatever was written into an item by hand is to be named, not to stop the check
            return [Stored(place("item", str(item[SORT_KEY])), None)]


def shelves(ledger: str) -> Sequence[Shelf]:
    """All shelves of a ledger, in the order in which they are read."""
    return _REGISTRY if ledger == REGISTRY_LEDGER else _MODEL


def _records(records: Records, kind: type[Record]) -> Reader:
    def read(owner: str, item: Item) -> Iterator[Stored]:
        record: Record = records.codec(kind).read(item)
        yield _at_home(records, owner, item, record)

    return read


def _at_home(records: Records, owner: str, item: Item, record: Record) -> Stored:
    """The record at its place, if its item lies under its key; else what no event can have made."""
    if key_of(item) in records.codec(record.identity[0]).places(owner, *record.identity[1:]):
        return Stored(place_of(record.identity), facts_of(record))
    return Stored(place("item", str(item[SORT_KEY])), facts_of(record))


def _version(owner: str, item: Item) -> Iterator[Stored]:
    version = version_from(item)
    key = keys.version if version.visible else keys.buried
    if key_of(item) == key(owner, version.number):
        yield Stored(place_of(version.identity), facts_of(version))
    else:
        yield Stored(place("item", str(item[SORT_KEY])), facts_of(version))


def _alias(_: str, item: Item) -> Iterator[Stored]:
    name = str(item[SORT_KEY]).removeprefix(keys.ALIAS_PREFIX)
    where = place(aliases.KIND, name)
    number = int(item["number"])
    facts: Facts = {
        "version": number,
        "since": item.get("alias_since"),
        "by": item.get("alias_by"),
        "revision": item.get("alias_revision"),
        "protected": bool(item.get("protected")),
    }
    yield Stored(where, {field: value for field, value in facts.items() if value})
    version = place(Version.kind, number)
    yield Stored(place(aliases.KIND, name, "version"), facts_of(version_from(item)), copy_of=version)
    if "files" in item:
        manifest = Manifest(number, files_from(str(item["files"])))
        yield Stored(place(aliases.KIND, name, "files"), facts_of(manifest), copy_of=place_of(manifest.identity))


def _entry(_: str, item: Item) -> Iterator[Stored]:
    entry: dict[str, Any] = document_from(item)
    pointer, _time, sequence = str(item[SORT_KEY]).removeprefix("HISTORY#").rsplit("#", 2)
    facts = models.entry_facts({name: value for name, value in entry.items() if name != "sequence"})
    yield Stored(place(models.KIND, pointer, int(sequence)), facts)


def _card(owner: str, item: Item) -> Iterator[Stored]:
    card = card_from(item)
    if key_of(item) == keys.card(owner):
        yield Stored(place(Card.kind), facts_of(card))
    else:
        revision = int(str(item[SORT_KEY]).removeprefix(keys.CARD_PREFIX))
        yield Stored(place(cards.KIND, revision), facts_of(card))


def _shelf(records: Records, prefix: str, kind: type[Record]) -> Shelf:
    return Shelf(prefix, _records(records, kind))


_MODEL: Final = (
    _shelf(MODEL_RECORDS, "META", Model),
    _shelf(MODEL_RECORDS, "PROFILE", Profile),
    _shelf(MODEL_RECORDS, "SCHEME", AssignedScheme),
    Shelf(keys.VERSION_PREFIX, _version),
    Shelf(keys.BURIED_PREFIX, _version),
    _shelf(MODEL_RECORDS, "MANIFEST#", Manifest),
    _shelf(MODEL_RECORDS, keys.LABEL_PREFIX, Label),
    Shelf(keys.ALIAS_PREFIX, _alias),
    Shelf("HISTORY#", _entry),
    _shelf(MODEL_RECORDS, keys.REQUEST_PREFIX, TransitionRequest),
    _shelf(MODEL_RECORDS, "CHECKS#", Checks),
    _shelf(MODEL_RECORDS, "EVALUATIONS#", Evaluations),
    _shelf(MODEL_RECORDS, "ATTESTATIONS#", Attestations),
    Shelf("CARD", _card),
    _shelf(MODEL_RECORDS, "COMMENT#", Comment),
)
_REGISTRY: Final = (
    _shelf(REGISTRY_RECORDS, "META", RegistryState),
    _shelf(REGISTRY_RECORDS, keys.TOKEN_PREFIX, Token),
    _shelf(REGISTRY_RECORDS, keys.ROLE_PREFIX, CustomRole),
    _shelf(REGISTRY_RECORDS, keys.GRANTS_PREFIX, SubjectGrants),
    _shelf(REGISTRY_RECORDS, keys.TRUST_PREFIX, Trust),
    _shelf(REGISTRY_RECORDS, keys.WEBHOOK_PREFIX, Webhook),
    _shelf(REGISTRY_RECORDS, keys.SCHEME_PREFIX, SavedScheme),
    _shelf(REGISTRY_RECORDS, "SCHEMEVERSION#", SchemeVersion),
    _shelf(REGISTRY_RECORDS, "SCHEMEDEFAULT#", DefaultScheme),
)
