"""The standard format: the registry's own events, sent and signed after Standard Webhooks 1.0.0."""

from typing import Any, Final

from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing
from chalicelib.domain.webhooks.signature import payload, signed_headers
from chalicelib.domain.webhooks.webhook import STANDARD


def _message(outgoing: Outgoing) -> Message:
    delivery = outgoing.delivery
    data = _test_event(delivery) if outgoing.event is None else outgoing.event
    body = payload(delivery.event_type, data["time"], data)
    headers = signed_headers((outgoing.secret, *outgoing.old_secrets), delivery.id, outgoing.timestamp, body)
    return Message({"Content-Type": "application/json", **headers}, body)


def _test_event(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "type": delivery.event_type,
        "time": delivery.created_at,
        "webhook": delivery.webhook,
    }


STANDARD_FORMAT: Final = Format(STANDARD, _message)
