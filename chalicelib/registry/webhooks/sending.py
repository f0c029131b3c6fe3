"""Send a queued delivery: one attempt."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger import event_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry, entry_from
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery
from chalicelib.aws.webhooks.items import webhook_from
from chalicelib.aws.webhooks.outbound import Outbound
from chalicelib.domain.webhooks import deliveries
from chalicelib.domain.webhooks.deliveries import LEASE, Answer, Delivery, Settled, Wait
from chalicelib.domain.webhooks.webhook import TEST_EVENT, Webhook
from chalicelib.registry import webhooks
from chalicelib.registry.webhooks.posting import post, verdict_of


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of a queued delivery. It is due again in ``again_in`` seconds, or never if that is None.

    A FAILED delivery has ``again_in`` 0: its message stays in the queue, which moves it to the dead letters.
    """

    state: str
    again_in: int | None
    status: int | None = None
    attempt: int = 0


def send(services: Services, outbound: Outbound, queued: QueuedDelivery, request_id: str) -> Progress:
    """Attempt a delivery if it is due and nobody else is sending it, and log the attempt."""
    webhook_key = keys.webhook(queued.webhook)
    delivery_key = keys.delivery(queued.webhook, queued.delivery)
    event_key = _event_key(queued)
    items = services.table.load([key for key in (webhook_key, delivery_key, event_key) if key is not None])
    if webhook_key not in items:
        return Progress("webhook deleted", None)
    webhook = webhook_from(items[webhook_key])
    entry = _entry(items.get(delivery_key), queued)

    claim = deliveries.claim(entry.delivery, queued.round, services.clock())
    if isinstance(claim, Settled):
        return Progress("settled before", 0 if claim.exhausted else None)
    if isinstance(claim, Wait):
        return Progress("waiting", claim.seconds)
    log = DeliveryLog(services.table)
    if not webhook.enabled and queued.event_type != TEST_EVENT:
        now = services.clock()
        cancelled = log.save(entry, deliveries.cancel(entry.delivery, now), now)
        return Progress("webhook disabled", None if cancelled is not None else _lease_seconds())
    claimed = log.save(entry, claim.delivery, services.clock())
    if claimed is None:
        return Progress("waiting", _lease_seconds())
    event = None if event_key is None else event_items.event_from(items[event_key])
    return _attempt(services, outbound, webhook, claimed, event, request_id)


def _attempt(
    services: Services,
    outbound: Outbound,
    webhook: Webhook,
    claimed: Entry,
    event: Mapping[str, Any] | None,
    request_id: str,
) -> Progress:
    """POST the delivery of a claimed log entry, and log the outcome."""
    delivery = claimed.delivery
    began, tick = services.clock(), time.monotonic()
    outcome = post(services, outbound, webhook, delivery, event, began)
    milliseconds = round((time.monotonic() - tick) * 1000)
    if deliveries.is_gone(outcome):
        webhooks.saving.disable_gone(services, request_id, webhook)
    now = services.clock()
    jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
    settled = deliveries.settle(delivery, outcome, verdict_of(webhook, outcome), began, now, milliseconds, jitter)
    # If another sender has claimed the delivery meanwhile, this write fails and the other's outcome counts.
    DeliveryLog(services.table).save(claimed, settled, now)
    return Progress(
        settled.state.value,
        deliveries.due_in(settled, now),
        outcome.status if isinstance(outcome, Answer) else None,
        settled.claims,
    )


def _entry(stored: Item | None, queued: QueuedDelivery) -> Entry:
    """The delivery's log entry, or the one it will have."""
    if stored is not None:
        return entry_from(stored)
    return Entry(
        Delivery(
            queued.delivery,
            queued.webhook,
            queued.event_type,
            queued.ledger,
            queued.sequence,
            queued.created_at,
            round=queued.round,
            part=queued.part,
        )
    )


def _event_key(queued: QueuedDelivery) -> Key | None:
    if queued.ledger is None or queued.sequence is None:
        return None
    return keys.event(queued.ledger, queued.sequence)


def _lease_seconds() -> int:
    return int(LEASE.total_seconds())
