"""Changing one item that many may write: read it, change it, and write it if nobody else has meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Run
from chalicelib.registry.ledger.contention import Attempts

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
    attempts = Attempts(services.sleep)
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
        attempts.wait_for_next()
