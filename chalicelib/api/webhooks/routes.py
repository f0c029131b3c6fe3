"""Webhooks and their deliveries over HTTP."""

from dataclasses import asdict
from typing import Any

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.api.webhooks.schemas import CreatedWebhookView, CreateWebhook, DeliveryView, UpdateWebhook, WebhookView
from chalicelib.domain.access.principal import Action
from chalicelib.domain.webhooks.decisions import public_document
from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.domain.webhooks.webhook import Webhook

routes = Routes("webhooks")


@routes.post("/v1/webhooks", Action.MANAGE_WEBHOOKS, answers={201: CreatedWebhookView})
def create_webhook(call: Call, body: CreateWebhook) -> Answer:
    """Create a webhook. The answer carries its secret; no other does."""
    created = registry.webhooks.webhooks.create_webhook(call.services, call.change(), body.url, body.change())
    result = created.result
    return Answer(
        {**public_document(result.webhook), "secret": result.secret},
        201,
        revision=result.webhook.revision,
        replayed=created.replayed,
        secret=True,
    )


@routes.get("/v1/webhooks", Action.MANAGE_WEBHOOKS, answers={200: PageView[WebhookView]})
def list_webhooks(call: Call, query: Paging) -> Answer:
    """List the webhooks, newest first."""
    return call.listing(
        registry.webhooks.webhooks.list_webhooks(call.services, query.limit, call.start(query)), public_document
    )


@routes.get("/v1/webhooks/{webhook}", Action.MANAGE_WEBHOOKS, answers={200: WebhookView})
def get_webhook(call: Call, webhook: str) -> Answer:
    """Show a webhook."""
    shown = registry.webhooks.webhooks.get_webhook(call.services, webhook)
    return Answer(public_document(shown), revision=shown.revision)


@routes.patch("/v1/webhooks/{webhook}", Action.MANAGE_WEBHOOKS, answers={200: WebhookView})
def update_webhook(call: Call, webhook: str, body: UpdateWebhook) -> Answer:
    """Change a webhook's URL, filters or description, or switch it on or off."""
    updated = registry.webhooks.webhooks.update_webhook(call.services, call.change(), webhook, body.change())
    return changed(updated, public_document, _revision)


@routes.delete("/v1/webhooks/{webhook}", Action.MANAGE_WEBHOOKS, answers={204: None})
def delete_webhook(call: Call, webhook: str) -> Answer:
    """Delete a webhook. What is queued for it is dropped."""
    return gone(registry.webhooks.webhooks.delete_webhook(call.services, call.change(), webhook))


@routes.post("/v1/webhooks/{webhook}/test", Action.MANAGE_WEBHOOKS, answers={202: DeliveryView})
def test_webhook(call: Call, webhook: str) -> Answer:
    """Queue a webhook.test delivery, also to a webhook that is switched off."""
    return changed(
        registry.webhooks.deliveries.queue_test(call.services, call.change(), webhook), _delivery, status=202
    )


@routes.get("/v1/webhooks/{webhook}/deliveries", Action.MANAGE_WEBHOOKS, answers={200: PageView[DeliveryView]})
def list_deliveries(call: Call, webhook: str, query: Paging) -> Answer:
    """List the deliveries of the last 30 days, newest first, each with its attempts."""
    page = registry.webhooks.deliveries.list_deliveries(call.services, webhook, query.limit, call.start(query))
    return call.listing(page, _delivery)


@routes.post(
    "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver", Action.MANAGE_WEBHOOKS, answers={202: DeliveryView}
)
def redeliver(call: Call, webhook: str, delivery: str) -> Answer:
    """Queue a delivery again, whatever became of it."""
    queued = registry.webhooks.deliveries.redeliver(call.services, call.change(), webhook, delivery)
    return changed(queued, _delivery, status=202)


def _revision(webhook: Webhook) -> int:
    return webhook.revision


def _delivery(delivery: Delivery) -> dict[str, Any]:
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
