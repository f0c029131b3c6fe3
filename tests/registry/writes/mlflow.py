"""Writes of MLflow's clients that are not those of another capability."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.mlflow import webhooks as mlflow_webhooks
from tests.registry.arranged import WEBHOOK_URL, a_webhook_of_mlflow, nothing, registry_ledger
from tests.registry.writes.write import Write

WRITES: Final = {
    "create a webhook of MLflow's format": Write(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: mlflow_webhooks.create_webhook(s, r, WEBHOOK_URL, WebhookChange(name="ci"), "secret"),
        registry_ledger,
    ),
    "update a webhook of MLflow's format": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook_of_mlflow,
        lambda s, r, m, hook: mlflow_webhooks.update_webhook(s, r, hook, WebhookChange(name="cd"), "another"),
        registry_ledger,
    ),
    "delete a webhook of MLflow's format": Write(
        event_types.WEBHOOK_DELETED,
        a_webhook_of_mlflow,
        lambda s, r, m, hook: mlflow_webhooks.delete_webhook(s, r, hook),
        registry_ledger,
    ),
}
