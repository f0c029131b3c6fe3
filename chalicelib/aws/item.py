"""What items of all kinds share."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import DUE_AT, DUE_SHARD, PARTITION_KEY, SORT_KEY
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant

# The condition that a write creates its item.
ABSENT: Final = f"attribute_not_exists({PARTITION_KEY})"
BODY: Final = "body"


def item(key: Key, attributes: Mapping[str, str | int]) -> Item:
    """The item under ``key`` with these attributes."""
    return {PARTITION_KEY: key.partition, SORT_KEY: key.sort, **attributes}


def body(document: Any) -> Item:
    """The attribute that holds a JSON document."""
    return {BODY: canonical_json(document)}


def document_from(stored: Item) -> Any:
    """The JSON document of an item."""
    return json.loads(str(stored[BODY]))


def due(model: str, at: Instant) -> Item:
    """The attributes that put an item in the keeper's index, with the time when it is due."""
    return {DUE_SHARD: keys.shard(model), DUE_AT: at}
