"""Try again after another writer was faster, for as long as the caller can wait.

Writers of one record wait fairly. A pause is random, up to a bound that shrinks with each lost race: whoever came last
waits longest, and the oldest writer waits least. The bound is a multiple of how long the writer's own last attempt
took, so it suits a quick table and a slow one. ``bench/contention.py`` simulates many writers at once.
"""

import random
import time
from collections.abc import Callable
from typing import Final

from chalicelib.domain.errors import ContentionError

# The gateway ends an API request after 29 seconds, so this leaves time to answer.
RETRY_SECONDS: Final = 20.0
# The longest pause after the first lost race, in durations of an attempt. After n lost races it is this over sqrt(n).
_LONGEST_PAUSE: Final = 8.0
# A clock may tell no time between two reads, and a pause must be one.
_SHORTEST_ATTEMPT: Final = 0.002


class Attempts:
    """Attempts at one change, for ``RETRY_SECONDS`` from when its request began, or from now."""

    def __init__(
        self,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float] = time.monotonic,
        began: float | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._uniform = uniform
        self._attempt_began = monotonic()
        self._deadline = (self._attempt_began if began is None else began) + RETRY_SECONDS
        self._lost = 0

    def wait_for_next(self) -> None:
        """Pause after a lost race. Raises ContentionError if no time is left for another attempt."""
        now = self._monotonic()
        attempt = max(now - self._attempt_began, _SHORTEST_ATTEMPT)
        self._lost += 1
        pause = self._uniform(0, _LONGEST_PAUSE * attempt / self._lost**0.5)
        if now + pause + attempt > self._deadline:
            raise ContentionError(
                f"Other requests were faster each time, until the {RETRY_SECONDS:.0f} seconds of this one were over. "
                "This change was not made; try again."
            )
        self._sleep(pause)
        self._attempt_began = self._monotonic()
