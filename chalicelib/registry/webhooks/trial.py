"""Try out a webhook of MLflow's format while its owner waits: one attempt, neither queued nor logged."""

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import OutboundFailedError, OutboundRefusedError
from chalicelib.domain.instants import epoch_seconds
from chalicelib.domain.mlflow import events as mlflow_events
from chalicelib.domain.webhooks.deliveries import Answer, Failure
from chalicelib.registry.webhooks.messages import mlflow_message
from chalicelib.registry.webhooks.sealing import SealBrokenError
from chalicelib.registry.webhooks.webhooks import get_mlflow_webhook, outbound


def try_webhook(services: Services, webhook_id: str, event: str | None) -> Answer | Failure:
    """Send an example of ``event``, or of the webhook's first event, and return the outcome.

    The webhook may be disabled. Raises WebhookNotFoundError, and InvalidInputError if MLflow has no such event.
    """
    webhook = get_mlflow_webhook(services, webhook_id)
    (name,) = mlflow_events.event_names([event or webhook.events[0]])
    now = services.clock()
    try:
        post = mlflow_message(
            services, webhook, mlflow_events.example(name), services.new_id(), now, epoch_seconds(now)
        )
        return outbound(services).post(webhook.url, post.headers, post.body)
    except (OutboundRefusedError, OutboundFailedError, SealBrokenError) as error:
        return Failure(str(error))
