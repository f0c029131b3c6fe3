"""Ranges of event times that are delivered again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import later
from chalicelib.domain.webhooks.deliveries import Delivery, State, delivery_id, first_id
from chalicelib.domain.webhooks.ranges import LOGGED_FOR, SETTLED, Range, check
from tests.domain.build import NOW

LATER = later(NOW, timedelta(hours=1))
FAILED = Delivery("d1", "w1", "version.ready", "model:fraud", 3, NOW, state=State.FAILED)


@pytest.mark.parametrize("until", [NOW, later(NOW, -timedelta(milliseconds=1))])
def test_an_empty_range_is_refused(until: object) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check(Range(NOW, until), LATER)  # type: ignore[arg-type]
    assert refusal.value.problems[0].pointer == "/until"


def test_what_was_missed_is_known_only_as_long_as_the_log_goes_back() -> None:
    now = later(NOW, LOGGED_FOR)
    check(Range(NOW, LATER, missed=True), now)
    too_late = later(now, timedelta(milliseconds=1))
    check(Range(NOW, LATER), too_late)
    with pytest.raises(InvalidInputError) as refusal:
        check(Range(NOW, LATER, missed=True), too_late)
    assert refusal.value.problems[0].pointer == "/since"


@pytest.mark.parametrize("state", list(State))
def test_settled_deliveries_in_the_chosen_states_are_sent_again(state: State) -> None:
    delivery = replace(FAILED, state=state)
    assert Range(NOW, LATER).chooses(delivery) is (state in SETTLED)
    assert Range(NOW, LATER, (State.FAILED,)).chooses(delivery) is (state is State.FAILED)
    assert not Range(NOW, LATER, (State.PENDING,)).chooses(delivery)


def test_a_test_is_not_sent_again() -> None:
    assert not Range(NOW, LATER).chooses(replace(FAILED, ledger=None, sequence=None))


def test_the_ids_of_a_range_lie_between_those_that_its_times_begin_with() -> None:
    before = delivery_id("w1", {"id": "e1", "time": later(NOW, -timedelta(milliseconds=1))})
    within = delivery_id("w1", {"id": "e1", "time": NOW})
    assert before < first_id(NOW) < within < first_id(LATER)
