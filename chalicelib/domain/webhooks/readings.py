"""What events of earlier releases say of webhooks."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import place
from chalicelib.domain.ledger.rebuilding import Event, Read, Readings, Rebuilt
from chalicelib.domain.webhooks.webhook import Webhook

_SAID: Final = ("id", "url", "events", "models", "description", "enabled", "secret_generation", "format", "name")


def _set(event: Event, _: Rebuilt) -> Iterator[Read]:
    after = event["after"]
    yield place(Webhook.kind, event["subject"]), {name: after[name] for name in _SAID if name in after}


def _deleted(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield place(Webhook.kind, event["subject"]), None


READINGS: Final[Readings] = {
    event_types.WEBHOOK_CREATED: _set,
    event_types.WEBHOOK_UPDATED: _set,
    event_types.WEBHOOK_DISABLED: _set,
    event_types.WEBHOOK_DELETED: _deleted,
}
