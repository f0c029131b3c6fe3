"""Send a queued delivery: one attempt.

It costs one read and two writes of the log. A rate limit costs one write more, and so does a receiver's failure. A
receiver that is well costs none: its health is read along, and has no item.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.correlation import correlated
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger import event_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.webhooks.counters import health_from, note_failure, note_success, place_in_minute
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry, entry_from
from chalicelib.aws.webhooks.delivery_queue import MAX_DELAY_SECONDS, QueuedDelivery
from chalicelib.aws.webhooks.items import webhook_from
from chalicelib.aws.webhooks.outbound import Outbound
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.domain.webhooks import deliveries, pacing
from chalicelib.domain.webhooks.deliveries import LEASE, Answer, Delivery, Settled, State, Wait
from chalicelib.domain.webhooks.health import Health, reason_to_disable
from chalicelib.domain.webhooks.webhook import TEST_EVENT, Webhook
from chalicelib.registry import webhooks
from chalicelib.registry.webhooks.posting import post, verdict_of


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of a queued delivery. It is due again in ``again_in`` seconds, or never if that is None.

    A FAILED delivery has ``again_in`` 0: its message stays in the queue, which moves it to the dead letters. A delivery
    that is ``held_back`` by the rate limit is to be queued anew: the queue counts how often a message was received, and
    waiting must not bring it nearer to the dead letters.
    ``correlation_id`` is that of the event; empty for a test, and if nothing was attempted.
    """

    state: str
    again_in: int | None
    status: int | None = None
    attempt: int = 0
    held_back: bool = False
    correlation_id: str = ""


def send(services: Services, outbound: Outbound, queued: QueuedDelivery, request_id: str) -> Progress:
    """Attempt a delivery if it is due and nobody else is sending it, and log the attempt."""
    webhook_key = keys.webhook(queued.webhook)
    delivery_key = keys.delivery(queued.webhook, queued.delivery)
    event_key = _event_key(queued)
    health_key = keys.webhook_health(queued.webhook)
    asked = (webhook_key, delivery_key, health_key, event_key)
    items = services.table.load([key for key in asked if key is not None])
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
    seconds = _wait_for_rate(services, webhook)
    if seconds:
        return _held_back(services, log, entry, seconds)
    claimed = log.save(entry, claim.delivery, services.clock())
    if claimed is None:
        return Progress("waiting", _lease_seconds())
    event = None if event_key is None else event_items.event_from(items[event_key])
    was = health_from(items.get(health_key))
    belongs_to = "" if event is None else correlation_of(event)
    with correlated(belongs_to):
        attempted = _attempt(services, outbound, webhook, claimed, event, was, request_id)
    return replace(attempted, correlation_id=belongs_to)


def _wait_for_rate(services: Services, webhook: Webhook) -> int:
    """For how many seconds the webhook's rate limit lets a delivery wait; 0 if it may be sent now."""
    if webhook.rate_limit is None:
        return 0
    now = services.clock()
    place = place_in_minute(services.table, webhook.id, now)
    return pacing.wait(place, webhook.rate_limit, now, random.random(), MAX_DELAY_SECONDS)  # noqa: S311 - spreads waits


def _held_back(services: Services, log: DeliveryLog, entry: Entry, seconds: int) -> Progress:
    """Let a delivery wait for the rate limit. The log shows until when."""
    now = services.clock()
    held = log.save(entry, deliveries.held_back(entry.delivery, pacing.until(now, seconds)), now)
    if held is None:
        return Progress("waiting", _lease_seconds())
    return Progress("held back", seconds, held_back=True)


def _attempt(
    services: Services,
    outbound: Outbound,
    webhook: Webhook,
    claimed: Entry,
    event: Mapping[str, Any] | None,
    was: Health,
    request_id: str,
) -> Progress:
    """POST the delivery of a claimed log entry, and log the outcome. ``was`` is the receiver's health before."""
    delivery = claimed.delivery
    began, tick = services.clock(), time.monotonic()
    outcome = post(services, outbound, webhook, delivery, event, began)
    milliseconds = round((time.monotonic() - tick) * 1000)
    if deliveries.is_gone(outcome):
        webhooks.saving.disable_gone(services, request_id, webhook)
    now = services.clock()
    jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
    verdict, most = verdict_of(webhook, outcome), webhook.max_attempts
    settled = deliveries.settle(delivery, outcome, verdict, began, now, milliseconds, jitter, most)
    # If another sender has claimed the delivery meanwhile, this write fails and the other's outcome counts.
    if DeliveryLog(services.table).save(claimed, settled, now) is not None:
        _judge(services, webhook, settled, was, request_id)
    return Progress(
        settled.state.value,
        deliveries.due_in(settled, now),
        outcome.status if isinstance(outcome, Answer) else None,
        settled.claims,
    )


def _judge(services: Services, webhook: Webhook, settled: Delivery, was: Health, request_id: str) -> None:
    """Note how the receiver did, and disable the webhook if it has failed for too long.

    A sender that dies before this has counted one failure too few. A retry that fails is noted only if the failure is
    not known yet, so that it costs nothing.
    """
    if settled.state is State.SUCCEEDED:
        if was.failing_since is not None:
            note_success(services.table, webhook.id)
        return
    failed_for_good = settled.state is State.FAILED
    if settled.state is State.CANCELLED or (was.failing_since is not None and not failed_for_good):
        return
    health = note_failure(services.table, webhook.id, settled.attempts[-1].time, failed_for_good)
    reason = reason_to_disable(health, services.clock()) if failed_for_good else None
    if reason is not None:
        webhooks.saving.disable_failing(services, request_id, webhook, reason)


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
