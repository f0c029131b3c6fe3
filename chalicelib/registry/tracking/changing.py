"""Changing one item that many may write: read it, change it, and write it if nobody else has meanwhile."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.errors import ContentionError
from chalicelib.domain.tracking.entities import LoggedModel, Run

_SECONDS: Final = 20.0
_FIRST_PAUSE: Final = 0.01
_LONGEST_PAUSE: Final = 1.0


T = TypeVar("T", Run, LoggedModel)


def change_item(
    services: Services,
    key: Key,
    read: Callable[[Item | None], T],
    change: Callable[[T], T],
    written: Callable[[T], Item],
) -> T:
    """The entity under ``key`` after ``change``, which may be made again on a newer state.

    ``read`` raises for what is not there; what ``change`` answers unchanged is not written. Raises ContentionError.
    """
    given_up = time.monotonic() + _SECONDS
    pause = _FIRST_PAUSE
    written_before: Item | None = None
    while True:
        found = services.table.get(key)
        before = read(found)
        # The SDK repeated a write whose answer was lost, and so lost a race against itself.
        if written_before is not None and found == written_before:
            return before
        after = change(before)
        if after is before:
            return after
        stored = {**written(after), "revision": before.revision + 1}
        if services.table.put(stored, "revision = :revision", {":revision": before.revision}):
            return replace(after, revision=before.revision + 1)
        written_before = stored
        if time.monotonic() + pause > given_up:
            raise ContentionError("Other writers were faster each time for 20 seconds. Nothing was changed; try again.")
        services.sleep(random.uniform(0, pause))  # noqa: S311 - spreads retries, guards nothing
        pause = min(pause * 2, _LONGEST_PAUSE)
