"""Events of a range of time of which a webhook has no delivery in its log, for example because it was disabled.

They are found in the ledgers themselves. Ledgers whose last event is before the range are passed over by their heads,
a hundred in two calls. In the others, the first event of the range is found by bisection: times of a ledger never go
back.
"""

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items, heads
from chalicelib.aws.names import EVENT_PREFIX, LEDGER, LEDGERS
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery
from chalicelib.domain.access.principal import matches as matches_name
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Head
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry.audit.ledgers import after_ledger
from chalicelib.registry.webhooks.planning import planned

# What one call reads at most: ledgers whose heads are compared, ledgers that are searched, and events.
_LEDGERS: Final = 100
_SEARCHED: Final = 10
_EVENTS: Final = 100

Start = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Missed:
    """Deliveries that are not in the log. ``next_start`` is where the next call goes on, None at the end."""

    deliveries: tuple[QueuedDelivery, ...]
    next_start: Start | None


def missed_deliveries(
    services: Services, webhook: Webhook, since: Instant, until: Instant, start: Start | None
) -> Missed:
    """What the webhook wants of the events from ``since`` to before ``until`` and has not in its log.

    ``start`` is None at first. A call reads a part of the ledgers and of the events, so it may find nothing.
    """
    place: Start = start or _place(None)
    after, searched = place["after"], 0
    ledgers, following = _ledgers(services, after)
    found: list[dict[str, Any]] = []
    for ledger, head in ledgers:
        if not _concerns(webhook, ledger) or head.time < since:
            after = after_ledger(ledger)
            continue
        if searched == _SEARCHED or len(found) >= _EVENTS:
            return _missed(services, webhook, found, _place(after))
        searched += 1
        begun = place["ledger"] == ledger
        first = place["sequence"] if begun else _first_since(services, ledger, head.revision, since)
        events, resume = _read(services, ledger, first, until, _EVENTS - len(found))
        found += events
        if resume is not None:
            return _missed(services, webhook, found, _place(after, ledger, resume))
        after = after_ledger(ledger)
    return _missed(services, webhook, found, None if following is None else _place(following))


def _place(after: Start | None, ledger: str | None = None, sequence: int | None = None) -> Start:
    """Where a search goes on: with the ledgers after a place, ``ledger`` among them from a sequence number on."""
    return {"after": after, "ledger": ledger, "sequence": sequence}


def _missed(services: Services, webhook: Webhook, events: list[dict[str, Any]], next_start: Start | None) -> Missed:
    wanted = [one for event in events for one in planned(services, event, [webhook])]
    logged = services.table.load_all([keys.delivery(webhook.id, one.delivery) for one in wanted])
    absent = (one for one in wanted if keys.delivery(webhook.id, one.delivery) not in logged)
    return Missed(tuple(absent), next_start)


def _ledgers(services: Services, after: Start | None) -> tuple[list[tuple[str, Head]], Start | None]:
    """Ledgers with their heads after a place, by shard and name, and the place after them; None at the end."""
    shard = 0 if after is None else int(after["shard"])
    index_key = {name: value for name, value in (after or {}).items() if name != "shard"}
    stored, last = services.table.query_index(LEDGERS, str(shard), _LEDGERS, start=index_key or None)
    items = services.table.load([key_of(item) for item in stored]) if stored else {}
    found = [(str(item[LEDGER]), heads.head_from(items[key_of(item)])) for item in stored]
    if last is not None:
        return found, {"shard": shard, **last}
    return found, {"shard": shard + 1} if shard + 1 < keys.SHARDS else None


def _concerns(webhook: Webhook, ledger: str) -> bool:
    """Whether the webhook may want events of a ledger: of the registry's own, a schedule's firings at least."""
    return ledger == REGISTRY_LEDGER or any(
        matches_name(pattern, ledger.removeprefix("model:")) for pattern in webhook.models
    )


def _first_since(services: Services, ledger: str, revision: int, since: Instant) -> int:
    """The sequence number of the first event at or after ``since``, of a ledger whose last event is."""
    low, high = 1, revision
    while low < high:
        middle = (low + high) // 2
        key = keys.event(ledger, middle)
        # Events are never deleted.
        if event_items.event_from(services.table.load([key])[key])["time"] < since:
            low = middle + 1
        else:
            high = middle
    return low


def _read(
    services: Services, ledger: str, first: int, until: Instant, most: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Events before ``until``, at most ``most``, and the sequence number to go on with, None at the end."""
    stored, last = services.table.query(
        keys.partition(ledger), EVENT_PREFIX, most, after=keys.event(ledger, first - 1).sort
    )
    events = [event_items.event_from(item) for item in stored]
    before = [event for event in events if event["time"] < until]
    if len(before) < len(events) or last is None:
        return before, None
    return before, keys.event_sequence(last) + 1
