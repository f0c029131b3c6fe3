"""Revisions of a card to items and back."""

import json

from chalicelib.aws.item import item
from chalicelib.aws.keys import Key
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.cards.card import Card
from chalicelib.domain.instants import Instant


def card_item(key: Key, card: Card) -> Item:
    return item(
        key,
        {
            "body": canonical_json(card.document()),
            "revision": card.revision,
            "updated_at": card.updated_at or "",
            "updated_by": card.updated_by or "",
            "changed": canonical_json(card.changed),
        },
    )


def card_from(stored: Item) -> Card:
    return Card(
        revision=int(stored["revision"]),
        updated_at=Instant(str(stored["updated_at"])),
        updated_by=str(stored["updated_by"]),
        changed=tuple(json.loads(str(stored["changed"]))),
        **json.loads(str(stored["body"])),
    )
