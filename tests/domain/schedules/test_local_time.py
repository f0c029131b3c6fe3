"""When cron expressions fire in time zones, above all on the days when clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schedules.cron import Cron, parsed
from chalicelib.domain.schedules.local_time import moments, zone_named
from tests.domain.schedules.expressions import ZONES, at_night

_MINUTE = timedelta(minutes=1)


def local(text: str, zone: str, after: str, count: int = 3) -> list[str]:
    """The next times in the zone's own clock, with its offset."""
    named = ZoneInfo(zone)
    found = islice(moments(parsed(text), named, datetime.fromisoformat(after)), count)
    return [moment.astimezone(named).strftime("%m-%d %H:%M%z") for moment in found]


def test_a_time_of_day_stays_the_same_in_summer_and_winter() -> None:
    assert local("0 6 * * MON", "Europe/Berlin", "2026-10-18T00:00Z") == [
        "10-19 06:00+0200",
        "10-26 06:00+0100",
        "11-02 06:00+0100",
    ]


def test_a_time_of_day_that_is_skipped_fires_when_the_clock_has_been_put_forward() -> None:
    assert local("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", 2) == ["03-29 03:00+0200", "03-30 02:30+0200"]


def test_several_skipped_times_of_day_fire_once() -> None:
    assert local("*/10 2 29 3 *", "Europe/Berlin", "2026-01-01T00:00Z", 2) == ["03-29 03:00+0200", "03-29 02:00+0200"]


def test_a_repeated_time_of_day_fires_the_first_time() -> None:
    assert local("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 2) == ["10-25 02:30+0200", "10-26 02:30+0100"]


def test_what_fires_every_hour_goes_on_while_an_hour_is_repeated_and_makes_up_for_none_that_is_skipped() -> None:
    assert local("30 * * * *", "Europe/Berlin", "2026-10-25T00:00Z") == [
        "10-25 02:30+0200",
        "10-25 02:30+0100",
        "10-25 03:30+0100",
    ]
    assert local("30 * * * *", "Europe/Berlin", "2026-03-29T00:00Z", 2) == ["03-29 01:30+0100", "03-29 03:30+0200"]


def test_a_clock_that_returns_to_the_day_before_repeats_no_firing() -> None:
    # Until 2011, clocks in St John's went from 00:01 back to 23:01.
    assert local("30 23 * * *", "America/St_Johns", "2010-11-06T12:00Z", 2) == ["11-06 23:30-0230", "11-07 23:30-0330"]
    assert local("*/30 * * * *", "America/St_Johns", "2010-11-07T02:29Z") == [
        "11-07 00:00-0230",
        "11-06 23:30-0330",
        "11-07 00:00-0330",
    ]
    # From a minute of the next day, before the clock returns.
    assert local("*/30 * * * *", "America/St_Johns", "2010-11-07T02:30Z", 1) == ["11-06 23:30-0330"]


def test_a_date_that_is_skipped_fires_when_the_next_one_begins() -> None:
    # Samoa left out 30 December 2011, when it changed sides of the date line.
    assert local("0 12 30 * *", "Pacific/Apia", "2011-12-01T00:00Z", 2) == ["12-31 00:00+1400", "01-30 12:00+1400"]


def minute_by_minute(cron: Cron, zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """When the expression fires, from a walk through every minute of the zone's clock."""
    shown = first.astimezone(zone).replace(tzinfo=None, fold=0)
    moment = first
    while moment <= last:
        clock = moment.astimezone(zone)
        skipped = []
        while shown < clock.replace(tzinfo=None, fold=0):
            skipped.append(shown)
            shown += _MINUTE
        made_up = not cron.every_hour and any(_fits(cron, one) for one in skipped)
        if made_up or (_fits(cron, clock) and (cron.every_hour or not clock.fold)):
            yield moment
        shown = max(shown, clock.replace(tzinfo=None, fold=0) + _MINUTE)
        moment += _MINUTE


def _fits(cron: Cron, clock: datetime) -> bool:
    return clock.minute in cron.minutes and clock.hour in cron.hours and cron.fits(clock.date())


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=8)
@given(text=at_night(), day=st.dates(date(2026, 1, 1), date(2026, 12, 31)), change=st.booleans())
def test_expressions_fire_at_the_minutes_at_which_the_clock_shows_them(
    zone: str, text: str, day: date, change: bool
) -> None:
    cron, named = parsed(text), ZoneInfo(zone)
    # Half of the days are such on which clocks in Europe, America or the south change.
    chosen = (date(2026, 3, 28), date(2026, 10, 24), date(2026, 3, 7), date(2026, 10, 31), date(2026, 4, 4))
    first = datetime.combine(chosen[day.day % 5] if change else day, datetime.min.time(), UTC)
    last = first + timedelta(days=2)
    # It begins at a minute that is not in a repeated hour, where a walk does not know what came before.
    walked = list(minute_by_minute(cron, named, first, last))

    found = list(islice(moments(cron, named, first - timedelta(microseconds=1)), len(walked) + 1))

    assert [moment for moment in found if moment <= last] == walked


@pytest.mark.parametrize("name", ["Mars/Olympus", "Europe", "../etc/passwd", "", "Europe/Berlin\x00", "x" * 65, "Ÿ"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        zone_named(name)

    assert refused.value.problems[0].pointer == "/when/zone"
