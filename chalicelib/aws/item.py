"""What items of all kinds share."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import DUE_AT, DUE_SHARD, PARTITION_KEY, SORT_KEY
from chalicelib.aws.table import Item
from chalicelib.domain.instants import Instant


def item(key: Key, attributes: Mapping[str, str | int]) -> Item:
    return {PARTITION_KEY: key.partition, SORT_KEY: key.sort, **attributes}


def document_from(stored: Item | None) -> dict[str, Any]:
    """The document of an item that is nothing else; empty if there is none."""
    document: dict[str, Any] = {} if stored is None else json.loads(str(stored["body"]))
    return document


def due(model: str, at: Instant) -> Item:
    """The attributes of an item that the keeper is to look at, and when."""
    return {DUE_SHARD: keys.shard(model), DUE_AT: at}
