"""Attempts at a change pause longer and longer, and end while the caller can still be answered."""

import pytest

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


def test_the_longest_pause_doubles_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    time = Time()
    attempts = Attempts(time.sleep, time.monotonic)
    for _ in range(9):
        attempts.wait_for_next()
    assert time.pauses == pytest.approx([0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 1.5, 1.5])


def test_pauses_of_two_writers_differ() -> None:
    time, other = Time(), Time()
    for each in (time, other):
        attempts = Attempts(each.sleep, each.monotonic)
        for _ in range(5):
            attempts.wait_for_next()
    assert time.pauses != other.pauses


def test_no_attempt_begins_after_the_time_that_a_caller_can_wait() -> None:
    time = Time()
    attempts = Attempts(time.sleep, time.monotonic)

    def try_until_refused() -> None:
        while True:
            attempts.wait_for_next()

    with pytest.raises(ContentionError, match="Nothing was changed"):
        try_until_refused()
    assert RETRY_SECONDS - 1.5 <= time.now - 100 <= RETRY_SECONDS
