"""Retry policies: how often and how long they wait."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import RetryPolicy
from moorage.retry import RetryableError, retry_after


def failing(times: int, after: float | None = None) -> tuple[list[int], Callable[[], str]]:
    calls: list[int] = []

    def attempt() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise RetryableError(OSError("no answer"), after)
        return "done"

    return calls, attempt


def test_waits_double_up_to_their_ceiling() -> None:
    waits: list[float] = []
    policy = RetryPolicy(attempts=6, first_ceiling=1.0, highest_ceiling=5.0, sleep=waits.append, jitter=lambda: 1.0)
    _, attempt = failing(5)
    assert policy.run(attempt) == "done"
    assert waits == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_the_reason_is_raised_once_no_attempt_is_left() -> None:
    calls, attempt = failing(99)
    with pytest.raises(OSError, match="no answer"):
        RetryPolicy(attempts=3, sleep=lambda _: None).run(attempt)
    assert len(calls) == 3


def test_a_server_that_asks_for_more_than_our_patience_is_not_waited_for() -> None:
    calls, attempt = failing(1, after=3600.0)
    with pytest.raises(OSError, match="no answer"):
        RetryPolicy(patience=60.0, sleep=pytest.fail).run(attempt)
    assert len(calls) == 1


@given(after=st.floats(0, 100), jitter=st.floats(0, 1))
def test_no_wait_is_shorter_than_the_server_asked_for(after: float, jitter: float) -> None:
    waits: list[float] = []
    _, attempt = failing(1, after)
    RetryPolicy(sleep=waits.append, jitter=lambda: jitter).run(attempt)
    assert waits[0] >= after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("Mon, 23 Nov 2026 09:30:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 09:29:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 11, 23, 9, 30, tzinfo=UTC)) == seconds
