"""When a cron expression fires in a time zone, with both days on which the clocks change.

A time of day that the clocks skip fires once, when they have been put forward. One that they repeat fires once, the
first time. An expression that allows every hour follows the passing of time instead: what is skipped is not made up
for, since the next hour comes at once, and what is repeated fires both times. This is what Vixie's cron means to do.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.schedules.cron import Cron

MAX_ZONE: Final = 64
_ZONE: Final = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*")
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as ``Europe/Berlin``. Raises InvalidInputError."""
    try:
        if len(name) > MAX_ZONE or not _ZONE.fullmatch(name):
            raise ValueError(name)
        return ZoneInfo(name)
    # KeyError: unknown. ValueError: not the form of a key. OSError: the name is of a directory of zones.
    except (KeyError, ValueError, OSError):
        message = f"{name[:MAX_ZONE]!r} is not a time zone such as Europe/Berlin or UTC"
        raise InvalidInputError(f"/when/zone {message}.", [Problem("/when/zone", message)]) from None


def moments(cron: Cron, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """The times in UTC at which an expression fires after ``after``, in order, each once."""
    # A clock that is put back just after midnight returns to the day before. So the times of a date are held until the
    # first one of the next date is known.
    held: set[datetime] = set()
    for day in cron.dates(after.astimezone(zone).date() - _DAY):
        of_day = _of_day(cron, zone, day)
        if not of_day:
            continue
        begins = min(of_day)
        done = {moment for moment in held if moment < begins}
        yield from sorted(moment for moment in done if moment > after)
        held = (held - done) | of_day
    yield from sorted(moment for moment in held if moment > after)


def _of_day(cron: Cron, zone: ZoneInfo, day: date) -> set[datetime]:
    """When an expression fires on a local date, in UTC."""
    midnight = datetime.combine(day, time())
    times = [timedelta(hours=hour, minutes=minute) for hour in cron.hours for minute in cron.minutes]
    offset = zone.utcoffset(midnight - _DAY)
    if offset is not None and offset == zone.utcoffset(midnight + 2 * _DAY):
        begins = (midnight - offset).replace(tzinfo=UTC)
        return {begins + time_of_day for time_of_day in times}
    return {moment for time_of_day in times for moment in _resolved(midnight + time_of_day, zone, cron.every_hour)}


def _resolved(local: datetime, zone: ZoneInfo, every: bool) -> Iterator[datetime]:
    """The moments at which a clock shows ``local``: one, none while it is put forward, two while it is put back.

    Unless ``every`` of them counts, one that is skipped is made up for, and of two the first counts.
    """
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if late < early:
        # Skipped: the clock is put forward between the two.
        if not every:
            yield _change_between(zone, late, early)
        return
    yield early
    if every and late != early:
        yield late


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """When the zone's offset changes between two moments, to the second."""
    former = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == former:
            before = middle
        else:
            after = middle
    return after
