"""What is counted of a webhook, outside any ledger: the deliveries of a minute, and failures since the last success."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.access.quota_items import count_write
from chalicelib.aws.names import TIME_TO_LIVE
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import Instant, epoch_seconds, later
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.limits import Quota
from chalicelib.domain.webhooks.health import Health
from chalicelib.domain.webhooks.webhook import Webhook

_ASKED: Final = "asked"
_SINCE: Final = "failing_since"
_FAILURES: Final = "failures"
_MINUTE_LIFETIME: Final = timedelta(hours=1)
# Longer than any receiver may fail before its webhook is disabled.
_HEALTH_LIFETIME: Final = timedelta(days=30)


def place_in_minute(table: Table, webhook: str, now: Instant) -> int:
    """Ask for a place among the deliveries of this minute: 1 for the first that asks. One write."""
    key = keys.webhook_minute(webhook, epoch_seconds(now) // 60)
    expires = epoch_seconds(later(now, _MINUTE_LIFETIME))
    return int(table.add(key, {_ASKED: 1}, {TIME_TO_LIVE: expires})[_ASKED])


def health_from(stored: Item | None) -> Health:
    """The health that an item says. A receiver without an item is well."""
    if stored is None or _SINCE not in stored:
        return Health()
    return Health(Instant(str(stored[_SINCE])), int(stored[_FAILURES]))


def note_failure(table: Table, webhook: str, since: Instant, for_good: bool) -> Health:
    """Count a failed attempt made at ``since``, which may have been the delivery's last. Returns the new health."""
    once: Item = {_SINCE: since, TIME_TO_LIVE: epoch_seconds(later(since, _HEALTH_LIFETIME))}
    return health_from(table.add(keys.webhook_health(webhook), {_FAILURES: int(for_good)}, once))


def note_success(table: Table, webhook: str) -> None:
    """End a series of failures."""
    table.update(
        keys.webhook_health(webhook),
        "REMOVE #since, #failures",
        # It may have been forgotten meanwhile.
        condition="attribute_exists(#since)",
        attribute_names={"#since": _SINCE, "#failures": _FAILURES},
    )


def creation_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Counts each new webhook for whoever made it."""
    new = [one for one in settlement.of(Webhook) if one.before is None]
    return [count_write(table, settlement.stamp, Quota.WEBHOOKS) for _ in new]


def health_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Forgets the failures of each webhook that is enabled again, reaches its receiver otherwise, or is deleted."""
    for before, after in ((one.before, one.after) for one in settlement.of(Webhook)):
        if before is None:
            continue
        if after is None or (after.enabled and not before.enabled) or after.receiver != before.receiver:
            yield table.drop_write(keys.webhook_health(before.id))
