"""A write, as the table holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.ledger.commit import Changed, Request

Arrange = Callable[[Services, str], Any]
Act = Callable[[Services, Request, str, Any], Changed[Any]]


@dataclass(frozen=True)
class Write:
    """A write. ``arrange`` makes what must be there before, and ``act`` is given the value that it returns.

    ``ledger`` is where the event goes. A write that is ``keyed`` takes an idempotency key. The others are made by the
    registry itself, or are several changes in a row: repeating them completes what is missing.
    """

    event: str
    arrange: Arrange
    act: Act
    ledger: Callable[[str], str] = model_ledger
    keyed: bool = True
