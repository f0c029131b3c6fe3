"""Points in time, as fixed-width RFC 3339 text in UTC: ``2026-11-23T09:30:00.000Z``.

Text of one width sorts as time does, is stored and shown without conversion, and hashes the same everywhere.
"""

from datetime import UTC, datetime, timedelta
from typing import NewType

Instant = NewType("Instant", str)


def instant(moment: datetime) -> Instant:
    """``moment`` (which must know its zone) cut to milliseconds."""
    return Instant(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z")


def moment(at: Instant) -> datetime:
    return datetime.fromisoformat(at)


def later(at: Instant, by: timedelta) -> Instant:
    return instant(moment(at) + by)


def epoch_seconds(at: Instant) -> int:
    return int(moment(at).timestamp())
