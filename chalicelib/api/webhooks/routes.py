"""Webhooks and their deliveries over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.api.webhooks.presenters import (
    created_webhook_document,
    delivery_document,
    delivery_with_payload_document,
    health_document,
    webhook_document,
)
from chalicelib.api.webhooks.schemas import (
    CreatedWebhookView,
    CreateWebhook,
    DeliveryView,
    DeliveryWithPayloadView,
    ListDeliveries,
    RedeliveredView,
    RedeliverRange,
    RotateSecret,
    UpdateWebhook,
    WebhookHealthView,
    WebhookView,
)
from chalicelib.domain.access.principal import Action

routes = Routes("webhooks")


@routes.post("/v1/webhooks", Action.MANAGE_WEBHOOKS, answers={201: CreatedWebhookView})
def create_webhook(call: Call, body: CreateWebhook) -> Answer:
    """Create a webhook. Only this answer carries the secret that the registry derives for it."""
    created = registry.webhooks.saving.create_webhook(
        call.services,
        call.change(),
        body.url,
        body.change(),
        body.of_format(),
        body.secret,
        headers=body.secret_headers,
    )
    document, revision = created_webhook_document(created.result), created.result.webhook.revision
    return Answer(document, 201, revision=revision, replayed=created.replayed, secret=True)


@routes.get("/v1/webhooks", Action.MANAGE_WEBHOOKS, answers={200: PageView[WebhookView]})
def list_webhooks(call: Call, query: Paging) -> Answer:
    """List the webhooks, newest first."""
    page = registry.webhooks.webhooks.list_webhooks(call.services, query.limit, call.start(query))
    return call.listing(page, webhook_document)


@routes.get("/v1/webhooks/{webhook}", Action.MANAGE_WEBHOOKS, answers={200: WebhookView})
def get_webhook(call: Call, webhook: str) -> Answer:
    """Show a webhook."""
    found = registry.webhooks.webhooks.get_webhook(call.services, webhook)
    return Answer(webhook_document(found), revision=found.revision)


@routes.get("/v1/webhooks/{webhook}/health", Action.MANAGE_WEBHOOKS, answers={200: WebhookHealthView})
def get_webhook_health(call: Call, webhook: str) -> Answer:
    """Show since when a webhook's receiver fails, and why the webhook was disabled."""
    return Answer(health_document(registry.webhooks.webhooks.get_health(call.services, webhook)))


@routes.patch("/v1/webhooks/{webhook}", Action.MANAGE_WEBHOOKS, answers={200: WebhookView})
def update_webhook(call: Call, webhook: str, body: UpdateWebhook) -> Answer:
    """Change fields of a webhook, or switch it on or off."""
    updated = registry.webhooks.saving.update_webhook(
        call.services, call.change(), webhook, body.change(), body.secret, headers=body.new_secret_headers()
    )
    return changed(updated, webhook_document, revision_of)


@routes.post("/v1/webhooks/{webhook}/rotate", Action.MANAGE_WEBHOOKS, answers={200: CreatedWebhookView})
def rotate_webhook_secret(call: Call, webhook: str, body: RotateSecret) -> Answer:
    """Give a webhook a new secret. Only this answer carries it."""
    rotated = registry.webhooks.saving.rotate_secret(call.services, call.change(), webhook, body.grace_seconds)
    document, revision = created_webhook_document(rotated.result), rotated.result.webhook.revision
    return Answer(document, revision=revision, replayed=rotated.replayed, secret=True)


@routes.delete("/v1/webhooks/{webhook}", Action.MANAGE_WEBHOOKS, answers={204: None})
def delete_webhook(call: Call, webhook: str) -> Answer:
    """Delete a webhook and drop its queued deliveries."""
    return gone(registry.webhooks.saving.delete_webhook(call.services, call.change(), webhook))


@routes.post("/v1/webhooks/{webhook}/test", Action.MANAGE_WEBHOOKS, answers={202: DeliveryView})
def test_webhook(call: Call, webhook: str) -> Answer:
    """Queue a webhook.test delivery, also to a webhook that is switched off."""
    queued = registry.webhooks.deliveries.queue_test(call.services, call.change(), webhook)
    return changed(queued, delivery_document, status=202)


@routes.get("/v1/webhooks/{webhook}/deliveries", Action.MANAGE_WEBHOOKS, answers={200: PageView[DeliveryView]})
def list_deliveries(call: Call, webhook: str, query: ListDeliveries) -> Answer:
    """List the deliveries of the last 30 days, newest first, each with its attempts."""
    page = registry.webhooks.deliveries.list_deliveries(
        call.services, webhook, query.limit, call.start(query), query.wanted()
    )
    return call.listing(page, delivery_document)


@routes.get(
    "/v1/webhooks/{webhook}/deliveries/{delivery}", Action.MANAGE_WEBHOOKS, answers={200: DeliveryWithPayloadView}
)
def get_delivery(call: Call, webhook: str, delivery: str) -> Answer:
    """Show a delivery with its attempts and with what it sends."""
    sent = registry.webhooks.deliveries.get_sent(call.services, webhook, delivery)
    return Answer(delivery_with_payload_document(sent))


@routes.post(
    "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver", Action.MANAGE_WEBHOOKS, answers={202: DeliveryView}
)
def redeliver(call: Call, webhook: str, delivery: str) -> Answer:
    """Queue a delivery again, whatever became of it."""
    queued = registry.webhooks.deliveries.redeliver(call.services, call.change(), webhook, delivery)
    return changed(queued, delivery_document, status=202)


@routes.post("/v1/webhooks/{webhook}/redeliver", Action.MANAGE_WEBHOOKS, answers={202: RedeliveredView})
def redeliver_range(call: Call, webhook: str, body: RedeliverRange) -> Answer:
    """Queue the deliveries of a range of event times again, a part with each call."""
    done = registry.webhooks.redelivery.redeliver_range(
        call.services, call.change(), webhook, body.wanted(), call.start_at(body.cursor, body.asked())
    )
    following = call.cursor(done.result.next_start, body.asked())
    return Answer({"queued": done.result.queued, "next_cursor": following}, 202, replayed=done.replayed)
