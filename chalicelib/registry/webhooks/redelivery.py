"""Deliver a range of event times again: what the log of a webhook has of it, and what it missed.

A call does a part, and its answer says where the next one goes on. A delivery keeps its id however often it is sent,
so whatever is queued twice is recognised as a duplicate by the sender, or else by the receiver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry
from chalicelib.aws.webhooks.delivery_queue import queued_of
from chalicelib.domain.errors import ContentionError, WebhookDisabledError
from chalicelib.domain.instants import Instant
from chalicelib.domain.webhooks import deliveries, ranges
from chalicelib.domain.webhooks.deliveries import Delivery, State
from chalicelib.domain.webhooks.ranges import Range
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.receipts import Receipt
from chalicelib.registry.webhooks.missed import missed_deliveries
from chalicelib.registry.webhooks.webhooks import get_webhook

_RACES: Final = 5
# Entries of the log in a call: with the receipt, a transaction can write them all.
_ENTRIES: Final = 90
Start = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Redelivered:
    """How many deliveries a call queued, and where the next call goes on; None if the range is done."""

    queued: int
    next_start: Start | None


def redeliver_range(
    services: Services, request: Request, webhook_id: str, wanted: Range, start: Start | None
) -> Changed[Redelivered]:
    """Queue a part of a range again. ``start`` is None at first, then ``next_start`` of the call before.

    Raises WebhookNotFoundError, WebhookDisabledError, InvalidInputError.
    """
    webhook = get_webhook(services, webhook_id)
    if not webhook.enabled:
        raise WebhookDisabledError(f"The webhook {webhook_id!r} is disabled. Enable it, then deliver again.")
    ranges.check(wanted, services.clock())
    if start is not None and "missed" in start:
        return _queue_missed(services, webhook, wanted, start["missed"])
    return _queue_logged(services, request, webhook, wanted, None if start is None else str(start["id"]))


def _queue_logged(
    services: Services, request: Request, webhook: Webhook, wanted: Range, after: str | None
) -> Changed[Redelivered]:
    """Begin a new round for the next entries of the log, together with the request's receipt, then queue them.

    A repeated request queues those again that are pending, in case the first one died between the two steps.
    """
    log, receipt = DeliveryLog(services.table), request.receipt
    for _ in range(_RACES):
        now = services.clock()
        earlier = None if receipt is None else receipt.subject(services.table.get(receipt.key), now)
        if earlier is not None:
            return _replayed(services, log, webhook, wanted, after, earlier)
        entries, more = _entries(log, webhook, wanted, after)
        begun = [(entry, deliveries.again(entry.delivery)) for entry in entries if wanted.chooses(entry.delivery)]
        last = entries[-1].delivery.id if more and entries else None
        if _saved(services, log, begun, receipt, f"{len(begun)} {last or ''}", now):
            services.queue.send([queued_of(delivery) for _, delivery in begun])
            return Changed(Redelivered(len(begun), _following(wanted, last)))
    raise ContentionError("Others changed the deliveries each time. Nothing was queued; try again.")


def _saved(
    services: Services,
    log: DeliveryLog,
    begun: Sequence[tuple[Entry, Delivery]],
    receipt: Receipt | None,
    subject: str,
    now: Instant,
) -> bool:
    """Save new rounds and the receipt, all or nothing. Returns False if somebody else was faster."""
    transaction = [log.save_write(entry, delivery, now) for entry, delivery in begun]
    if receipt is not None:
        transaction.append(receipt.write(services.table, subject, now))
    try:
        if transaction:
            services.table.transact(transaction)
    except LostRaceError:
        return False
    return True


def _replayed(
    services: Services, log: DeliveryLog, webhook: Webhook, wanted: Range, after: str | None, subject: str
) -> Changed[Redelivered]:
    count, _, last = subject.partition(" ")
    entries, _ = _entries(log, webhook, wanted, after, last or None)
    services.queue.send([queued_of(entry.delivery) for entry in entries if entry.delivery.state is State.PENDING])
    return Changed(Redelivered(int(count), _following(wanted, last or None)), replayed=True)


def _entries(
    log: DeliveryLog, webhook: Webhook, wanted: Range, after: str | None, last: str | None = None
) -> tuple[list[Entry], bool]:
    """The next entries of the range after the id ``after``, up to ``last`` if given, and whether there may be more."""
    # "!" sorts before every digit, so nothing is between an id and the id with it.
    low = deliveries.first_id(wanted.since) if after is None else f"{after}!"
    return log.between(webhook.id, low, last or deliveries.first_id(wanted.until), _ENTRIES)


def _following(wanted: Range, last: str | None) -> Start | None:
    if last is not None:
        return {"id": last}
    return {"missed": None} if wanted.missed else None


def _queue_missed(services: Services, webhook: Webhook, wanted: Range, start: Start | None) -> Changed[Redelivered]:
    """Queue the next deliveries that the log lacks. It writes nothing, so that repeating it needs no receipt."""
    missed = missed_deliveries(services, webhook, wanted.since, wanted.until, start)
    services.queue.send(missed.deliveries)
    following = None if missed.next_start is None else {"missed": missed.next_start}
    return Changed(Redelivered(len(missed.deliveries), following))
