"""Cron expressions: five fields, with the meaning that Vixie's cron gives them.

The fields are minute (0-59), hour (0-23), day of the month (1-31), month (1-12 or JAN-DEC) and day of the week (0-7 or
SUN-SAT, where 0 and 7 are Sunday). A field is a list of ``*``, ``7``, ``1-5``, ``*/15``, ``1-20/5`` or ``3/5`` (from 3
to the end). If neither day begins with ``*``, a date fits if either of the two does; else both must.
Source: crontab(5) of Vixie's cron. ``3/5`` is an extension that most schedulers know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.domain.errors import InvalidInputError, Problem

MAX_CRON: Final = 200
_HOURS: Final = 24
# The longest wait for a date: from 29 February of 2096 to a certain weekday's in 2136, because 2100 is no leap year.
_HORIZON: Final = timedelta(days=40 * 366)
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_SHORT: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_PART: Final = re.compile(r"(?:(\*)|([0-9]{1,2}|[A-Z]{3})(?:-([0-9]{1,2}|[A-Z]{3}))?)(?:/([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()

    def value(self, text: str) -> int:
        if text in self.names:
            return self.lowest + self.names.index(text)
        if not text.isdigit() or not self.lowest <= int(text) <= self.highest:
            named = f", or {self.names[0]} to {self.names[-1]}" if self.names else ""
            raise _invalid(f"{text!r} is not a {self.name}: give {self.lowest} to {self.highest}{named}")
        return int(text)


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A parsed expression: the values that each field allows, sorted. Sunday is 0.

    ``either_day``: a date fits if its day of the month or its day of the week does.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    @property
    def every_hour(self) -> bool:
        """Whether it allows every hour, so that it is about the passing of time and not about a time of day."""
        return len(self.hours) == _HOURS

    def fits(self, day: date) -> bool:
        """Whether the expression fires on this date."""
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (of_month or of_week) if self.either_day else (of_month and of_week)

    def dates(self, first: date) -> Iterator[date]:
        """The dates that fit, from ``first`` on, for forty years: no longer than the year 9999."""
        for days in range(min(_HORIZON, date.max - first).days):
            day = first + timedelta(days=days)
            if self.fits(day):
                yield day


def parsed(text: str) -> Cron:
    """The expression that ``text`` says, in any case. Raises InvalidInputError, whose pointer is ``/when/cron``."""
    if not text.isascii() or len(text) > MAX_CRON:
        raise _invalid(f"must be at most {MAX_CRON} ASCII characters")
    short = text.strip().lower()
    if short.startswith("@") and short not in _SHORT:
        raise _invalid(f"{short!r} is none of {', '.join(_SHORT)}")
    fields = _SHORT.get(short, text).upper().split()
    if len(fields) != len(_FIELDS):
        raise _invalid(f"has {len(fields)} fields instead of 5: minute, hour, day of the month, month, day of the week")
    minutes, hours, days, months, weekdays = (
        _values(field, written) for field, written in zip(_FIELDS, fields, strict=True)
    )
    cron = Cron(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        either_day=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )
    if next(cron.dates(date(2000, 1, 1)), None) is None:
        raise _invalid("no month that it allows has such a day, so it never fires")
    return cron


def _values(field: _Field, written: str) -> frozenset[int]:
    return frozenset(value for part in written.split(",") for value in _part(field, part))


def _part(field: _Field, part: str) -> range:
    found = _PART.fullmatch(part)
    if found is None:
        raise _invalid(f"{part!r} is not a {field.name}: give *, a value, a range, or either with a step")
    star, first, last, step = found.groups()
    low = field.lowest if star else field.value(first)
    open_ended = field.highest if star or step else low
    high = open_ended if last is None else field.value(last)
    if high < low:
        raise _invalid(f"the range {part!r} ends before it begins; write it as two")
    if step is not None and int(step) == 0:
        raise _invalid(f"the step of {part!r} must be at least 1")
    return range(low, high + 1, 1 if step is None else int(step))


def _invalid(message: str) -> InvalidInputError:
    return InvalidInputError(f"The cron expression is not valid: {message}.", [Problem("/when/cron", message)])
