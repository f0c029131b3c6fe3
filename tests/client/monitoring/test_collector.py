"""The windows of a server that runs."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest
from moorage.monitoring import Collector, baseline, window

LIKE = baseline({"x": [1.0, 2.0, 3.0]})
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


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


def test_windows_begin_at_the_same_time_in_every_zone() -> None:
    collector = Collector(LIKE)
    collector.observe([{"x": 1.0}], NOON + 30 * MINUTE)
    collector.observe([{"x": 1.0}], (NOON + 40 * MINUTE).astimezone(timezone(timedelta(hours=5, minutes=30))))
    (closed,) = collector.take_closed(NOON + 60 * MINUTE)
    assert closed.start == NOON and closed.start.tzinfo is UTC and closed.profile["x"].n == 2


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
