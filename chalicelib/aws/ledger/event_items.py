"""Events to items and back."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.names import ABOUT, OUTBOX_AT, OUTBOX_SHARD
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.ledger.changes import versions_of


def event_item(ledger: str, event: Mapping[str, Any]) -> Item:
    """In the outbox until the relay has put it on the bus."""
    attributes: Item = {
        "body": canonical_json(event),
        OUTBOX_SHARD: keys.shard(ledger),
        OUTBOX_AT: event["time"],
    }
    versions = versions_of(event)
    if versions:
        attributes[ABOUT] = "#" + "".join(f"{number}#" for number in versions)
    return item(keys.event(ledger, event["sequence"]), attributes)


def event_from(stored: Item) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(str(stored["body"]))
    return event
