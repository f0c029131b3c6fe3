"""Deliveries: one event to one webhook, attempted until it succeeds or all attempts are used up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.instants import Instant, later, moment

# The pauses after failed attempts. The last attempt has none.
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
# A receiver may ask for a later retry, but at most this much later.
LONGEST_RETRY_AFTER: Final = timedelta(hours=1)
# Longer than an attempt can take. After it, the sender that claimed the delivery must have died.
LEASE: Final = timedelta(seconds=60)
MAX_EXCERPT: Final = 1024
MAX_ERROR: Final = 500


class State(StrEnum):
    """PENDING at first, then SUCCEEDED, FAILED (no attempts are left) or CANCELLED (the webhook was disabled)."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. ``status`` is None if no answer came; ``error`` is None if the attempt succeeded.

    ``excerpt`` is the beginning of the answer's body, at most 1,024 characters. ``links`` are URLs found in the answer,
    such as that of the pipeline that was started, by what they lead to.
    """

    time: Instant
    duration_ms: int
    status: int | None
    error: str | None
    excerpt: str
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The log entry of a delivery. ``ledger`` and ``sequence`` are the place of its event; a test has none.

    In some formats one event may make several deliveries. Then ``event_type`` is the format's name for the event, and
    ``part`` is the index of this delivery among them.

    ``round`` is 1, and one more for each redelivery. A redelivery starts with no attempts. ``claims`` counts the
    attempts begun in this round; a running attempt has the delivery to itself until ``leased_until``. ``attempts`` are
    the finished attempts of this round.
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
    """The answer of a receiver: its status, Retry-After and Location headers, and the beginning of its body."""

    status: int
    retry_after: str | None = None
    excerpt: str = ""
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer came. ``error`` says why. ``final``: no later attempt can do better."""

    error: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the outcome of an attempt means: success if ``error`` is None.

    ``final``: later attempts would fail in the same way, so there are none. ``links`` are URLs found in the answer.
    """

    error: str | None = None
    final: bool = False
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Send the delivery now, after storing ``delivery``."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Wait:
    """Do not send now: another sender has claimed it, or it is too early. Come back after ``seconds``."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Settled:
    """There is nothing more to send. ``exhausted``: it failed for good and belongs in the dead-letter queue."""

    exhausted: bool


Claim: TypeAlias = Claimed | Wait | Settled


def delivery_id(webhook: str, event: Mapping[str, Any], part: int | None = None) -> str:
    """The id of a delivery, always the same for an event, part and webhook: 32 hexadecimal digits.

    Ids sort by the time of the event.
    """
    named = f"{webhook}\n{event['id']}" + ("" if part is None else f"\n{part}")
    return first_id(event["time"]) + sha256_hex(named)[:20]


def first_id(time: Instant) -> str:
    """What the ids of deliveries of events at ``time`` begin with. It sorts before them, and after all earlier ones."""
    milliseconds = int(moment(time).timestamp() * 1000)
    return f"{milliseconds:012x}"


def claim(delivery: Delivery, queued_round: int, now: Instant) -> Claim:
    """Whether to send the delivery ``now``. ``queued_round`` is the round of the queued message."""
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
    verdict: Verdict,
    began: Instant,
    now: Instant,
    duration_ms: int,
    jitter: float,
    max_attempts: int | None = None,
) -> Delivery:
    """The delivery after an attempt, with the time of the next one if there is to be one.

    ``verdict`` is what the webhook's format makes of the outcome. ``jitter``, from 0 to 1, spreads the retries of many
    deliveries. ``max_attempts`` is how many attempts the webhook allows, None for as many as the schedule has.
    """
    error = verdict.error
    attempt = Attempt(
        began,
        duration_ms,
        outcome.status if isinstance(outcome, Answer) else None,
        None if error is None else error[:MAX_ERROR],
        outcome.excerpt[:MAX_EXCERPT] if isinstance(outcome, Answer) else "",
        verdict.links,
    )
    ended = replace(claimed, attempts=(*claimed.attempts, attempt), leased_until=None, next_attempt_at=None)
    if error is None:
        return replace(ended, state=State.SUCCEEDED, finished_at=now)
    if is_gone(outcome):
        return replace(ended, state=State.CANCELLED, finished_at=now)
    if verdict.final or claimed.claims >= (max_attempts or MAX_ATTEMPTS):
        return replace(ended, state=State.FAILED, finished_at=now)
    return replace(ended, next_attempt_at=later(now, _pause(claimed.claims, outcome, now, jitter)))


def held_back(delivery: Delivery, until: Instant) -> Delivery:
    """The delivery that waits because its webhook has had its deliveries of this minute. No attempt is used up."""
    return replace(delivery, next_attempt_at=until)


def cancel(delivery: Delivery, now: Instant) -> Delivery:
    """The delivery after its webhook was disabled before it succeeded."""
    return replace(delivery, state=State.CANCELLED, leased_until=None, next_attempt_at=None, finished_at=now)


def again(delivery: Delivery) -> Delivery:
    """The delivery queued again, whatever its state: a new round, with all attempts to come."""
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
    """In how many seconds the delivery's message should come again; None if it succeeded or was cancelled.

    It is 0 after it failed for good: the queue counts how often a message came, and moves it to the dead letters.
    """
    if delivery.state in (State.SUCCEEDED, State.CANCELLED):
        return None
    if delivery.next_attempt_at is None or delivery.next_attempt_at <= now:
        return 0
    return _seconds(now, delivery.next_attempt_at)


def failure_of(outcome: Answer | Failure) -> str | None:
    """Why an attempt failed; None if it succeeded. Only a 2xx status is success. Redirects are not followed."""
    if isinstance(outcome, Failure):
        return outcome.error
    if 200 <= outcome.status < 300:
        return None
    if 300 <= outcome.status < 400:
        return f"the receiver answered {outcome.status}; redirects are not followed"
    if outcome.status == 410:
        return "the receiver answered 410 Gone; its webhook is disabled"
    return f"the receiver answered {outcome.status}"


def verdict_on(answer: Answer) -> Verdict:
    """The verdict of formats whose receivers may mend themselves: any failure is tried again."""
    return Verdict(failure_of(answer))


def is_gone(outcome: Answer | Failure) -> bool:
    """Whether the receiver answered 410 Gone: it wants no more deliveries, so the webhook should be disabled."""
    return isinstance(outcome, Answer) and outcome.status == 410


def _pause(claims: int, outcome: Answer | Failure, now: Instant, jitter: float) -> timedelta:
    """The pause until the next attempt: as scheduled, or longer if the receiver is busy and asks for it."""
    scheduled = RETRY_PAUSES[claims - 1] * (0.9 + 0.2 * jitter)
    requested = timedelta()
    if isinstance(outcome, Answer) and outcome.status in (403, 429, 503) and outcome.retry_after is not None:
        requested = min(_requested_pause(outcome.retry_after, now), LONGEST_RETRY_AFTER)
    return min(max(scheduled, requested), LONGEST_PAUSE)


def _requested_pause(retry_after: str, now: Instant) -> timedelta:
    """The pause that a Retry-After header asks for: seconds or a date (RFC 9110, 10.2.3). Zero if it is unreadable."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        # Checked before converting: the header may have any number of digits.
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
