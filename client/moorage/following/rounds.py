"""What a server does beside answering, again and again."""

import random
from collections.abc import Callable, Sequence
from threading import Event

from moorage.intervals import varied


def repeat(actions: Sequence[Callable[[], None]], interval: float, end: Event) -> None:
    """Do all ``actions`` at once, and then about every ``interval`` seconds until ``end`` is set."""
    while not end.is_set():
        for act in actions:
            act()
        end.wait(varied(interval, random.random()))  # noqa: S311 - it spreads load, and keeps no secret
