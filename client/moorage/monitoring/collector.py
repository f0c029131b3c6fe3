"""The windows of a server that runs: what it sees is counted at once, and never kept."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from moorage.monitoring.columns import Data
from moorage.monitoring.profile import Profile, merge, window

# A Monday, as in the registry: its windows of a week begin on Mondays.
_EPOCH = datetime(1970, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClosedWindow:
    """A window that is over, to be reported: when it began, and what was seen in it."""

    start: datetime
    profile: Profile

    @property
    def n(self) -> int:
        """How many rows were seen."""
        return next((feature.n + feature.missing for feature in self.profile.features), 0)


class Collector:
    """Counts what a server sees, by windows of ``period``, in the bins of ``baseline``. Threads may share it.

    Windows begin at multiples of the period from a Monday on, in UTC: those of a day at midnight, those of a week on
    Mondays. So those of several servers fit together. Data that comes late, when its window was taken, counts in the
    next one: a second window of the same time would replace the first when it is reported.
    """

    def __init__(self, baseline: Profile, period: timedelta = timedelta(hours=1)) -> None:
        if period <= timedelta(0):
            raise ValueError(f"the period is {period}: give a positive one")
        self._baseline = baseline
        self._period = period
        self._open: dict[datetime, Profile] = {}
        # Windows that began before this were taken.
        self._taken = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was seen since the last window that was taken."""
        return not self._open

    def observe(self, data: Data, at: datetime) -> None:
        """Count data that was seen at a time with a time zone. Raises ValueError as ``window`` does."""
        if at.tzinfo is None:
            raise ValueError("at has no time zone: give an aware datetime, such as datetime.now(UTC)")
        seen = window(data, self._baseline)
        with self._lock:
            start = max(self._start(at), self._taken)
            before = self._open.get(start)
            self._open[start] = seen if before is None else merge([before, seen])

    def take_closed(self, now: datetime) -> list[ClosedWindow]:
        """The windows that ended by ``now``, oldest first. They are forgotten here, so report or keep them."""
        with self._lock:
            self._taken = max(self._start(now), self._taken)
            starts = sorted(start for start in self._open if start + self._period <= now)
            return [ClosedWindow(start, self._open.pop(start)) for start in starts]

    def _start(self, at: datetime) -> datetime:
        """When the window began that a time lies in."""
        # In UTC, because a day of a zone that changes its clocks may have 23 hours.
        moment = at.astimezone(UTC)
        return moment - (moment - _EPOCH) % self._period
