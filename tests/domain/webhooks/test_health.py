"""When a receiver has failed for too long."""

from datetime import timedelta

import pytest

from chalicelib.domain.instants import later
from chalicelib.domain.webhooks.health import LONGEST_FAILING, MAX_FAILURES, Health, reason_to_disable
from tests.domain.build import NOW


def test_a_receiver_that_is_well_is_not_given_up() -> None:
    assert reason_to_disable(Health(), NOW) is None


@pytest.mark.parametrize(("failures", "given_up"), [(1, False), (MAX_FAILURES - 1, False), (MAX_FAILURES, True)])
def test_so_many_deliveries_in_a_row_give_a_receiver_up(failures: int, given_up: bool) -> None:
    reason = reason_to_disable(Health(NOW, failures), later(NOW, timedelta(seconds=1)))
    assert (reason is not None) is given_up


@pytest.mark.parametrize(
    ("failing_for", "given_up"), [(LONGEST_FAILING - timedelta(seconds=1), False), (LONGEST_FAILING, True)]
)
def test_a_receiver_of_few_events_is_given_up_after_days(failing_for: timedelta, given_up: bool) -> None:
    reason = reason_to_disable(Health(NOW, 1), later(NOW, failing_for))
    assert (reason is not None) is given_up


def test_the_reason_says_how_many_failed_and_since_when() -> None:
    reason = reason_to_disable(Health(NOW, MAX_FAILURES), NOW)
    assert reason == f"{MAX_FAILURES} deliveries in a row failed for good; none has succeeded since {NOW}"
