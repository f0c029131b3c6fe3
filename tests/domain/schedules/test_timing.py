"""When timings fire, and how many times were missed."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import Instant, moment
from chalicelib.domain.schedules.timing import MAX_MISSED, Timing, checked
from tests.domain.schedules.build import NOON, at


def test_every_so_many_minutes_counts_from_when_it_was_set() -> None:
    timing = checked(Timing(every_minutes=90), NOON)

    assert list(islice(timing.after(NOON), 3)) == [at(90), at(180), at(270)]
    assert timing.next_after(at(179)) == at(180)
    assert timing.next_after(at(180)) == at(270)


@given(minutes=st.integers(5, 100_000), later=st.integers(0, 10_000_000))
def test_the_next_of_every_so_many_minutes_is_a_whole_number_of_periods_away(minutes: int, later: int) -> None:
    timing = checked(Timing(every_minutes=minutes), NOON)
    found = timing.next_after(at(later))
    assert found is not None

    passed = (moment(found) - moment(NOON)).total_seconds() / 60

    assert passed % minutes == 0
    assert 0 < passed - later <= minutes


def test_a_time_comes_once() -> None:
    timing = checked(Timing(at=at(30)), NOON)

    assert list(timing.after(NOON)) == [at(30)]
    assert timing.next_after(at(30)) is None


def test_a_cron_expression_is_in_its_zone() -> None:
    timing = checked(Timing("0 6 * * MON", "Europe/Berlin"), NOON)

    assert list(islice(timing.after(NOON), 2)) == ["2026-11-30T05:00:00.000Z", "2026-12-07T05:00:00.000Z"]


def test_missed_times_are_those_after_the_one_that_is_due() -> None:
    timing = checked(Timing(every_minutes=60), NOON)

    assert timing.missed(at(60), at(60)) == 0
    assert timing.missed(at(60), at(119)) == 0
    assert timing.missed(at(60), at(240)) == 3


def test_at_most_a_thousand_missed_times_are_counted() -> None:
    assert Timing("* * * * *").missed(NOON, at(1_001)) == MAX_MISSED


@pytest.mark.parametrize(
    ("timing", "pointer"),
    [
        (Timing(), "/when"),
        (Timing(cron="@daily", every_minutes=5), "/when"),
        (Timing(at=at(5), every_minutes=5), "/when"),
        (Timing(cron="never"), "/when/cron"),
        (Timing(cron="@daily", zone="Europe/Atlantis"), "/when/zone"),
        (Timing(at=at(5), zone="Europe/Berlin"), "/when/zone"),
        (Timing(every_minutes=5, zone="Europe/Berlin"), "/when/zone"),
        (Timing(every_minutes=4), "/when/every_minutes"),
        (Timing(every_minutes=527_041), "/when/every_minutes"),
        (Timing(at=NOON), "/when/at"),
        (Timing(at=Instant("2020-01-01T00:00:00.000Z")), "/when/at"),
    ],
)
def test_a_timing_that_says_no_or_several_times_or_a_past_one_is_refused(timing: Timing, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked(timing, NOON)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]
