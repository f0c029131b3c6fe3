"""Points in time, as fixed-width RFC 3339 text in UTC: ``2026-11-23T09:30:00.000Z``.

Text of one width sorts in the order of time. It is stored and shown without conversion, and hashes the same everywhere.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NewType

from chalicelib.domain.errors import InvalidInputError

_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")

Instant = NewType("Instant", str)


def instant(moment: datetime) -> Instant:
    """``moment`` as an instant, cut to milliseconds. It must have a time zone."""
    return Instant(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z")


def moment(at: Instant) -> datetime:
    """The instant as a datetime in UTC."""
    return datetime.fromisoformat(at)


def parsed(text: str) -> Instant:
    """The instant of an RFC 3339 time with its zone. Raises InvalidInputError for anything else."""
    try:
        given = datetime.fromisoformat(text)
        at = instant(given)
        # A year before 1000 would make a narrower text, which sorts wrongly.
        if given.tzinfo is None or not _DATED.match(text) or len(at) != len("2026-11-23T09:30:00.000Z"):
            raise ValueError(text)
        return at
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"{text!r} is not a time such as 2026-11-23T09:30:00Z: give the date, the time and the zone."
        ) from None


def later(at: Instant, by: timedelta) -> Instant:
    """The instant ``by`` after ``at``; before it, if ``by`` is negative."""
    return instant(moment(at) + by)


def epoch_seconds(at: Instant) -> int:
    """Whole seconds since 1970, rounded down."""
    return int(moment(at).timestamp())


def epoch_milliseconds(at: Instant) -> int:
    """Milliseconds since 1970."""
    return round(moment(at).timestamp() * 1000)
