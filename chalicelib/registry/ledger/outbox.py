"""The outbox: committed events that the bus has not yet confirmed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.names import OUTBOX, OUTBOX_AT, OUTBOX_SHARD, PARTITION_KEY, SORT_KEY
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.domain.instants import Instant

_PAGE: Final = 100


def deliver(services: Services, events: Sequence[Mapping[str, Any]]) -> int:
    """Put events on the bus in order, and take the confirmed ones out of the outbox. Returns how many were confirmed.

    After a crash in between, an event is still in the outbox and is sent again. Consumers expect that.
    """
    confirmed = services.bus.put(events)
    for event in events[:confirmed]:
        services.table.update(
            keys.event(event["ledger"], event["sequence"]),
            f"REMOVE {OUTBOX_SHARD}, {OUTBOX_AT}",
            condition=f"attribute_exists({PARTITION_KEY})",
        )
    return confirmed


def redeliver_overdue(services: Services, before: Instant) -> int:
    """Deliver every event committed up to ``before`` that is still in the outbox. Returns how many were confirmed."""
    confirmed = 0
    for shard in range(keys.SHARDS):
        start: dict[str, str | int] | None = None
        while True:
            stored, start = services.table.query_index(OUTBOX, str(shard), _PAGE, up_to=before, start=start)
            overdue = sorted(stored, key=lambda item: (str(item[PARTITION_KEY]), str(item[SORT_KEY])))
            events = services.table.load([key_of(item) for item in overdue]) if overdue else {}
            waiting = [
                event_items.event_from(events[key_of(item)]) for item in overdue if OUTBOX_SHARD in events[key_of(item)]
            ]
            confirmed += deliver(services, waiting)
            if start is None:
                break
    return confirmed
