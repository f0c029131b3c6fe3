"""Deliveries: one event to one webhook, attempted until it gets through or its attempts are used up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.instants import Instant, later, moment

# The pause after each failed attempt but the last.
RETRY_PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
MAX_ATTEMPTS: Final = len(RETRY_PAUSES) + 1
# SQS hides a message for at most 12 hours after it was received, the time of the attempt included.
LONGEST_PAUSE: Final = timedelta(hours=11, minutes=50)
# A receiver may ask for patience, but not park its deliveries.
LONGEST_RETRY_AFTER: Final = timedelta(hours=1)
# Longer than an attempt can take: after it, whoever claimed the delivery has died.
LEASE: Final = timedelta(seconds=60)
MAX_EXCERPT: Final = 1024
MAX_ERROR: Final = 500


class State(StrEnum):
    """PENDING, then SUCCEEDED, FAILED (attempts used up) or CANCELLED (the webhook was switched off)."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: ``status`` is None when no answer came, ``error`` None when the receiver took it."""

    time: Instant
    duration_ms: int
    status: int | None
    error: str | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """The log entry of a delivery. ``ledger`` and ``sequence`` say where its event lies; a test has none.

    In MLflow's format one event may be told in several deliveries: ``event_type`` is then MLflow's event and ``part``
    says which of the notices of our event it is.

    ``round`` counts how often it was queued on purpose: 1, then one more for each redelivery, which starts
    with no attempts. ``claims`` counts attempts begun in this round; the one that runs holds the delivery
    until ``leased_until``. ``attempts`` are those of this round that ended.
    """

    id: str
    webhook: str
    event_type: str
    ledger: str | None
    sequence: int | None
    created_at: Instant
    state: State = State.PENDING
    round: int = 1
    claims: int = 0
    leased_until: Instant | None = None
    next_attempt_at: Instant | None = None
    finished_at: Instant | None = None
    attempts: tuple[Attempt, ...] = ()
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered: enough to decide on and to show."""

    status: int
    retry_after: str | None = None
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer came, and why."""

    error: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Go on and send; write ``delivery`` first."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: somebody else is sending it, or it is too early."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing to send any more. ``exhausted``: it failed for good and belongs among the dead letters."""

    exhausted: bool


Claim: TypeAlias = Claimed | Wait | Settled


def delivery_id(webhook: str, event: Mapping[str, Any], part: int | None = None) -> str:
    """The id of the delivery of ``event``, or a part of it, to ``webhook``: always the same, sorting as time does."""
    milliseconds = int(moment(event["time"]).timestamp() * 1000)
    named = f"{webhook}\n{event['id']}" + ("" if part is None else f"\n{part}")
    return f"{milliseconds:012x}" + sha256_hex(named)[:20]


def claim(delivery: Delivery, queued_round: int, now: Instant) -> Claim:
    """Whether a queued message of round ``queued_round`` is to be sent ``now``."""
    if queued_round < delivery.round or delivery.state in (State.SUCCEEDED, State.CANCELLED):
        return Settled(exhausted=False)
    if delivery.state is State.FAILED:
        return Settled(exhausted=True)
    if delivery.leased_until is not None and now < delivery.leased_until:
        return Wait(_seconds(now, delivery.leased_until))
    if delivery.next_attempt_at is not None and now < delivery.next_attempt_at:
        return Wait(_seconds(now, delivery.next_attempt_at))
    return Claimed(replace(delivery, claims=delivery.claims + 1, leased_until=later(now, LEASE)))


def settle(
    claimed: Delivery,
    outcome: Answer | Failure,
    began: Instant,
    now: Instant,
    duration_ms: int,
    jitter: float,
) -> Delivery:
    """The delivery after an attempt. ``jitter``, from 0 to 1, spreads the retries of many deliveries."""
    error = failure_of(outcome)
    attempt = Attempt(
        began,
        duration_ms,
        outcome.status if isinstance(outcome, Answer) else None,
        None if error is None else error[:MAX_ERROR],
        outcome.excerpt[:MAX_EXCERPT] if isinstance(outcome, Answer) else "",
    )
    ended = replace(claimed, attempts=(*claimed.attempts, attempt), leased_until=None, next_attempt_at=None)
    if error is None:
        return replace(ended, state=State.SUCCEEDED, finished_at=now)
    if is_gone(outcome):
        return replace(ended, state=State.CANCELLED, finished_at=now)
    if claimed.claims >= MAX_ATTEMPTS:
        return replace(ended, state=State.FAILED, finished_at=now)
    return replace(ended, next_attempt_at=later(now, _pause(claimed.claims, outcome, now, jitter)))


def cancel(delivery: Delivery, now: Instant) -> Delivery:
    """The delivery when its webhook is switched off before it got through."""
    return replace(delivery, state=State.CANCELLED, leased_until=None, next_attempt_at=None, finished_at=now)


def again(delivery: Delivery) -> Delivery:
    """The delivery queued once more, whatever became of it: a new round with all its attempts."""
    return Delivery(
        delivery.id,
        delivery.webhook,
        delivery.event_type,
        delivery.ledger,
        delivery.sequence,
        delivery.created_at,
        round=delivery.round + 1,
        part=delivery.part,
    )


def due_in(delivery: Delivery, now: Instant) -> int | None:
    """In how many seconds the delivery's message is to come again: never when it succeeded or was cancelled.

    At once when it failed for good: the queue counts how often a message came, and makes it a dead letter.
    """
    if delivery.state in (State.SUCCEEDED, State.CANCELLED):
        return None
    if delivery.next_attempt_at is None or delivery.next_attempt_at <= now:
        return 0
    return _seconds(now, delivery.next_attempt_at)


def failure_of(outcome: Answer | Failure) -> str | None:
    """Why an attempt failed, or None: only a 2xx is success, and a redirect is never followed."""
    if isinstance(outcome, Failure):
        return outcome.error
    if 200 <= outcome.status < 300:
        return None
    if 300 <= outcome.status < 400:
        return f"the receiver answered {outcome.status}; redirects are not followed"
    if outcome.status == 410:
        return "the receiver answered 410 Gone; its webhook is disabled"
    return f"the receiver answered {outcome.status}"


def is_gone(outcome: Answer | Failure) -> bool:
    """Whether the receiver wants no more deliveries: then the webhook is to be disabled."""
    return isinstance(outcome, Answer) and outcome.status == 410


def _pause(claims: int, outcome: Answer | Failure, now: Instant, jitter: float) -> timedelta:
    scheduled = RETRY_PAUSES[claims - 1] * (0.9 + 0.2 * jitter)
    asked = timedelta()
    if isinstance(outcome, Answer) and outcome.status in (429, 503) and outcome.retry_after is not None:
        asked = min(_asked_pause(outcome.retry_after, now), LONGEST_RETRY_AFTER)
    return min(max(scheduled, asked), LONGEST_PAUSE)


def _asked_pause(retry_after: str, now: Instant) -> timedelta:
    """What a Retry-After header asks for: seconds or a date (RFC 9110, 10.2.3). Nothing if unreadable."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        # Cut before converting: the header may hold any number of digits.
        return timedelta(seconds=int(text)) if len(text) <= 7 else LONGEST_RETRY_AFTER
    try:
        at = parsedate_to_datetime(text)
        return max(_in_utc(at) - moment(now), timedelta())
    except (ValueError, OverflowError):
        return timedelta()


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _seconds(now: Instant, until: Instant) -> int:
    return math.ceil((moment(until) - moment(now)).total_seconds())
