"""Trying again after another writer was faster, for as long as the caller can be kept waiting."""

import random
import time
from collections.abc import Callable
from typing import Final

from chalicelib.domain.errors import ContentionError

# Leaves an API request, which the gateway ends after 29 s, time to answer.
RETRY_SECONDS: Final = 20.0
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 1.5


class Attempts:
    """The attempts at one change. They begin when this is made."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._sleep = sleep
        self._given_up = time.monotonic() + RETRY_SECONDS
        self._pause = _FIRST_PAUSE

    def wait_for_next(self) -> None:
        """Pause after a lost race, longer each time. Raises ContentionError if no time is left for another attempt."""
        if time.monotonic() + self._pause > self._given_up:
            raise ContentionError("Other writers were faster each time for 20 seconds. Nothing was changed; try again.")
        self._sleep(random.uniform(0, self._pause))  # noqa: S311 - spreads retries, guards nothing
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
