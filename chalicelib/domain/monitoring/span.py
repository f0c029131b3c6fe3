"""How long the windows of a monitor are, and how long they are kept."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.instants import Instant, later, moment

# A Monday, 00:00 UTC: windows of a week begin on Mondays.
_EPOCH: Final = datetime(1970, 1, 5, tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class Span(StrEnum):
    """An hour, a day (UTC), or a week from Monday on (UTC)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"

    @property
    def length(self) -> timedelta:
        return _LENGTHS[self]

    @property
    def kept(self) -> timedelta:
        """How long a window is kept after it came."""
        return _KEPT[self]

    def begins_at(self, start: Instant) -> bool:
        """Whether a window of this length can begin at ``start``."""
        return not (moment(start) - _EPOCH) % self.length

    def end(self, start: Instant) -> Instant:
        """The end of the window that begins at ``start``, or the last instant that there is, if that is before it."""
        return later(start, min(self.length, _LAST - moment(start)))


_LENGTHS: Final = {Span.HOUR: timedelta(hours=1), Span.DAY: timedelta(days=1), Span.WEEK: timedelta(weeks=1)}
_KEPT: Final = {Span.HOUR: timedelta(days=30), Span.DAY: timedelta(days=396), Span.WEEK: timedelta(days=3 * 366)}
