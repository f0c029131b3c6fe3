"""What events of earlier releases say of transition requests."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import place
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Event, Read, Readings, Rebuilt
from chalicelib.domain.promotion.transition_request import TransitionRequest


def _opened(event: Event, _: Rebuilt) -> Iterator[Read]:
    # A move closes requests too, and events of earlier releases do not say which.
    facts = {"version": event["version"], "requested_by": event["actor"], "requested_at": event["time"]}
    yield place(TransitionRequest.kind, event["subject"]), facts | {"state": UNKNOWN}


def _closed(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield place(TransitionRequest.kind, event["subject"]), {"state": event["after"]["state"]}


READINGS: Final[Readings] = {
    event_types.REQUEST_OPENED: _opened,
    event_types.REQUEST_WITHDRAWN: _closed,
    event_types.REQUEST_EXPIRED: _closed,
}
