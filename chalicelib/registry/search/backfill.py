"""Bringing the indexes of the search in line with the versions and models of the registry.

Every change writes its index entries in its own transaction. This is for what earlier releases left behind: versions
that they made READY by copying have no metric entries, and items that are older than the search are in none of its
indexes.

It can be repeated and cut off at any time, and runs beside all other writers. Each write is on condition that the item
whose entries it writes is still as it was read, so that nothing is overwritten by an older truth.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.models import items as model_items
from chalicelib.aws.search import index_places
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, LostRaceError, Write, key_of
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, model_ledger
from chalicelib.registry.audit.ledgers import after_ledger, list_ledgers
from chalicelib.registry.ledger.commit import MAX_WRITES
from chalicelib.registry.ledger.contention import Attempts

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How many models and versions were looked at, and what was amiss.

    ``written`` and ``removed`` count index entries. ``placed`` counts versions and models that were in none of the
    indexes, or in the wrong place.
    """

    models: int = 0
    versions: int = 0
    written: int = 0
    removed: int = 0
    placed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.models + other.models,
            self.versions + other.versions,
            self.written + other.written,
            self.removed + other.removed,
            self.placed + other.placed,
        )


def backfill(services: Services, after: str | None = None) -> Iterator[tuple[str, Counts]]:
    """Go through all models; yields each model's name when it is done, with what was done.

    ``after`` is the last name that an earlier run yielded: the models that come after it are done. The order is that of
    ``list_ledgers``. Reads pages of a hundred versions or entries at a time. Raises ContentionError if other writers
    change the same item again and again for twenty seconds.
    """
    start = None if after is None else after_ledger(model_ledger(after))
    while True:
        page = list_ledgers(services, _PAGE, start)
        for head in page.items:
            if head.ledger != REGISTRY_LEDGER:
                model = head.ledger.removeprefix(model_ledger(""))
                yield model, _backfilled(services, model)
        if page.next_start is None:
            return
        start = page.next_start


def _backfilled(services: Services, model: str) -> Counts:
    done = Counts(models=1)
    own = services.table.load([keys.head(model_ledger(model)), keys.profile(model)])
    done += _complete(services, list(own.values()))
    for versions in _pages(services, model, keys.VERSION_PREFIX):
        done += _complete(services, versions) + Counts(versions=len(versions))
    for entries in _pages(services, model, keys.ENTRY_PREFIX):
        done += _without_stale(services, entries)
    return done


def _pages(services: Services, model: str, prefix: str) -> Iterator[list[Item]]:
    after: str | None = None
    while True:
        stored, after = services.table.query(keys.partition(model_ledger(model)), prefix, _PAGE, after)
        yield stored
        if after is None:
            return


def _complete(services: Services, items: list[Item]) -> Counts:
    """Write the entries and places that these items lack."""
    done = Counts()
    wanted = {key_of(item): _entries(item) for item in items}
    stored = services.table.load_all([entry for entries in wanted.values() for entry in entries])
    for item in items:
        key = key_of(item)
        if _differing(wanted[key], stored) or _lacking(item):
            done += _bring_in_line(services, key)
    return done


def _without_stale(services: Services, entries: list[Item]) -> Counts:
    """Remove those of these entries that nothing asks for."""
    done = Counts()
    by_source: dict[Key, list[Key]] = {}
    for entry in map(key_of, entries):
        by_source.setdefault(keys.entry_source(entry), []).append(entry)
    items = services.table.load_all(list(by_source))
    for source, found in by_source.items():
        wanted = _entries(items[source]) if source in items else {}
        stale = [entry for entry in found if entry not in wanted]
        if stale:
            done += _bring_in_line(services, source, stale)
    return done


def _bring_in_line(services: Services, key: Key, suspects: Collection[Key] = ()) -> Counts:
    """Write what the item under ``key`` lacks, and remove those of the ``suspects`` that it does not ask for.

    The item is read before its entries. If it is still unchanged when they are written, the entries were its own.
    """
    table, attempts = services.table, Attempts(services.sleep)
    while True:
        item = table.get(key)
        wanted = {} if item is None else _entries(item)
        stored = table.load_all(list({*wanted, *suspects}))
        puts = [table.put_write(entry) for entry in _differing(wanted, stored)]
        drops = [table.drop_write(entry) for entry in suspects if entry in stored and entry not in wanted]
        lacking = {} if item is None else _lacking(item)
        if not (puts or drops or lacking):
            return Counts()
        if item is not None and lacking:
            guard = table.set_write(key, lacking, _unchanged(item))
        else:
            guard = table.check_write(key, None if item is None else _unchanged(item))
        try:
            _transact(services, guard, [*drops, *puts])
            return Counts(written=len(puts), removed=len(drops), placed=int(bool(lacking)))
        except LostRaceError:
            attempts.wait_for_next()


def _transact(services: Services, guard: Write, writes: list[Write]) -> None:
    """Each transaction has the guard. A version has up to ninety entries, so that there is seldom a second one."""
    size = MAX_WRITES - 1
    for first in range(0, max(len(writes), 1), size):
        services.table.transact([guard, *writes[first : first + size]])


def _differing(wanted: Mapping[Key, Item], stored: Mapping[Key, Item]) -> list[Item]:
    return [entry for key, entry in wanted.items() if stored.get(key) != entry]


def _entries(item: Item) -> dict[Key, Item]:
    """The index entries of a version or of a model's profile. A head has none."""
    key = key_of(item)
    if key.sort.startswith(keys.VERSION_PREFIX):
        return index_places.index_items(version_items.version_from(item))
    if key == keys.profile(keys.model_of(key)):
        return index_places.model_index_items(keys.model_of(key), model_items.profile_from(item).tags)
    return {}


def _lacking(item: Item) -> Item:
    """Of the places in indexes that a version or a model's head should have, those that it has not."""
    key = key_of(item)
    if key.sort.startswith(keys.VERSION_PREFIX):
        places = index_places.version_places(version_items.version_from(item))
    elif key == keys.profile(keys.model_of(key)):
        places = {}
    else:
        places = index_places.model_change_place(model_items.model_from(item))
    return {name: value for name, value in places.items() if item.get(name) != value}


def _unchanged(item: Item) -> Item:
    """What tells that the item is as it was read: its revision, or its content if it has none, as a profile."""
    name = "revision" if "revision" in item else "body"
    return {name: item[name]}
