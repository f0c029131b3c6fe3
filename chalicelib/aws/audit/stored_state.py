"""What is stored of a ledger's state, item by item, as the facts that events tell of it.

A record is read with the codec of its kind. What else is stored of a model is said here: the parts of long manifests,
aliases with the files that each serves, the entries of histories, the revisions of the card, the recorded evaluations.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws import keys
from chalicelib.aws.aliases.items import aliased_from
from chalicelib.aws.cards.items import card_from
from chalicelib.aws.evidence.evaluation_items import recorded_from
from chalicelib.aws.item import document_from
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, Records
from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.names import SORT_KEY
from chalicelib.aws.registry_records import REGISTRY_RECORDS
from chalicelib.aws.table import Item, key_of
from chalicelib.aws.versions.items import version_from
from chalicelib.aws.versions.manifests import Outline, files_from, outline_from
from chalicelib.domain.aliases import telling as aliases
from chalicelib.domain.audit.state import Stored
from chalicelib.domain.cards import telling as cards
from chalicelib.domain.cards.card import Card
from chalicelib.domain.errors import UnavailableError
from chalicelib.domain.evidence.telling import recorded_facts, recorded_place
from chalicelib.domain.ledger.events import REGISTRY_LEDGER
from chalicelib.domain.ledger.facts import Facts, facts_of, place, place_of
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.lineage.stated import Origins
from chalicelib.domain.models import telling as models
from chalicelib.domain.versions.contents import Manifest

# Loads items by their keys.
Load: TypeAlias = Callable[[Sequence[Key]], Mapping[Key, Item]]
# What an item of a ledger says, by the name of the ledger's owner. Long lists of files lie in further items.
Reader: TypeAlias = Callable[[str, Item, Load], Iterator[Stored]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The items whose sort keys begin with ``prefix``, and how they are read."""

    prefix: str
    read: Reader

    def stored(self, owner: str, item: Item, load: Load) -> list[Stored]:
        """What an item says. One that cannot be read, or that lies where it does not belong, says so by its place."""
        try:
            return list(self.read(owner, item, load))
        except (BotoCoreError, ClientError, UnavailableError):
            # What AWS did not answer is not known to be wrong.
            raise
        except Exception:  # noqa: BLE001 - whatever was written into an item by hand is to be named, not to stop the check
            return [Stored(place("item", str(item[SORT_KEY])), None)]


def shelves(ledger: str) -> Sequence[Shelf]:
    """All shelves of a ledger, in the order in which they are read."""
    return _REGISTRY if ledger == REGISTRY_LEDGER else _MODEL


def _records(records: Records, kind: type[Record]) -> Reader:
    def read(owner: str, item: Item, _: Load) -> Iterator[Stored]:
        record: Record = records.codec(kind).read(item)
        yield _at_home(records, owner, item, record)

    return read


def _at_home(records: Records, owner: str, item: Item, record: Record) -> Stored:
    """The record at its place, if its item lies under its key; else what no event can have made."""
    if key_of(item) in records.codec(record.identity[0]).places(owner, *record.identity[1:]):
        return Stored(place_of(record.identity), facts_of(record))
    return Stored(place("item", str(item[SORT_KEY])), facts_of(record))


def _version(owner: str, item: Item, _: Load) -> Iterator[Stored]:
    version = version_from(item)
    key = keys.version if version.visible else keys.buried
    if key_of(item) == key(owner, version.number):
        yield Stored(place_of(version.identity), facts_of(version))
    else:
        yield Stored(place("item", str(item[SORT_KEY])), facts_of(version))


def _manifest(owner: str, item: Item, load: Load) -> Iterator[Stored]:
    outline = outline_from(keys.number_of(item), item)
    yield Stored(place(Manifest.kind, outline.number), facts_of(_files(owner, outline, load)))


def _alias(owner: str, item: Item, load: Load) -> Iterator[Stored]:
    name = str(item[SORT_KEY]).removeprefix(keys.ALIAS_PREFIX)
    aliased = aliased_from(item)
    facts: Facts = {
        "version": aliased.number,
        "since": item.get("alias_since"),
        "by": item.get("alias_by"),
        "revision": item.get("alias_revision"),
        "protected": bool(item.get("protected")),
        "uid": aliased.uid,
        "digest": aliased.digest,
    }
    yield Stored(place(aliases.KIND, name), {field: value for field, value in facts.items() if value})
    files = _files(owner, aliased.outline, load)
    yield Stored(place(aliases.KIND, name, "files"), facts_of(files), copy_of=place_of(files.identity))


def _files(owner: str, outline: Outline, load: Load) -> Manifest:
    """The files of an outline. Raises RecordEditedError if a part is not the one that was outlined."""
    if outline.text is not None:
        return Manifest(outline.number, files_from(outline.text))
    indices = range(len(outline.parts))
    found = load([outline.key_of(owner, index) for index in indices])
    files = tuple(file for index in indices for file in outline.files_in(owner, index, found))
    return Manifest(outline.number, files)


def _entry(_owner: str, item: Item, _: Load) -> Iterator[Stored]:
    entry: dict[str, Any] = document_from(item)
    pointer, sequence = keys.history_entry(str(item[SORT_KEY]))
    facts = models.entry_facts({name: value for name, value in entry.items() if name != "sequence"})
    yield Stored(place(models.KIND, pointer, sequence), facts)


def _card(owner: str, item: Item, _: Load) -> Iterator[Stored]:
    card = card_from(item)
    if key_of(item) == keys.card(owner):
        yield Stored(place(Card.kind), facts_of(card))
    else:
        revision = int(str(item[SORT_KEY]).removeprefix(keys.CARD_PREFIX))
        yield Stored(place(cards.KIND, revision), facts_of(card))


def _recorded(owner: str, item: Item, _: Load) -> Iterator[Stored]:
    recorded = recorded_from(item)
    key = keys.evaluated(owner, recorded.name, recorded.version, recorded.evaluation.revision)
    at = recorded_place(recorded) if key_of(item) == key else place("item", str(item[SORT_KEY]))
    yield Stored(at, recorded_facts(recorded))


def _shelves(records: Records, *more: Shelf, elsewhere: Iterable[Codec[Any]] = ()) -> tuple[Shelf, ...]:
    """The shelves of all records whose items alone are the record, but for those that lie ``elsewhere``; and more."""
    others = {codec.kind for codec in elsewhere}
    kinds = [codec for codec in records if codec.prefix and codec.kind not in others]
    # First what there is most of, so that a page of it costs one call.
    return (*more, *(Shelf(codec.prefix, _records(records, codec.kind)) for codec in kinds))


_REGISTRY: Final = _shelves(REGISTRY_RECORDS)
_MODEL: Final = _shelves(
    MODEL_RECORDS,
    Shelf(keys.VERSION_PREFIX, _version),
    Shelf(keys.BURIED_PREFIX, _version),
    Shelf(keys.MANIFEST_PREFIX, _manifest),
    Shelf(keys.ALIAS_PREFIX, _alias),
    Shelf(keys.HISTORY_PREFIX, _entry),
    Shelf(keys.CARD_SORT, _card),
    # Both ledgers have such records.
    Shelf(keys.LINEAGE_PREFIX, _records(MODEL_RECORDS, Origins)),
    Shelf(keys.EVALUATED_PREFIX, _recorded),
    elsewhere=REGISTRY_RECORDS,
)
