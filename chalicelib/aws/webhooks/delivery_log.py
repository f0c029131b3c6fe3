"""The log of deliveries: one item each, outside any ledger, deleted after 30 days."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.names import PARTITION_KEY, TIME_TO_LIVE
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant, epoch_seconds, later
from chalicelib.domain.webhooks.deliveries import Attempt, Delivery, State

_LIFETIME: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """A delivery in the log. ``revision`` counts the writes of its item and is 0 before the first."""

    delivery: Delivery
    revision: int = 0


class DeliveryLog:
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, webhook: str, delivery_id: str) -> Entry | None:
        stored = self._table.get(keys.delivery(webhook, delivery_id))
        return None if stored is None else entry_from(stored)

    def newest(self, webhook: str, limit: int, after: str | None) -> tuple[list[Delivery], bool]:
        """Deliveries older than the one with the id ``after``, newest first, and whether there may be more."""
        partition, prefix = keys.delivery(webhook, "")
        stored, last = self._table.query(
            partition,
            prefix,
            limit,
            None if after is None else keys.delivery(webhook, after).sort,
            newest_first=True,
        )
        return [entry_from(logged).delivery for logged in stored], last is not None

    def save(self, entry: Entry, changed: Delivery, now: Instant) -> Entry | None:
        """Replace ``entry`` with ``changed``. Returns None if somebody else wrote since ``entry`` was read."""
        condition, values = _unchanged(entry)
        if not self._table.put(_item(entry, changed, now), condition, values):
            return None
        return Entry(changed, entry.revision + 1)

    def save_write(self, entry: Entry, changed: Delivery, now: Instant) -> Write:
        """``save`` as part of a transaction."""
        condition, values = _unchanged(entry)
        return self._table.put_write(_item(entry, changed, now), condition, values)


def entry_from(stored: Item) -> Entry:
    body: dict[str, Any] = json.loads(str(stored["body"]))
    attempts = tuple(Attempt(**attempt) for attempt in body.pop("attempts"))
    return Entry(Delivery(**{**body, "state": State(body["state"]), "attempts": attempts}), int(stored["revision"]))


def _item(entry: Entry, changed: Delivery, now: Instant) -> Item:
    return item(
        keys.delivery(changed.webhook, changed.id),
        {
            "body": canonical_json(asdict(changed)),
            "revision": entry.revision + 1,
            TIME_TO_LIVE: epoch_seconds(later(now, _LIFETIME)),
        },
    )


def _unchanged(entry: Entry) -> tuple[str, dict[str, str | int] | None]:
    if entry.revision == 0:
        return f"attribute_not_exists({PARTITION_KEY})", None
    return "revision = :revision", {":revision": entry.revision}
