"""Heads of ledgers: the item that every commit writes, on condition of its revision."""

from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import body, item
from chalicelib.aws.names import LEDGER, LEDGER_SHARD
from chalicelib.aws.table import Item
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Head


def head_item(ledger: str, head: Head, document: Any) -> Item:
    """The head's item. It carries the keys of the list of all ledgers, which never change."""
    attributes: Item = {
        "revision": head.revision,
        "head_hash": head.hash,
        "head_event": head.event_id,
        "head_time": head.time,
        **body(document),
        LEDGER_SHARD: keys.shard(ledger),
        LEDGER: ledger,
    }
    return item(keys.head(ledger), attributes)


def head_from(stored: Item) -> Head:
    """The head of an item. Older items lack the time."""
    return Head(
        int(stored["revision"]),
        str(stored["head_hash"]),
        str(stored["head_event"]),
        Instant(str(stored.get("head_time", ""))),
    )
