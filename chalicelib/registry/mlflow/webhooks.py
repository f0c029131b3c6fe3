"""Webhooks of MLflow's format, as MLflow's clients manage them. Webhooks of other formats are not found here."""

from chalicelib.aws.services import Services
from chalicelib.domain.mlflow.events import event_names
from chalicelib.domain.mlflow.webhook_format import MLFLOW_FORMAT
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Answer, Delivery, Failure
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.page import Page
from chalicelib.registry.webhooks import saving, webhooks
from chalicelib.registry.webhooks.posting import post


def create_webhook(
    services: Services, request: Request, url: str, given: WebhookChange, secret: str
) -> Changed[Webhook]:
    """Create a webhook. ``secret`` is the caller's own, and empty for deliveries without signature.

    Raises InvalidInputError.
    """
    created = saving.create_webhook(services, request, url, given, MLFLOW_FORMAT, secret)
    return Changed(created.result.webhook, created.replayed)


def list_webhooks(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Webhook]:
    """The webhooks of MLflow's format, newest first."""
    return webhooks.list_webhooks_of(services, MLFLOW_FORMAT, limit, start)


def get_webhook(services: Services, webhook_id: str) -> Webhook:
    """Raises WebhookNotFoundError."""
    return webhooks.get_webhook(services, webhook_id, MLFLOW_FORMAT)


def update_webhook(
    services: Services, request: Request, webhook_id: str, given: WebhookChange, secret: str | None
) -> Changed[Webhook]:
    """Change a webhook. An empty ``secret`` removes its secret, None leaves it as it is.

    Raises WebhookNotFoundError, InvalidInputError.
    """
    return saving.update_webhook(services, request, webhook_id, given, secret, MLFLOW_FORMAT)


def delete_webhook(services: Services, request: Request, webhook_id: str) -> Changed[None]:
    """Delete a webhook. Raises WebhookNotFoundError."""
    return saving.delete_webhook(services, request, webhook_id, MLFLOW_FORMAT)


def try_webhook(services: Services, webhook_id: str, event: str | None) -> Answer | Failure:
    """Send an example of ``event``, or of the webhook's first event, while the caller waits. Returns the outcome.

    It is one attempt, neither queued nor logged. The webhook may be disabled. Raises WebhookNotFoundError, and
    InvalidInputError if MLflow has no such event.
    """
    webhook = get_webhook(services, webhook_id)
    (name,) = event_names([event or webhook.events[0]])
    now = services.clock()
    trial = Delivery(services.new_id(), webhook.id, name, None, None, now)
    return post(services, webhooks.outbound(services), webhook, trial, None, now)
