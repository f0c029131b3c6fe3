"""What is sent to a webhook: the body in its format, signed with its secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.domain.mlflow import delivery as mlflow_delivery
from chalicelib.domain.mlflow import events as mlflow_events
from chalicelib.domain.mlflow.events import Notice
from chalicelib.domain.webhooks import signature as webhook_signature
from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.domain.webhooks.webhook import Format, Webhook
from chalicelib.registry.webhooks.sealing import opened


@dataclass(frozen=True, slots=True)
class Message:
    """The headers and the body of a POST to a webhook."""

    headers: Mapping[str, str]
    body: bytes


def message(
    services: Services, webhook: Webhook, delivery: Delivery, event: Mapping[str, Any] | None, timestamp: int
) -> Message:
    """The message of an attempt at ``timestamp`` (epoch seconds). A test has no event. Raises SealBrokenError."""
    if webhook.format is Format.MLFLOW:
        notice, time = _notice(webhook, delivery, event)
        return mlflow_message(services, webhook, notice, delivery.id, time, timestamp)
    data = _test_event(delivery) if event is None else event
    body = webhook_signature.payload(delivery.event_type, data["time"], data)
    headers = webhook_signature.signed_headers(
        services.signing_key(), webhook.id, webhook.secret_generation, delivery.id, timestamp, body
    )
    return Message({"Content-Type": "application/json", **headers}, body)


def mlflow_message(
    services: Services, webhook: Webhook, notice: Notice, delivery_id: str, time: Instant, timestamp: int
) -> Message:
    """The message of a notice to a webhook of MLflow's format. Raises SealBrokenError."""
    body = mlflow_delivery.payload(notice, time)
    secret = opened(services.signing_key(), webhook.id, webhook.sealed_secret) if webhook.sealed_secret else None
    headers = mlflow_delivery.headers(secret, delivery_id, timestamp, body)
    return Message({"Content-Type": "application/json", **headers}, body)


def _notice(webhook: Webhook, delivery: Delivery, event: Mapping[str, Any] | None) -> tuple[Notice, Instant]:
    """The notice that was queued, and its time. Its event type, chosen then, tells whether the model is a prompt."""
    if event is None or delivery.part is None:
        return mlflow_events.example(webhook.events[0]), delivery.created_at
    notices = mlflow_events.notices(event, prompt=delivery.event_type.startswith("prompt"))
    return notices[delivery.part], event["time"]


def _test_event(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "type": delivery.event_type,
        "time": delivery.created_at,
        "webhook": delivery.webhook,
    }
