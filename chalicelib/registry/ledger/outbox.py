"""The outbox: committed events that the bus has not yet confirmed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.names import OUTBOX, OUTBOX_AT, OUTBOX_SHARD, PARTITION_KEY, SORT_KEY
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.domain.instants import Instant, epoch_seconds
from chalicelib.registry.ledger.isolation import Run, plainly

_PAGE: Final = 100


class EventRefusedError(Exception):
    """The bus refused an event. Later events of its ledger wait for it."""


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


def redeliver_overdue(services: Services, before: Instant, run: Run = plainly) -> int:
    """Deliver every event committed up to ``before`` that is still in the outbox. Returns how many were confirmed.

    An event that the bus refuses holds up its own ledger, whose later events must not overtake it, and no other.
    ``run`` runs each shard, and tells of each ledger that is held up.
    """
    return sum(
        run(f"events of outbox {shard}", partial(_redeliver, services, shard, before, run))
        for shard in keys.shards_in_turn(epoch_seconds(services.clock()))
    )


def _redeliver(services: Services, shard: int, before: Instant, run: Run) -> int:
    confirmed, held_up = 0, set[str]()
    start: dict[str, str | int] | None = None
    while True:
        stored, start = services.table.query_index(OUTBOX, str(shard), _PAGE, up_to=before, start=start)
        overdue = sorted(stored, key=lambda item: (str(item[PARTITION_KEY]), str(item[SORT_KEY])))
        events = services.table.load([key_of(item) for item in overdue]) if overdue else {}
        waiting = [
            event_items.event_from(events[key_of(item)]) for item in overdue if OUTBOX_SHARD in events[key_of(item)]
        ]
        while waiting := [event for event in waiting if event["ledger"] not in held_up]:
            done = deliver(services, waiting)
            confirmed += done
            waiting = waiting[done:]
            if waiting:
                held_up.add(waiting[0]["ledger"])
                run(f"events of {waiting[0]['ledger']}", partial(_refused, waiting[0]))
        if start is None:
            return confirmed


def _refused(event: Mapping[str, Any]) -> int:
    raise EventRefusedError(f"the bus does not take the event {event['sequence']} of {event['ledger']}")
