"""Attempts at a change end while the caller can still be answered, and writers of one record wait fairly."""

import pytest

from bench.contention import Crowd
from chalicelib.domain.errors import ContentionError
from chalicelib.registry.ledger.contention import RETRY_SECONDS, Attempts


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def uniform(self, low: float, high: float) -> float:
        return high


def test_the_longest_pause_is_longest_for_a_newcomer_and_shrinks_with_each_lost_race() -> None:
    time = Time()
    attempts = Attempts(time.sleep, time.monotonic, uniform=time.uniform)
    for _ in range(4):
        time.now += 0.1  # each attempt takes as long
        attempts.wait_for_next()
    assert time.pauses == pytest.approx([0.8, 0.8 / 2**0.5, 0.8 / 3**0.5, 0.4])


def test_pauses_of_two_writers_differ() -> None:
    time, other = Time(), Time()
    for each in (time, other):
        attempts = Attempts(each.sleep, each.monotonic)
        for _ in range(5):
            attempts.wait_for_next()
    assert time.pauses != other.pauses


def test_no_attempt_begins_that_might_end_after_the_time_that_a_caller_can_wait() -> None:
    time = Time()
    attempts = Attempts(time.sleep, time.monotonic)

    def try_until_refused() -> None:
        while True:
            time.now += 0.5
            attempts.wait_for_next()

    with pytest.raises(ContentionError, match="This change was not made"):
        try_until_refused()
    assert RETRY_SECONDS - 5 <= time.now - 100 <= RETRY_SECONDS


def test_all_changes_of_a_request_share_its_time() -> None:
    time = Time()
    second = Attempts(time.sleep, time.monotonic, began=time.now - RETRY_SECONDS + 0.001)
    with pytest.raises(ContentionError):
        second.wait_for_next()
    assert time.pauses == []


@pytest.mark.parametrize("writers", [2, 4, 16, 64])
def test_of_many_writers_at_once_the_slowest_waits_at_most_three_times_the_mean(writers: int) -> None:
    crowds = [Crowd.of(writers, seed) for seed in range(10)]
    assert max(crowd.slowest_to_mean for crowd in crowds) <= 3
    # A writer that hurries others out of its way would cost too much.
    assert max(crowd.attempts / writers for crowd in crowds) <= 10
