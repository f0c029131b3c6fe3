"""Queue the deliveries of an event."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.registry.webhooks.planning import planned
from chalicelib.registry.webhooks.webhooks import enabled_webhooks


def queue_event(services: Services, event: Mapping[str, Any]) -> int:
    """Queue the deliveries of a committed event for each webhook that wants it. Returns how many.

    Repeating this for the same event queues the same deliveries, which the sender sends once.
    """
    queued = planned(services, event, enabled_webhooks(services))
    services.queue.send(queued)
    return len(queued)
