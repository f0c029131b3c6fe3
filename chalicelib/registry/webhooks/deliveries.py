"""Deliveries to webhooks: queue those of an event, show their log, queue one on request."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.log import log_line
from chalicelib.aws.models import items as model_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery
from chalicelib.domain.errors import ContentionError, DeliveryNotFoundError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.webhooks import deliveries
from chalicelib.domain.webhooks.deliveries import Delivery, State
from chalicelib.domain.webhooks.formats import Format, PlannedDelivery, UnknownFormatError
from chalicelib.domain.webhooks.webhook import TEST_EVENT, Webhook
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.page import Page
from chalicelib.registry.webhooks.webhooks import enabled_webhooks, get_webhook

_RACES: Final = 5


def queue_event(services: Services, event: Mapping[str, Any]) -> int:
    """Queue the deliveries of a committed event for each webhook that wants it. Returns how many.

    The webhook's format says which deliveries an event makes. Repeating this for the same event queues the same
    deliveries, which the sender sends once. A webhook of an unknown format is logged and gets none.
    """
    webhooks = _by_format(enabled_webhooks(services))
    tags = _tags(services, event, webhooks)
    queued = [
        _queued(services, event, webhook, planned)
        for webhook_format, of_format in webhooks.items()
        for planned in webhook_format.deliveries(event, tags)
        for webhook in of_format
        if webhook.wants(planned.event_type, event["model"])
    ]
    services.queue.send(queued)
    return len(queued)


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


def _by_format(enabled: Iterable[Webhook]) -> dict[Format, list[Webhook]]:
    """The webhooks by format. Those of an unknown format are left out and logged, each with the error."""
    grouped: dict[str, list[Webhook]] = {}
    for webhook in enabled:
        grouped.setdefault(webhook.format, []).append(webhook)
    known = {}
    for name, webhooks in grouped.items():
        try:
            known[FORMATS.named(name)] = webhooks
        except UnknownFormatError as error:
            for webhook in webhooks:
                log_line("webhook_skipped", webhook=webhook.id, error=type(error).__name__, detail=error.detail)
    return known


def _tags(services: Services, event: Mapping[str, Any], formats: Iterable[Format]) -> Mapping[str, str]:
    """The tags of the event's model, read only if one of the formats needs them; else empty."""
    if not any(webhook_format.needs_tags(event["type"]) for webhook_format in formats):
        return {}
    stored = services.table.get(keys.profile(event["model"]))
    return {} if stored is None else model_items.profile_from(stored).tags


def _queued(services: Services, event: Mapping[str, Any], webhook: Webhook, planned: PlannedDelivery) -> QueuedDelivery:
    return QueuedDelivery(
        delivery=deliveries.delivery_id(webhook.id, event, planned.part),
        webhook=webhook.id,
        event_type=planned.event_type,
        ledger=event["ledger"],
        sequence=event["sequence"],
        created_at=services.clock(),
        part=planned.part,
    )


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
