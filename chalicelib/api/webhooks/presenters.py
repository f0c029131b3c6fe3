"""Webhooks and their deliveries as JSON documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib.domain.webhooks import decisions

if TYPE_CHECKING:
    from chalicelib.domain.webhooks.deliveries import Delivery
    from chalicelib.domain.webhooks.health import Health
    from chalicelib.domain.webhooks.webhook import Webhook
    from chalicelib.registry.webhooks.deliveries import Sent
    from chalicelib.registry.webhooks.saving import CreatedWebhook


def webhook_document(webhook: Webhook) -> dict[str, Any]:
    return decisions.public_document(webhook)


def created_webhook_document(created: CreatedWebhook) -> dict[str, Any]:
    return {**webhook_document(created.webhook), "secret": created.secret}


def health_document(found: tuple[Webhook, Health]) -> dict[str, Any]:
    webhook, health = found
    return {
        "webhook": webhook.id,
        "enabled": webhook.enabled,
        "disabled_reason": webhook.disabled_reason,
        "failing_since": health.failing_since,
        "failures_in_a_row": health.failures,
    }


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "webhook": delivery.webhook,
        "event_type": delivery.event_type,
        "ledger": delivery.ledger,
        "sequence": delivery.sequence,
        "part": delivery.part,
        "state": delivery.state.value,
        "round": delivery.round,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at,
        "finished_at": delivery.finished_at,
        "attempts": [asdict(attempt) for attempt in delivery.attempts],
    }


def delivery_with_payload_document(sent: Sent) -> dict[str, Any]:
    return {**delivery_document(sent.delivery), "payload": sent.message.payload}
