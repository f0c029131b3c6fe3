"""The current index of advisories, and how far a rematch with it is, to items and back."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import BODY, body, document_from, due, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import PARTITION_KEY
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex
from chalicelib.domain.vulnerabilities.rematch import Rematch

# The condition that a rematch is stored as it was read, given its body as ``:read``.
UNCHANGED: Final = f"attribute_exists({PARTITION_KEY}) AND {BODY} = :read"


def rematch_item(rematch: Rematch, at: Instant | None) -> Item:
    """The item of a rematch that goes on at ``at``; of one that has ended, which the keeper's index lacks, if None."""
    attributes = body(asdict(rematch))
    return item(keys.rematch(rematch.ecosystem), attributes if at is None else attributes | due(rematch.ecosystem, at))


def rematch_from(stored: Item) -> Rematch:
    return Rematch(**known_fields(Rematch, document_from(stored)))


def rematch_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Another index begins a rematch from the first model on, in place of one that is under way."""
    for one in settlement.of(CurrentIndex):
        if one.before != one.after:
            stamp = settlement.stamp
            begun = Rematch(one.after.ecosystem, stamp.event_id, correlation_id=stamp.correlation_id)
            yield table.put_write(rematch_item(begun, stamp.time))


def _index_item(_: Any, current: CurrentIndex) -> Item:
    document = {**current.document(), "revision": current.revision}
    return item(keys.advisory_index(current.ecosystem), body(document))


def current_index_from(stored: Item) -> CurrentIndex:
    return CurrentIndex(**known_fields(CurrentIndex, document_from(stored)))


CODECS: Final = (
    Codec(
        CurrentIndex,
        lambda _, ecosystem: (keys.advisory_index(ecosystem),),
        _index_item,
        current_index_from,
        prefix=keys.ADVISORY_INDEX_PREFIX,
    ),
)
