"""The values of a metric in a model's versions, newest first, as the metric's index entries have them."""

import json
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.names import CHANGED, CHANGED_MODEL, MODEL_VERSIONS_BY_CHANGE
from chalicelib.aws.table import Item, Table, key_of
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.search import sort_keys

_INDEX: Final = MODEL_VERSIONS_BY_CHANGE


def series_place(model: str, number: int, metric: str, value: float) -> Item:
    """What puts a metric's entry into its series.

    The index holds keys only, so that the value is part of the sort key: as JSON, which loses none of its digits.
    """
    return {
        CHANGED_MODEL: keys.metric_series(model, metric),
        CHANGED: sort_keys.joined(sort_keys.version_part(number), canonical_json(value)),
    }


def newest_values(table: Table, model: str, metric: str, limit: int) -> dict[int, float]:
    """The values of the ``limit`` newest versions that have the metric, by number, highest first.

    One query, as long as the names of model and metric are short: a query ends at a megabyte. Eventually consistent.
    """
    found: list[Item] = []
    start: Item | None = None
    while len(found) < limit:
        items, start = table.query_index(_INDEX, keys.metric_series(model, metric), limit - len(found), start=start)
        found += items
        if start is None:
            break
    return {keys.version_of(key_of(item)): _value(item) for item in found}


def _value(item: Item) -> float:
    value: float = json.loads(str(item[CHANGED]).partition(sort_keys.SEPARATOR)[2])
    return value
