"""The log of deliveries: one item each, outside any ledger, deleted after 30 days.

Each is in the index of terms under its webhook and state, so that those in one state are found without the others.
Entries of releases before that are not, until they are written again.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.names import PARTITION_KEY, POSITION, SORT_KEY, TERM, TERMS, TIME_TO_LIVE
from chalicelib.aws.table import Item, Table, Write, key_of
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant, epoch_seconds, later
from chalicelib.domain.webhooks.deliveries import Attempt, Delivery, State
from chalicelib.domain.webhooks.ranges import LOGGED_FOR


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

    def newest_in(self, webhook: str, state: State, limit: int, after: str | None) -> tuple[list[Delivery], str | None]:
        """Deliveries in one state, newest first, at most 100, and the id to resume after, None at the end. Two calls.

        The index is eventually consistent. A delivery that has just left the state is left out.
        """
        term = keys.deliveries_in(webhook, state.value)
        start: Item | None = None
        if after is not None:
            key = keys.delivery(webhook, after)
            start = {PARTITION_KEY: key.partition, SORT_KEY: key.sort, TERM: term, POSITION: after}
        found, last = self._table.query_index(TERMS, term, limit, start=start, newest_first=True)
        listed = [key_of(one) for one in found]
        stored = self._table.load(listed) if listed else {}
        logged = [entry_from(stored[key]).delivery for key in listed if key in stored]
        return [one for one in logged if one.state is state], None if last is None else str(last[POSITION])

    def between(self, webhook: str, low: str, high: str, limit: int) -> tuple[list[Entry], bool]:
        """Entries whose ids are from ``low`` to ``high``, oldest first, and whether there may be more."""
        partition, first = keys.delivery(webhook, low)
        stored, more = self._table.query_between(None, partition, first, keys.delivery(webhook, high).sort, limit)
        return [entry_from(one) for one in stored], more

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
            TERM: keys.deliveries_in(changed.webhook, changed.state.value),
            POSITION: changed.id,
            TIME_TO_LIVE: epoch_seconds(later(now, LOGGED_FOR)),
        },
    )


def _unchanged(entry: Entry) -> tuple[str, dict[str, str | int] | None]:
    if entry.revision == 0:
        return f"attribute_not_exists({PARTITION_KEY})", None
    return "revision = :revision", {":revision": entry.revision}
