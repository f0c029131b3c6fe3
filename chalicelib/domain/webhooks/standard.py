"""The standard format: the registry's own events, sent and signed after Standard Webhooks 1.0.0."""

from typing import Final

from chalicelib.domain.webhooks.formats import JSON, Format, Message, Outgoing
from chalicelib.domain.webhooks.signature import payload, signed_headers
from chalicelib.domain.webhooks.webhook import STANDARD


def _message(outgoing: Outgoing) -> Message:
    delivery, data = outgoing.delivery, outgoing.told
    body = payload(delivery.event_type, data["time"], data)
    headers = signed_headers((outgoing.secret, *outgoing.old_secrets), delivery.id, outgoing.timestamp, body)
    return Message({"Content-Type": JSON, **headers}, body)


STANDARD_FORMAT: Final = Format(STANDARD, _message)
