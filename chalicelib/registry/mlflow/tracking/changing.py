"""Changes one item that several requests may write: read, change, and write unless somebody else wrote meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.mlflow.tracking.entities import Experiment, LoggedModel, Run
from chalicelib.registry.ledger.contention import Attempts

T = TypeVar("T", Run, LoggedModel, Experiment)

# Experiments that were written before they had a revision, and the default one, which may not be stored, have none.
UNCHANGED: Final = "revision = :revision OR attribute_not_exists(revision)"


def change_item(
    services: Services,
    key: Key,
    read: Callable[[Item | None], T],
    change: Callable[[T], T],
    to_item: Callable[[T], Item],
) -> T:
    """Apply ``change`` to the entity under ``key`` and return the result.

    ``change`` is applied again if the item was written meanwhile. Nothing is written if it returns the same object.
    ``read`` raises an error if there is no item. Raises ContentionError.
    """
    attempts = Attempts(services.sleep)
    written_before: Item | None = None
    while True:
        found = services.table.get(key)
        before = read(found)
        # The SDK repeated a write whose answer was lost. The repetition failed, because the first write had succeeded.
        if written_before is not None and found == written_before:
            return before
        after = change(before)
        if after is before:
            return after
        stored = {**to_item(after), "revision": before.revision + 1}
        if services.table.put(stored, UNCHANGED, {":revision": before.revision}):
            return replace(after, revision=before.revision + 1)
        written_before = stored
        attempts.wait_for_next()
