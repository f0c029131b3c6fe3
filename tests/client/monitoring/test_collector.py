"""The windows of a server that runs."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage.monitoring import Collector, baseline, window

from chalicelib.domain.instants import instant
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.window import Window, checked
from chalicelib.domain.statistics.histogram import from_document
from tests.domain.monitoring.build import definition

LIKE = baseline({"x": [1.0, 2.0, 3.0]})
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# Times before they have a zone.
YEARS = {"min_value": NOON.replace(tzinfo=None, year=2000), "max_value": NOON.replace(tzinfo=None, year=2100)}


def test_what_is_seen_in_an_hour_is_one_window() -> None:
    collector = Collector(LIKE)
    collector.observe([{"x": 1.0}], NOON)
    collector.observe([{"x": 9.0}], NOON + 59 * MINUTE)
    collector.observe([{"x": 2.0}], NOON + 60 * MINUTE)
    (closed,) = collector.take_closed(NOON + 60 * MINUTE)
    assert closed.start == NOON and closed.profile == window({"x": [1.0, 9.0]}, LIKE)


def test_a_window_is_taken_once_and_only_after_its_end() -> None:
    collector = Collector(LIKE, 5 * MINUTE)
    collector.observe([{"x": 1.0}], NOON + 6 * MINUTE)
    collector.observe([{"x": 1.0}], NOON)
    assert collector.take_closed(NOON + 4 * MINUTE) == []
    assert [closed.start for closed in collector.take_closed(NOON + 10 * MINUTE)] == [NOON, NOON + 5 * MINUTE]
    assert collector.take_closed(NOON + 10 * MINUTE) == []


def test_what_comes_late_for_a_window_that_was_taken_counts_in_the_next_one() -> None:
    collector = Collector(LIKE)
    collector.observe([{"x": 1.0}], NOON)
    assert [closed.start for closed in collector.take_closed(NOON + 60 * MINUTE)] == [NOON]
    collector.observe([{"x": 2.0}], NOON + 59 * MINUTE)
    (closed,) = collector.take_closed(NOON + 120 * MINUTE)
    assert (closed.start, closed.n) == (NOON + 60 * MINUTE, 1)


def test_windows_begin_at_the_same_time_in_every_zone() -> None:
    collector = Collector(LIKE)
    collector.observe([{"x": 1.0}], NOON + 30 * MINUTE)
    collector.observe([{"x": 1.0}], (NOON + 40 * MINUTE).astimezone(timezone(timedelta(hours=5, minutes=30))))
    (closed,) = collector.take_closed(NOON + 60 * MINUTE)
    assert closed.start == NOON and closed.start.tzinfo is UTC and closed.profile["x"].n == 2


@pytest.mark.parametrize("span", list(Span))
@given(at=st.datetimes(timezones=st.timezones(), **YEARS))
def test_windows_begin_where_the_registry_takes_them(span: Span, at: datetime) -> None:
    collector = Collector(LIKE, span.length)
    collector.observe([{"x": 1.0}], at)
    (closed,) = collector.take_closed(at.astimezone(UTC) + span.length)
    assert closed.start <= at < closed.start + span.length
    start = instant(closed.start)
    window_of_it = Window(
        1,
        "inputs",
        start,
        "s",
        closed.n,
        span.end(start),
        span.end(start),
        "reporter",
        span,
        tuple(from_document(feature) for feature in closed.profile.document()),
    )
    like = tuple(from_document(feature) for feature in LIKE.document())
    assert checked(definition(window=span, baseline=like), window_of_it) == window_of_it


def test_a_window_says_how_many_rows_it_has_and_a_taken_one_leaves_nothing() -> None:
    collector = Collector(LIKE)
    collector.observe([{"x": 1.0}, {"x": None}], NOON)
    assert not collector.is_empty
    assert [closed.n for closed in collector.take_closed(NOON + 60 * MINUTE)] == [2]
    assert collector.is_empty


def test_no_observation_of_many_threads_is_lost() -> None:
    collector = Collector(LIKE)

    def serve() -> None:
        for _ in range(100):
            collector.observe([{"x": 1.0}], NOON)

    threads = [Thread(target=serve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (closed,) = collector.take_closed(NOON + 60 * MINUTE)
    assert closed.profile["x"].n == 400


def test_times_without_a_zone_and_periods_without_a_length_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Collector(LIKE).observe([{"x": 1.0}], NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="give a positive one"):
        Collector(LIKE, timedelta(0))
