"""When a schedule fires: by a cron expression in a time zone, once at a time, or every so many minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, islice, takewhile
from typing import Final

from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.instants import Instant, instant, moment
from chalicelib.domain.schedules import cron as expressions
from chalicelib.domain.schedules.local_time import moments, zone_named

UTC_ZONE: Final = "UTC"
# The keeper's own pace: nothing fires more often.
MIN_MINUTES: Final = 5
MAX_MINUTES: Final = 366 * 24 * 60
# How many missed times are counted. A time is missed if it passed while the keeper did not run.
MAX_MISSED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Timing:
    """One of three: ``cron`` in the time ``zone``, once ``at`` a time, or every ``every_minutes`` from ``since`` on."""

    cron: str | None = None
    zone: str = UTC_ZONE
    at: Instant | None = None
    every_minutes: int | None = None
    since: Instant = Instant("")

    def after(self, now: Instant) -> Iterator[Instant]:
        """The times after ``now``, in order. Raises InvalidInputError if the zone is not known, or no longer."""
        if self.cron is not None:
            zone = zone_named(self.zone)
            return map(instant, moments(expressions.parsed(self.cron), zone, moment(now)))
        if self.every_minutes is not None:
            return self._repeated(self.every_minutes, now)
        return iter([self.at] if self.at is not None and self.at > now else [])

    def next_after(self, now: Instant) -> Instant | None:
        """The first time after ``now``; None if there is none."""
        return next(self.after(now), None)

    def missed(self, due: Instant, now: Instant) -> int:
        """How many times have passed from after ``due`` until ``now``: at most 1,000 are counted."""
        return len(list(islice(takewhile(lambda at: at <= now, self.after(due)), MAX_MISSED)))

    def _repeated(self, minutes: int, now: Instant) -> Iterator[Instant]:
        since, period = moment(self.since), timedelta(minutes=minutes)
        first = max((moment(now) - since) // period, 0) + 1
        return (instant(since + times * period) for times in count(first))


def checked(timing: Timing, now: Instant) -> Timing:
    """The timing, counted from ``now``, if it is one of the three and fires after ``now``. Raises InvalidInputError."""
    given = [name for name in ("cron", "at", "every_minutes") if getattr(timing, name) is not None]
    if len(given) != 1:
        raise _invalid("/when", "must have exactly one of cron, at and every_minutes")
    if timing.cron is None and timing.zone != UTC_ZONE:
        raise _invalid("/when/zone", "belongs to a cron expression; a time has its zone in itself")
    if timing.every_minutes is not None and not MIN_MINUTES <= timing.every_minutes <= MAX_MINUTES:
        raise _invalid("/when/every_minutes", f"must be from {MIN_MINUTES} to {MAX_MINUTES}")
    if timing.at is not None and timing.at <= now:
        raise _invalid("/when/at", "lies in the past")
    counted = Timing(timing.cron, timing.zone, timing.at, timing.every_minutes, now)
    # Refuses an expression or a zone that is not valid.
    counted.next_after(now)
    return counted


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
