"""Cron expressions fire when croniter, an independent implementation, says that they do."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schedules.cron import parsed
from chalicelib.domain.schedules.local_time import moments
from tests.domain.schedules.expressions import ZONES, at_night, expressions

_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTES = 366 * 24 * 60
_SHOWN = 6


def changes(zone: ZoneInfo) -> list[datetime]:
    """The hours of a year within which the zone's clock is put forward or back."""
    hours = [_YEAR + timedelta(hours=hour) for hour in range(_MINUTES // 60)]
    after = timedelta(hours=1)
    return [hour for hour in hours if hour.astimezone(zone).utcoffset() != (hour + after).astimezone(zone).utcoffset()]


# On Lord Howe, the clock is put back by half an hour, and croniter leaves out the first minute after that.
CHANGES = {name: changes(ZoneInfo(name)) for name in ZONES if name != "Australia/Lord_Howe"}


def by_croniter(text: str, zone: ZoneInfo, after: datetime) -> list[datetime]:
    """When croniter fires, but for repeated times of day, at which it fires twice."""
    every_hour = parsed(text).every_hour
    # With this option it takes both days of a date as Vixie's cron does.
    fires = croniter(text, after.astimezone(zone), implement_cron_bug=True, max_years_between_matches=45)
    found: list[datetime] = []
    while len(found) < _SHOWN:
        moment = fires.get_next(datetime).astimezone(zone)
        if every_hour or not moment.fold:
            found.append(moment.astimezone(UTC))
    return found


def by_us(text: str, zone: ZoneInfo, after: datetime) -> list[datetime]:
    return list(islice(moments(parsed(text), zone, after), _SHOWN))


@given(text=expressions(), zone=st.sampled_from(ZONES), minute=st.integers(0, _MINUTES))
def test_expressions_fire_when_croniter_says(text: str, zone: str, minute: int) -> None:
    try:
        parsed(text)
    except InvalidInputError:
        assume(False)
    after = _YEAR + timedelta(minutes=minute)
    fired = by_us(text, ZoneInfo(zone), after)

    # Of a date that comes once in decades there may be fewer.
    assert fired == by_croniter(text, ZoneInfo(zone), after)[: len(fired)]
    assert fired


@pytest.mark.parametrize("zone", [name for name, hours in CHANGES.items() if hours])
@given(text=at_night(), which=st.integers(0, 1), before=st.integers(0, 12 * 60))
def test_expressions_fire_when_croniter_says_on_the_days_when_clocks_change(
    zone: str, text: str, which: int, before: int
) -> None:
    after = CHANGES[zone][which] - timedelta(minutes=before)

    assert by_us(text, ZoneInfo(zone), after) == by_croniter(text, ZoneInfo(zone), after)
