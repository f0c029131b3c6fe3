"""Watches over scans that were asked for: the keeper looks whether they came to a result.

A watch is outside of the ledger: it says when to look, and how often that was in vain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import due, item
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.versions.version import Status, Version

# Longer than three attempts of the scanner take, with Lambda's pauses between them.
PATIENCE: Final = timedelta(hours=1)
# When to ask again after a scan came to no verdict: in good time for an operator to correct what is wrong.
PAUSE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ScanWatch:
    """A version whose scan was asked for, and how often it was asked for again since."""

    model: str
    number: int
    repeats: int = 0


def watch_item(watch: ScanWatch, at: Instant) -> Item:
    """The item of a watch whose next look is at ``at``."""
    attributes: Item = {"model": watch.model, "number": watch.number, "repeats": watch.repeats}
    return item(keys.scan_watch(watch.model, watch.number), attributes | due(watch.model, at))


def watch_from(stored: Item) -> ScanWatch:
    return ScanWatch(str(stored["model"]), int(stored["number"]), int(stored["repeats"]))


def scan_watch_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """A scan is watched from when it is asked for until there is a verdict, or it has failed, or the version is gone.

    One that is asked for again meanwhile is watched on as it was.
    """
    for difference in settlement.of(Version):
        before, after = difference.before, difference.after
        waited, waits = None if before is None else _waits(before), _waits(after)
        if waits is not None and waits != waited:
            watch = ScanWatch(after.model, after.number)
            yield table.put_write(watch_item(watch, later(settlement.stamp.time, waits)))
        elif waited is not None and waits is None:
            yield table.drop_write(keys.scan_watch(after.model, after.number))


def _waits(version: Version) -> timedelta | None:
    """How long to wait until the keeper looks at a version; None if it need not."""
    scan = version.scan
    if version.status is not Status.READY or scan is None:
        return None
    if scan.state is ScanState.PENDING:
        return PATIENCE
    return PAUSE if scan.unanswered else None
