"""The rate limit: so many a minute, however many ask and however they come."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import Instant, epoch_seconds
from chalicelib.domain.webhooks.pacing import MINUTE, until, wait

# Ten seconds into a minute.
NOW = Instant("2026-11-23T09:30:10.000Z")
LONGEST = 900


@pytest.mark.parametrize(("place", "seconds"), [(1, 0), (60, 0), (61, 50), (120, 50), (121, 110), (60 * 900, LONGEST)])
def test_the_first_are_sent_and_the_others_wait_for_the_minutes_after(place: int, seconds: int) -> None:
    assert wait(place, 60, NOW, 0.0, LONGEST) == seconds


@given(st.integers(61, 10_000), st.floats(0, 1, exclude_max=True))
def test_those_of_one_minute_are_spread_over_it_and_none_leaves_it(place: int, jitter: float) -> None:
    begins = wait(place, 60, NOW, 0.0, 10**6)
    assert begins <= wait(place, 60, NOW, jitter, 10**6) < begins + MINUTE


@given(st.integers(1, 50), st.lists(st.integers(0, 600), min_size=1, max_size=300), st.randoms(use_true_random=False))
def test_no_minute_has_more_than_its_limit_and_every_delivery_is_sent(limit: int, arrivals: list[int], random) -> None:  # type: ignore[no-untyped-def]  # hypothesis does not export the type
    begin = epoch_seconds(Instant("2026-11-23T09:00:00.000Z"))
    waiting = sorted(begin + second for second in arrivals)
    places: dict[int, int] = defaultdict(int)
    sent: Counter[int] = Counter()
    while waiting:
        second = waiting.pop(0)
        minute = second // MINUTE
        places[minute] += 1
        now = until(Instant("1970-01-01T00:00:00.000Z"), second)
        seconds = wait(places[minute], limit, now, random.random(), LONGEST)
        if seconds == 0:
            sent[minute] += 1
        else:
            waiting.append(second + seconds)
            waiting.sort()
    assert sum(sent.values()) == len(arrivals)
    assert max(sent.values()) <= limit
