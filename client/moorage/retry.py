"""Retries: when to repeat a call, and how long to wait before.

This is only for calls that can be repeated safely: reads, writes with an idempotency key, and uploads of fixed bytes.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

Result = TypeVar("Result")

_LOG: Final = logging.getLogger(__name__)


class RetryableError(Exception):
    """Raised by an attempt that may be repeated.

    ``reason`` is the error to raise after the last attempt. ``after`` is the wait in seconds that the server asked for.
    """

    def __init__(self, reason: Exception, after: float | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.after = after


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a call is repeated, and the wait in between.

    A call is made at most ``attempts`` times. Each wait is random (full jitter), up to a ceiling in seconds that
    starts at ``first_ceiling`` and doubles up to ``highest_ceiling``. If the server asks for a wait (``Retry-After``),
    the wait is at least that long. If it asks for more than ``patience`` seconds, the call fails at once.
    """

    attempts: int = 6
    first_ceiling: float = 0.25
    highest_ceiling: float = 15.0
    patience: float = 120.0
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def run(self, attempt: Callable[[], Result]) -> Result:
        """Call ``attempt`` and return its result. Repeats it while it raises RetryableError and attempts are left."""
        for number in range(1, self.attempts + 1):
            try:
                return attempt()
            except RetryableError as error:
                if number == self.attempts or (error.after or 0.0) > self.patience:
                    raise error.reason from error
                wait = self._wait(number, error.after)
                reason = getattr(error.reason, "message", error.reason)
                _LOG.warning("attempt %d of %d failed, the next is in %.1f s: %s", number, self.attempts, wait, reason)
                self.sleep(wait)
        raise ValueError("a retry policy needs at least one attempt")

    def _wait(self, number: int, after: float | None) -> float:
        ceiling = min(self.highest_ceiling, self.first_ceiling * 2.0 ** (number - 1))
        return (after or 0.0) + ceiling * self.jitter()


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """The wait in seconds that a ``Retry-After`` header (a number or an HTTP date) asks for. None without a header."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        # This is no valid header value, so the policy's own wait applies.
        return None
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
