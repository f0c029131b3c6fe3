"""Deliveries to webhooks: show their log, queue one on request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry, entry_from
from chalicelib.aws.webhooks.delivery_queue import queued_of
from chalicelib.aws.webhooks.items import webhook_from
from chalicelib.domain.errors import ContentionError, DeliveryNotFoundError
from chalicelib.domain.webhooks import deliveries
from chalicelib.domain.webhooks.deliveries import Delivery, State
from chalicelib.domain.webhooks.formats import Message
from chalicelib.domain.webhooks.webhook import TEST_EVENT
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.page import Page
from chalicelib.registry.webhooks.posting import sent_message
from chalicelib.registry.webhooks.webhooks import existing, get_webhook

_RACES: Final = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery, and what every attempt of it sends, without the secret."""

    delivery: Delivery
    message: Message


def get_delivery(services: Services, webhook_id: str, delivery_id: str) -> Delivery:
    """A delivery from the log. Raises DeliveryNotFoundError."""
    return _entry(services, webhook_id, delivery_id).delivery


def get_sent(services: Services, webhook_id: str, delivery_id: str) -> Sent:
    """A delivery from the log with what its attempts send, in two reads; a test takes one.

    Raises WebhookNotFoundError, DeliveryNotFoundError, UnknownFormatError.
    """
    webhook_key, delivery_key = keys.webhook(webhook_id), keys.delivery(webhook_id, delivery_id)
    found = services.table.load([webhook_key, delivery_key])
    webhook = existing(webhook_id, webhook_from(found[webhook_key]) if webhook_key in found else None, None)
    entry = entry_from(found[delivery_key]) if delivery_key in found else None
    delivery = _logged(webhook_id, delivery_id, entry).delivery
    event = None
    if delivery.ledger is not None and delivery.sequence is not None:
        event_key = keys.event(delivery.ledger, delivery.sequence)
        # Events are never deleted.
        event = event_items.event_from(services.table.load([event_key])[event_key])
    return Sent(delivery, sent_message(webhook, delivery, event))


def list_deliveries(
    services: Services,
    webhook_id: str,
    limit: int,
    start: dict[str, str | int] | None,
    state: State | None = None,
) -> Page[Delivery]:
    """The logged deliveries to a webhook, newest first: all, or those in ``state``. Raises WebhookNotFoundError.

    A page takes one call, and two for those in a state. Such a page may be short: its index is eventually consistent.
    """
    log = DeliveryLog(services.table)
    after = None if start is None else str(start["id"])
    if state is not None:
        in_state, last = log.newest_in(webhook_id, state, limit, after)
        page = Page(tuple(in_state), None if last is None else {"id": last})
    else:
        logged, more = log.newest(webhook_id, limit, after)
        page = Page(tuple(logged), {"id": logged[-1].id} if more and logged else None)
    if not page.items and start is None:
        get_webhook(services, webhook_id)
    return page


def queue_test(services: Services, request: Request, webhook_id: str) -> Changed[Delivery]:
    """Queue a ``webhook.test`` to a webhook, enabled or not. Raises WebhookNotFoundError."""

    def begin() -> tuple[Entry, Delivery]:
        get_webhook(services, webhook_id)
        fresh = Delivery(services.new_id(), webhook_id, TEST_EVENT, None, None, services.clock())
        return Entry(fresh), fresh

    return _queue_once(services, request, webhook_id, begin)


def redeliver(services: Services, request: Request, webhook_id: str, delivery_id: str) -> Changed[Delivery]:
    """Queue a delivery again under the same id, whatever its state, with all attempts allowed again.

    Raises WebhookNotFoundError, DeliveryNotFoundError.
    """

    def begin() -> tuple[Entry, Delivery]:
        get_webhook(services, webhook_id)
        entry = _entry(services, webhook_id, delivery_id)
        return entry, deliveries.again(entry.delivery)

    return _queue_once(services, request, webhook_id, begin)


def _queue_once(
    services: Services, request: Request, webhook_id: str, begin: Callable[[], tuple[Entry, Delivery]]
) -> Changed[Delivery]:
    """Write the delivery with the request's receipt, then queue it.

    A repeated request queues it again while it is pending, in case the first one died between the two steps. The
    sender sends it once.
    """
    receipt = request.receipt
    for _ in range(_RACES):
        now = services.clock()
        # The id of the delivery that an earlier request with the same key queued.
        earlier = None if receipt is None else receipt.subject(services.table.get(receipt.key), now)
        if earlier is not None:
            return _queue_pending(services, get_delivery(services, webhook_id, earlier), replayed=True)
        entry, delivery = begin()
        transaction = [DeliveryLog(services.table).save_write(entry, delivery, now)]
        if receipt is not None:
            transaction.append(receipt.write(services.table, delivery.id, now))
        try:
            services.table.transact(transaction)
        except LostRaceError:
            continue
        return _queue_pending(services, delivery, replayed=False)
    raise ContentionError("Others changed the delivery each time. Nothing was queued; try again.")


def _queue_pending(services: Services, delivery: Delivery, replayed: bool) -> Changed[Delivery]:
    if delivery.state is State.PENDING:
        services.queue.send([queued_of(delivery)])
    return Changed(delivery, replayed)


def _entry(services: Services, webhook_id: str, delivery_id: str) -> Entry:
    return _logged(webhook_id, delivery_id, DeliveryLog(services.table).get(webhook_id, delivery_id))


def _logged(webhook_id: str, delivery_id: str, entry: Entry | None) -> Entry:
    if entry is None:
        raise DeliveryNotFoundError(f"The webhook {webhook_id!r} has no delivery {delivery_id!r} in its log.")
    return entry
