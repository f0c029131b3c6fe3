"""Deliveries to webhooks: show their log, queue one on request."""

from collections.abc import Callable
from typing import Final

from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery
from chalicelib.domain.errors import ContentionError, DeliveryNotFoundError
from chalicelib.domain.webhooks import deliveries
from chalicelib.domain.webhooks.deliveries import Delivery, State
from chalicelib.domain.webhooks.webhook import TEST_EVENT
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.page import Page
from chalicelib.registry.webhooks.webhooks import get_webhook

_RACES: Final = 5


def get_delivery(services: Services, webhook_id: str, delivery_id: str) -> Delivery:
    """A delivery from the log. Raises DeliveryNotFoundError."""
    return _entry(services, webhook_id, delivery_id).delivery


def list_deliveries(
    services: Services, webhook_id: str, limit: int, start: dict[str, str | int] | None
) -> Page[Delivery]:
    """The logged deliveries to a webhook, newest first. Raises WebhookNotFoundError."""
    log = DeliveryLog(services.table)
    logged, more = log.newest(webhook_id, limit, None if start is None else str(start["id"]))
    if not logged and start is None:
        get_webhook(services, webhook_id)
    return Page(tuple(logged), {"id": logged[-1].id} if more and logged else None)


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
        message = QueuedDelivery(
            delivery=delivery.id,
            webhook=delivery.webhook,
            event_type=delivery.event_type,
            ledger=delivery.ledger,
            sequence=delivery.sequence,
            created_at=delivery.created_at,
            round=delivery.round,
            part=delivery.part,
        )
        services.queue.send([message])
    return Changed(delivery, replayed)


def _entry(services: Services, webhook_id: str, delivery_id: str) -> Entry:
    entry = DeliveryLog(services.table).get(webhook_id, delivery_id)
    if entry is None:
        raise DeliveryNotFoundError(f"The webhook {webhook_id!r} has no delivery {delivery_id!r} in its log.")
    return entry
