"""How much a principal has made in a day: one item that counts, and goes by itself two days later."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import TIME_TO_LIVE
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import Instant, epoch_seconds, later
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.limits import Quota

_KEPT: Final = timedelta(days=2)
_ADD: Final = "ADD #made :amount SET #ttl = :ttl"


def quota_key(principal: str, now: Instant) -> Key:
    return keys.quota(principal, now[:10])


def made(stored: Item | None, quota: Quota) -> int:
    return 0 if stored is None else int(stored.get(_attribute(quota), 0))


def spend(table: Table, principal: str, now: Instant, quota: Quota, amount: int, limit: int) -> bool:
    """Count ``amount`` more, unless that would be more than ``limit`` in this day. Returns whether it was counted."""
    # A first amount above the limit would be counted, since nothing is there to compare it with.
    return amount <= limit and table.update(
        quota_key(principal, now),
        _ADD,
        {":amount": amount, ":ttl": _gone(now), ":left": limit - amount},
        "attribute_not_exists(#made) OR #made <= :left",
        _names(quota),
    )


def creation_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Counts a new model for whoever made it."""
    before: Any = settlement.before
    if settlement.after.deleted or not (before is None or before.deleted):
        return
    yield count_write(table, settlement.stamp, Quota.MODELS)


def count_write(table: Table, stamp: Stamp, quota: Quota) -> Write:
    """Counts one more for whoever makes it with a change of this stamp."""
    return table.update_write(
        quota_key(stamp.actor, stamp.time), _ADD, {":amount": 1, ":ttl": _gone(stamp.time)}, _names(quota)
    )


def _attribute(quota: Quota) -> str:
    return f"made_{quota}"


def _names(quota: Quota) -> dict[str, str]:
    return {"#made": _attribute(quota), "#ttl": TIME_TO_LIVE}


def _gone(now: Instant) -> int:
    return epoch_seconds(later(now, _KEPT))
