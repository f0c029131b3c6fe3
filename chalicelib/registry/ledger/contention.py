"""Try again after another writer was faster, for as long as the caller can wait."""

import random
import time
from collections.abc import Callable
from typing import Final

from chalicelib.domain.errors import ContentionError

# The gateway ends an API request after 29 seconds, so this leaves time to answer.
RETRY_SECONDS: Final = 20.0
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 1.5


class Attempts:
    """Attempts at one change, for ``RETRY_SECONDS`` from when this object is created."""

    def __init__(self, sleep: Callable[[float], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._deadline = monotonic() + RETRY_SECONDS
        self._pause = _FIRST_PAUSE

    def wait_for_next(self) -> None:
        """Pause after a lost race, longer each time. Raises ContentionError if no time is left for another attempt."""
        if self._monotonic() + self._pause > self._deadline:
            raise ContentionError("Other writers were faster each time for 20 seconds. Nothing was changed; try again.")
        self._sleep(random.uniform(0, self._pause))  # noqa: S311 - spreads retries, guards nothing
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
