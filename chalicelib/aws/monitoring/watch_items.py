"""When the keeper looks whether a monitor has fallen silent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import due, item
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model

# In place of the number of a version: the selector stands for none.
_NOTHING: Final = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """The keeper's next look at a monitor: the version that it expects windows of, and since when it does.

    ``version`` is None if the selector stood for no version.
    """

    model: str
    monitor: str
    version: int | None
    since: Instant


def watch_item(watch: Watch, at: Instant) -> Item:
    """The item of a watch whose next look is at ``at``."""
    attributes: Item = {
        "model": watch.model,
        "monitor": watch.monitor,
        "version": watch.version or _NOTHING,
        "since": watch.since,
    }
    return item(keys.watch(watch.model, watch.monitor), {**attributes, **due(watch.model, at)})


def watch_from(stored: Item) -> Watch:
    return Watch(
        str(stored["model"]), str(stored["monitor"]), int(stored["version"]) or None, Instant(str(stored["since"]))
    )


def resting_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """The monitors of a deleted model are not watched. Once it is restored, the keeper finds out what to expect."""
    before: Model | None = settlement.before
    head: Model = settlement.after
    if before is None or before.deleted == head.deleted:
        return
    now = settlement.stamp.time
    for name in head.monitors:
        if head.deleted:
            yield table.drop_write(keys.watch(head.name, name))
        else:
            yield table.put_write(watch_item(Watch(head.name, name, None, now), now))
