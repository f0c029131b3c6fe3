"""Ranges of event times whose deliveries are to be sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.domain.instants import Instant, later
from chalicelib.domain.webhooks.deliveries import Delivery, State
from chalicelib.domain.webhooks.webhook import invalid

# How long a delivery stays in the log after it was last written.
LOGGED_FOR: Final = timedelta(days=30)
# What a delivery may have become that is sent again. A pending one is on its way already.
SETTLED: Final = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Range:
    """The event times from ``since`` to before ``until``.

    ``states`` are those of the deliveries to send again. ``missed``: also make deliveries of events that have none.
    """

    since: Instant
    until: Instant
    states: Sequence[State] = SETTLED
    missed: bool = False

    def chooses(self, delivery: Delivery) -> bool:
        """Whether a delivery of the range is to be sent again. Tests are not: they are of no event."""
        return delivery.ledger is not None and delivery.state in self.states and delivery.state in SETTLED


def check(wanted: Range, now: Instant) -> None:
    """Raise InvalidInputError for a range that is empty, or of which the log cannot tell what was missed."""
    if wanted.since >= wanted.until:
        raise invalid("/until", "must be later than since")
    if wanted.missed and wanted.since < later(now, -LOGGED_FOR):
        raise invalid(
            "/since", f"must be in the last {LOGGED_FOR.days} days, because the log cannot tell what was missed before"
        )
