"""The webhook format of MLflow's server: its fifteen events, and its body, headers and signature.

One event of the registry makes a delivery for each of MLflow's notices. A webhook has a name, and its secret is the
caller's own.
"""

import re
from typing import Final

from chalicelib.domain.instants import Instant
from chalicelib.domain.mlflow.delivery import headers, payload
from chalicelib.domain.mlflow.events import (
    EXAMPLES,
    Notice,
    event_names,
    example,
    is_prompt,
    notices,
    speaks_of_versions,
)
from chalicelib.domain.webhooks.formats import Event, Format, Message, Outgoing, PlannedDelivery, Secret, Tags
from chalicelib.domain.webhooks.webhook import invalid

_NAME = re.compile(r"(?=.{1,63}\Z)[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", re.IGNORECASE | re.ASCII)


def webhook_name(text: str) -> str:
    """A name that MLflow accepts for a webhook, 1 to 63 characters. Raises InvalidInputError."""
    if not _NAME.fullmatch(text):
        raise invalid("/name", "must have 1 to 63 letters, digits or . _ - and begin and end with a letter or digit")
    return text


def _deliveries(event: Event, tags: Tags) -> tuple[PlannedDelivery, ...]:
    return tuple(
        PlannedDelivery(notice.event, part) for part, notice in enumerate(notices(event, prompt=is_prompt(tags)))
    )


def _message(outgoing: Outgoing) -> Message:
    notice, time = _notice(outgoing)
    body = payload(notice, time)
    signed = headers(outgoing.secret, outgoing.delivery.id, outgoing.timestamp, body)
    return Message({"Content-Type": "application/json", **signed}, body)


def _notice(outgoing: Outgoing) -> tuple[Notice, Instant]:
    """The notice to send, and its time. A test sends an example of the event it names, or of the webhook's first event.

    For an event, the delivery's event type shows whether the model is a prompt: it was chosen when the delivery was
    queued.
    """
    delivery, event = outgoing.delivery, outgoing.event
    if event is None or delivery.part is None:
        name = delivery.event_type if delivery.event_type in EXAMPLES else outgoing.webhook.events[0]
        return example(name), delivery.created_at
    return notices(event, prompt=delivery.event_type.startswith("prompt"))[delivery.part], event["time"]


MLFLOW_FORMAT: Final = Format(
    "mlflow",
    _message,
    events=event_names,
    default_events=tuple(EXAMPLES),
    webhook_name=webhook_name,
    deliveries=_deliveries,
    needs_tags=speaks_of_versions,
    secret=Secret.SIGNING,
)
