"""The rate limit of a webhook: which deliveries are sent in the minute in which they ask, and when others ask again.

Every delivery that asks gets the next place of the minute from one counter, so the limit holds however many senders
there are. The first ``limit`` places are sent. The others are spread over the following minutes, as many to each as it
can send, and ask again there. A delivery that finds its minute taken by others moves on once more.
"""

from datetime import timedelta
from typing import Final

from chalicelib.domain.instants import Instant, epoch_seconds, later

MINUTE: Final = 60


def wait(place: int, limit: int, now: Instant, jitter: float, longest: int) -> int:
    """For how many seconds a delivery with this place of the minute of ``now`` has to wait; 0: it is sent at once.

    ``jitter``, from 0 to below 1, spreads those of one minute over it. ``longest`` is the longest wait in seconds: a
    delivery that has to wait longer asks again after it.
    """
    minutes = (place - 1) // limit
    if minutes == 0:
        return 0
    left = MINUTE - epoch_seconds(now) % MINUTE
    return min(left + (minutes - 1) * MINUTE + int(jitter * MINUTE), longest)


def until(now: Instant, seconds: int) -> Instant:
    """The time ``seconds`` after ``now``."""
    return later(now, timedelta(seconds=seconds))
