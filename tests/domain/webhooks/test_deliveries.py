from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import Instant, later, moment
from chalicelib.domain.webhooks.deliveries import (
    LEASE,
    LONGEST_PAUSE,
    LONGEST_RETRY_AFTER,
    MAX_ATTEMPTS,
    MAX_ERROR,
    MAX_EXCERPT,
    RETRY_PAUSES,
    Answer,
    Claimed,
    Delivery,
    Failure,
    Settled,
    State,
    Verdict,
    Wait,
    again,
    cancel,
    claim,
    delivery_id,
    due_in,
    settle,
    verdict_on,
)
from tests.domain.build import NOW

FRESH = Delivery("d1", "w1", "version.ready", "model:fraud", 3, NOW)


def claimed(delivery: Delivery = FRESH, now: Instant = NOW) -> Delivery:
    got = claim(delivery, delivery.round, now)
    assert isinstance(got, Claimed)
    return got.delivery


def attempted(outcome: Answer | Failure, delivery: Delivery = FRESH, jitter: float = 0.5) -> Delivery:
    return settle(claimed(delivery), outcome, usual(outcome), NOW, NOW, 12, jitter)


def usual(outcome: Answer | Failure) -> Verdict:
    """The verdict of a format without rules of its own."""
    return verdict_on(outcome) if isinstance(outcome, Answer) else Verdict(outcome.error, outcome.final)


def pause(delivery: Delivery) -> timedelta:
    assert delivery.next_attempt_at is not None
    return moment(delivery.next_attempt_at) - moment(NOW)


@given(st.integers(200, 299))
def test_any_2xx_is_success_and_final(status: int) -> None:
    delivery = attempted(Answer(status))
    assert delivery.state is State.SUCCEEDED and due_in(delivery, NOW) is None
    assert delivery.attempts[0].error is None
    assert claim(delivery, 1, NOW) == Settled(exhausted=False)


@given(st.integers(300, 599).filter(lambda status: status != 410))
def test_any_other_status_but_410_is_tried_again(status: int) -> None:
    delivery = attempted(Answer(status))
    assert delivery.state is State.PENDING and delivery.attempts[0].status == status
    assert due_in(delivery, NOW) == 5


def test_410_ends_the_delivery() -> None:
    delivery = attempted(Answer(410))
    assert delivery.state is State.CANCELLED and due_in(delivery, NOW) is None


def test_the_pauses_follow_the_schedule_until_the_attempts_are_used_up() -> None:
    delivery, pauses, now = FRESH, [], NOW
    for _ in range(MAX_ATTEMPTS - 1):
        delivery = settle(claimed(delivery, now), Failure("no route"), Verdict("no route"), now, now, 1, 0.5)
        assert delivery.next_attempt_at is not None
        pauses.append(moment(delivery.next_attempt_at) - moment(now))
        now = delivery.next_attempt_at
    assert pauses == [min(scheduled, LONGEST_PAUSE) for scheduled in RETRY_PAUSES]
    delivery = settle(claimed(delivery, now), Failure("no route"), Verdict("no route"), now, now, 1, 0.5)
    assert delivery.state is State.FAILED and len(delivery.attempts) == MAX_ATTEMPTS
    assert due_in(delivery, now) == 0
    assert claim(delivery, 1, now) == Settled(exhausted=True)


@given(
    st.integers(1, MAX_ATTEMPTS - 1),
    st.floats(0, 1),
    st.sampled_from([429, 500, 503]),
    st.none() | st.text(max_size=30) | st.integers(0, 10**12).map(str),
)
def test_a_pause_keeps_near_the_schedule_and_within_what_the_queue_can_do(
    claims: int, jitter: float, status: int, retry_after: str | None
) -> None:
    before = replace(FRESH, claims=claims - 1)
    took = pause(attempted(Answer(status, retry_after), before, jitter))
    scheduled = RETRY_PAUSES[claims - 1]
    assert min(scheduled * 0.9, LONGEST_PAUSE) <= took + timedelta(milliseconds=1)
    assert took <= min(max(scheduled * 1.1, LONGEST_RETRY_AFTER), LONGEST_PAUSE)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("retry_after", ["120", " 120 ", "Mon, 23 Nov 2026 09:32:00 GMT"])
def test_a_receiver_may_ask_for_patience(status: int, retry_after: str) -> None:
    assert pause(attempted(Answer(status, retry_after))) == timedelta(seconds=120)


@pytest.mark.parametrize("retry_after", ["999999", "9" * 400, "Mon, 23 Nov 2099 00:00:00 GMT"])
def test_patience_is_bounded(retry_after: str) -> None:
    assert pause(attempted(Answer(503, retry_after))) == LONGEST_RETRY_AFTER


@pytest.mark.parametrize("retry_after", ["1", "-5", "soon", "Mon, 23 Nov 2020 00:00:00 GMT", "٣٣٣"])
def test_a_receiver_cannot_make_retries_come_sooner(retry_after: str) -> None:
    assert pause(attempted(Answer(503, retry_after))) == timedelta(seconds=5)


def test_retry_after_counts_for_429_and_503_only() -> None:
    assert pause(attempted(Answer(500, "120"))) == timedelta(seconds=5)


def test_a_delivery_that_is_being_sent_is_not_sent_a_second_time() -> None:
    held = claimed()
    assert claim(held, 1, NOW) == Wait(int(LEASE.total_seconds()))
    assert isinstance(claim(held, 1, later(NOW, LEASE)), Claimed)


def test_a_claim_that_was_never_settled_uses_up_an_attempt() -> None:
    delivery, now = FRESH, NOW
    for _ in range(MAX_ATTEMPTS):
        delivery = claimed(delivery, now)
        now = later(now, LEASE)
    assert settle(delivery, Failure("x"), Verdict("x"), now, now, 1, 0.5).state is State.FAILED


def test_a_message_that_comes_early_waits_for_its_time() -> None:
    delivery = attempted(Answer(500))
    assert claim(delivery, 1, later(NOW, timedelta(milliseconds=1500))) == Wait(4)
    assert isinstance(claim(delivery, 1, later(NOW, timedelta(seconds=5))), Claimed)


def test_a_redelivery_starts_anew_and_leaves_old_messages_without_effect() -> None:
    redelivered = again(attempted(Answer(204)))
    assert (redelivered.round, redelivered.attempts, redelivered.state) == (2, (), State.PENDING)
    assert redelivered.id == FRESH.id
    assert claim(redelivered, 1, NOW) == Settled(exhausted=False)
    assert isinstance(claim(redelivered, 2, NOW), Claimed)


def test_a_cancelled_delivery_is_not_sent() -> None:
    assert claim(cancel(FRESH, NOW), 1, NOW) == Settled(exhausted=False)


def test_what_a_receiver_says_is_kept_in_bounds() -> None:
    attempt = attempted(Answer(500, None, "x" * 5000)).attempts[0]
    assert attempt.excerpt == "x" * MAX_EXCERPT
    assert attempted(Failure("y" * 5000)).attempts[0].error == "y" * MAX_ERROR


def test_a_delivery_has_one_id_for_one_event_and_webhook() -> None:
    event = {"id": "e1", "time": NOW}
    assert delivery_id("w1", event) == delivery_id("w1", dict(event))
    assert delivery_id("w1", event) != delivery_id("w2", event)
    assert delivery_id("w1", event) != delivery_id("w1", {**event, "id": "e2"})


@given(st.timedeltas(timedelta(milliseconds=1), timedelta(days=9999)))
def test_ids_of_deliveries_sort_as_the_times_of_their_events(gap: timedelta) -> None:
    first = delivery_id("w1", {"id": "e2", "time": NOW})
    second = delivery_id("w1", {"id": "e1", "time": later(NOW, gap)})
    assert first < second


def test_a_final_failure_leaves_no_attempts_and_goes_to_the_dead_letters() -> None:
    verdict = Verdict("the receiver answered 401", final=True)
    delivery = settle(claimed(), Answer(401), verdict, NOW, NOW, 12, 0.5)
    assert (delivery.state, delivery.next_attempt_at, due_in(delivery, NOW)) == (State.FAILED, None, 0)
    assert again(delivery).state is State.PENDING


def test_the_links_of_an_answer_are_kept_with_the_attempt() -> None:
    links = {"run": "https://ci.example.com/1"}
    delivery = settle(claimed(), Answer(201), Verdict(links=links), NOW, NOW, 12, 0.5)
    assert (delivery.state, delivery.attempts[0].links) == (State.SUCCEEDED, links)
