"""Writes of webhooks and triggers."""

from typing import Final

from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.webhooks import saving as webhook_saving
from chalicelib.registry.webhooks import webhooks
from tests.registry.arranged import (
    WEBHOOK_URL,
    a_trigger,
    a_webhook,
    a_webhook_that_failed,
    create_trigger,
    nothing,
    registry_ledger,
)
from tests.registry.writes.write import Write

NARROWED = WebhookChange(
    only_stages=["production"],
    only_tags={"team": "risk"},
    only_fields=["description"],
    custom_headers={"X-Env": "prod"},
    rate_limit=60,
    max_attempts=3,
)


def disable(registry: Services, request: Request, _: str, webhook: str) -> None:
    webhook_saving.disable_gone(registry, request.request_id, webhooks.get_webhook(registry, webhook))


def disable_failing(registry: Services, request: Request, _: str, webhook: str) -> None:
    found = webhooks.get_webhook(registry, webhook)
    webhook_saving.disable_failing(registry, request.request_id, found, "it kept failing")


WRITES: Final = {
    "create a webhook": Write(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: webhook_saving.create_webhook(s, r, WEBHOOK_URL, WebhookChange()),
        registry_ledger,
    ),
    "update a webhook": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.update_webhook(s, r, hook, WebhookChange(enabled=False)),
        registry_ledger,
    ),
    "rotate the secret of a webhook": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.rotate_secret(s, r, hook, 3600),
        registry_ledger,
    ),
    "create a webhook of a product's format": Write(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: create_trigger(s, r),
        registry_ledger,
    ),
    "update the settings and secret of a webhook of a product's format": Write(
        event_types.WEBHOOK_UPDATED,
        a_trigger,
        lambda s, r, m, hook: webhook_saving.update_webhook(
            s, r, hook, WebhookChange(settings={"project": "team/other", "ref": "main"}), "another-token"
        ),
        registry_ledger,
    ),
    "delete a webhook": Write(
        event_types.WEBHOOK_DELETED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.delete_webhook(s, r, hook),
        registry_ledger,
    ),
    "disable a webhook whose receiver is gone": Write(
        event_types.WEBHOOK_DISABLED, a_webhook, disable, registry_ledger, keyed=False
    ),
    "disable a webhook whose receiver keeps failing": Write(
        event_types.WEBHOOK_DISABLED, a_webhook, disable_failing, registry_ledger, keyed=False
    ),
    "enable a webhook whose receiver failed": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook_that_failed,
        lambda s, r, m, hook: webhook_saving.update_webhook(s, r, hook, WebhookChange(enabled=True)),
        registry_ledger,
    ),
    "narrow a webhook and give it headers": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.update_webhook(
            s, r, hook, NARROWED, headers={"Authorization": "Bearer hush"}
        ),
        registry_ledger,
    ),
}
