"""Pauses between attempts at a call that AWS throttles, within the time that the caller has."""

import random
import time
from collections.abc import Callable
from typing import Final

# Together with the twenty seconds for which a change is tried again, this stays under the gateway's 29.
SECONDS: Final = 5.0
_FIRST_CEILING: Final = 0.05
_HIGHEST_CEILING: Final = 1.0


class Pauses:
    """Pauses for one call, counted from when this object is created. Each is random, below a ceiling that doubles."""

    def __init__(self, sleep: Callable[[float], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._deadline = monotonic() + SECONDS
        self._ceiling = _FIRST_CEILING

    def pause(self) -> bool:
        """Wait before the next attempt. Returns False, without waiting, if no time is left for it."""
        if self._monotonic() + self._ceiling > self._deadline:
            return False
        self._sleep(random.uniform(0, self._ceiling))  # noqa: S311 - spreads retries, guards nothing
        self._ceiling = min(2 * self._ceiling, _HIGHEST_CEILING)
        return True
