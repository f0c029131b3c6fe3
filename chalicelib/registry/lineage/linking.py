"""Linking what earlier releases have saved. Every change since writes its links in its own transaction.

It can be repeated and cut off at any time, and runs beside all other writers: links are written on condition that the
record that they follow from is still as it was read.
"""

from collections.abc import Iterator
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.deployments.items import place_from
from chalicelib.aws.evidence import evaluation_items
from chalicelib.aws.keys import Key
from chalicelib.aws.lineage.items import link_items, origins_from, statement_of
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, LostRaceError, key_of
from chalicelib.aws.versions.items import version_from
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.ledger.record import Record
from chalicelib.registry.ledger.commit import MAX_WRITES
from chalicelib.registry.ledger.contention import Attempts

_PAGE: Final = 100
# What says something of lineage, by what its sort keys begin with.
_SHELVES: Final = {
    keys.VERSION_PREFIX: version_from,
    keys.BURIED_PREFIX: version_from,
    keys.of_versions("evaluations"): evaluation_items.evaluations_from,
    keys.PLACE_PREFIX: place_from,
    keys.LINEAGE_PREFIX: origins_from,
}


def link_model(services: Services, model: str) -> int:
    """Write the links of a model that are missing. Returns how many items were written.

    Raises ContentionError if other writers change the same record again and again for twenty seconds.
    """
    return sum(
        _linked(services, model, prefix, item)
        for prefix in _SHELVES
        for page in _pages(services, model, prefix)
        for item in page
    )


def _pages(services: Services, model: str, prefix: str) -> Iterator[list[Item]]:
    after: str | None = None
    while True:
        stored, after = services.table.query(keys.partition(model_ledger(model)), prefix, _PAGE, after)
        yield stored
        if after is None:
            return


def _linked(services: Services, model: str, prefix: str, item: Item | None) -> int:
    table, attempts = services.table, Attempts(services.sleep)
    while item is not None:
        record: Record = _SHELVES[prefix](item)
        wanted = link_items(statement_of(model, record))
        stored = table.load_all(list(wanted))
        missing = [one for key, one in wanted.items() if stored.get(key) != one]
        guard = table.check_write(key_of(item), {"body": item["body"]} | _version_state(item))
        try:
            for first in range(0, len(missing), MAX_WRITES - 1):
                table.transact([guard, *map(table.put_write, missing[first : first + MAX_WRITES - 1])])
            return len(missing)
        except LostRaceError:
            attempts.wait_for_next()
            item = _now(services, key_of(item))
    # It was removed meanwhile, with its links; or its version was buried, and the item of that comes later.
    return 0


def _now(services: Services, key: Key) -> Item | None:
    """The item as it is now; if a version was restored, where it is then."""
    restored = Key(key.partition, key.sort.replace(keys.BURIED_PREFIX, keys.VERSION_PREFIX))
    return services.table.get(key) or (services.table.get(restored) if restored != key else None)


def _version_state(item: Item) -> Item:
    """What a version's links depend on beside its body."""
    return {"status": item["status"]} if "status" in item else {}
