"""A model's card to items and back: the present revision, and every revision for good."""

import json
from collections.abc import Iterable
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, body, document_from, item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.cards.card import Card
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.settlement import Settlement


def card_from(stored: Item) -> Card:
    return Card(
        **{
            **known_fields(Card, document_from(stored)),
            "revision": int(stored["revision"]),
            "updated_at": Instant(str(stored["updated_at"])),
            "updated_by": str(stored["updated_by"]),
            "changed": tuple(json.loads(str(stored["changed"]))),
            # Items of earlier releases lack it.
            "writers": json.loads(str(stored.get("writers", "{}"))),
        }
    )


def revision_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Keep every revision of a card."""
    for difference in settlement.of(Card):
        card: Card = difference.after
        yield table.put_write(_item(keys.card_revision(settlement.after.name, card.revision), card), ABSENT)


def _item(key: Key, card: Card) -> Item:
    return item(
        key,
        {
            **body(card.document()),
            "revision": card.revision,
            "updated_at": card.updated_at or "",
            "updated_by": card.updated_by or "",
            "changed": canonical_json(card.changed),
            "writers": canonical_json(card.writers),
        },
    )


CODECS: Final = (
    Codec(Card, lambda model: (keys.card(model),), lambda model, card: _item(keys.card(model.name), card), card_from),
)
