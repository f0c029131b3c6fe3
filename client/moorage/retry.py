"""When to try a call again, and how long to wait before it.

Only calls that may safely be repeated come here: reads, writes under an idempotency key, and puts
of exact bytes.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

Result = TypeVar("Result")


class RetryableError(Exception):
    """Raised by an attempt that may be repeated; ``reason`` is what to raise once no attempt is left."""

    def __init__(self, reason: Exception, after: float | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.after = after


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most ``attempts`` tries, with full jitter under a doubling ceiling.

    A server that names a wait (``Retry-After``) is given at least that long; one that names more
    than ``patience`` seconds is not waited for.
    """

    attempts: int = 6
    first_ceiling: float = 0.25
    highest_ceiling: float = 15.0
    patience: float = 120.0
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def run(self, attempt: Callable[[], Result]) -> Result:
        """What ``attempt`` returns, repeated while it raises ``RetryableError`` and attempts are left."""
        for number in range(1, self.attempts + 1):
            try:
                return attempt()
            except RetryableError as error:
                if number == self.attempts or (error.after or 0.0) > self.patience:
                    raise error.reason from error
                self.sleep(self._wait(number, error.after))
        raise ValueError("a retry policy needs at least one attempt")

    def _wait(self, number: int, after: float | None) -> float:
        ceiling = min(self.highest_ceiling, self.first_ceiling * 2.0 ** (number - 1))
        return (after or 0.0) + ceiling * self.jitter()


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (a number or an HTTP date), None without one."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        # Not a wait that HTTP defines: the policy's own wait serves.
        return None
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
