"""Webhooks: read and list."""

from collections.abc import Iterator
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.counters import health_from
from chalicelib.aws.webhooks.items import webhook_from
from chalicelib.aws.webhooks.outbound import Outbound
from chalicelib.domain.errors import WebhookNotFoundError
from chalicelib.domain.webhooks.formats import Format
from chalicelib.domain.webhooks.health import Health
from chalicelib.domain.webhooks.outbound_policy import OutboundPolicy
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry.page import Page

_PAGE: Final = 500


def outbound(services: Services) -> Outbound:
    """The client for calls to receivers. It obeys the stack's outbound policy."""
    return Outbound(OutboundPolicy.parse(services.settings.outbound_allow))


def get_webhook(services: Services, webhook_id: str, only: Format | None = None) -> Webhook:
    """A webhook, of the format ``only`` if given. Raises WebhookNotFoundError, also for one of another format."""
    stored = services.table.get(keys.webhook(webhook_id))
    return existing(webhook_id, None if stored is None else webhook_from(stored), only)


def get_health(services: Services, webhook_id: str) -> tuple[Webhook, Health]:
    """A webhook and how its receiver is doing, in one call. Raises WebhookNotFoundError."""
    webhook_key, health_key = keys.webhook(webhook_id), keys.webhook_health(webhook_id)
    found = services.table.load([webhook_key, health_key])
    webhook = existing(webhook_id, webhook_from(found[webhook_key]) if webhook_key in found else None, None)
    return webhook, health_from(found.get(health_key))


def list_webhooks(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Webhook]:
    """All webhooks, newest first."""
    after = None if start is None else keys.webhook(str(start["id"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.WEBHOOK_PREFIX, limit, after, newest_first=True)
    webhooks = tuple(map(webhook_from, stored))
    return Page(webhooks, {"id": webhooks[-1].id} if last is not None and webhooks else None)


def list_webhooks_of(
    services: Services, webhook_format: Format, limit: int, start: dict[str, str | int] | None
) -> Page[Webhook]:
    """The webhooks of a format, newest first."""
    matching: list[Webhook] = []
    for webhook in _all_webhooks(services, start):
        if webhook.format != webhook_format.name:
            continue
        if len(matching) == limit:
            return Page(tuple(matching), {"id": matching[-1].id})
        matching.append(webhook)
    return Page(tuple(matching), None)


def enabled_webhooks(services: Services) -> list[Webhook]:
    """All webhooks that are enabled."""
    return [webhook for webhook in _all_webhooks(services, None) if webhook.enabled]


def existing(webhook_id: str, webhook: Webhook | None, only: Format | None) -> Webhook:
    """The webhook, unless there is none or it is of another format. Raises WebhookNotFoundError."""
    if webhook is None:
        raise WebhookNotFoundError(f"There is no webhook {webhook_id!r}.")
    if only is not None and webhook.format != only.name:
        raise WebhookNotFoundError(f"There is no webhook {webhook_id!r} of the format {only.name!r}.")
    return webhook


def _all_webhooks(services: Services, start: dict[str, str | int] | None) -> Iterator[Webhook]:
    while True:
        page = list_webhooks(services, _PAGE, start)
        yield from page.items
        start = page.next_start
        if start is None:
            return
