"""The rounds in which the keeper checks the state: a sample of ledgers each day, what is pointed at each week.

A round goes through the list of ledgers. Where it stands is kept in the table, so that each run does a bounded part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item

SAMPLE: Final = 200


@dataclass(frozen=True, slots=True)
class Round:
    """A repeated pass over the ledgers. ``most`` is how many it checks; the next one goes on after them."""

    name: str
    every: timedelta
    most: int | None
    only_pointed: bool


DAILY: Final = Round("daily", timedelta(days=1), SAMPLE, only_pointed=False)
WEEKLY: Final = Round("weekly", timedelta(days=7), None, only_pointed=True)


def rounds_due(services: Services) -> Iterator[tuple[Round, Item]]:
    """The rounds that go on now, each with where it stands."""
    for one in (DAILY, WEEKLY):
        stored = services.table.get(keys.patrol(one.name)) or {}
        if str(stored.get("due", "")) <= services.clock():
            yield one, stored
