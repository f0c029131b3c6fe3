"""Queue the deliveries of an event."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.ledger import event_types
from chalicelib.domain.webhooks import deliveries
from chalicelib.domain.webhooks.formats import Format, PlannedDelivery, UnknownFormatError
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry import models
from chalicelib.registry.webhooks.webhooks import enabled_webhooks


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
        if webhook.wants(planned.event_type, _about(event))
    ]
    services.queue.send(queued)
    return len(queued)


def _about(event: Mapping[str, Any]) -> str | None:
    """The model that an event is about; None if it is about the registry as a whole.

    A schedule has a pattern in its place. A webhook gets its firings if one of the webhook's own patterns covers it.
    """
    if event["type"] in (event_types.SCHEDULE_FIRED, event_types.SCHEDULE_FINISHED):
        return str(event["after"]["models"])
    model: str | None = event["model"]
    return model


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
    return models.tags.tags_of(services, event["model"])


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
