"""Receipts: what a request with an idempotency key did, so that it is answered alike when it comes a second time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.keys import Key
from chalicelib.aws.names import TIME_TO_LIVE
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.errors import IdempotencyKeyReusedError
from chalicelib.domain.instants import Instant, epoch_seconds, later

_KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request's receipt: the key that it is kept under, and the fingerprint of the request that it stands for."""

    key: Key
    fingerprint: str

    def subject(self, stored: Item | None, now: Instant) -> str | None:
        """What an earlier request with this key was about; None if there was none or its receipt is kept no longer.

        Raises IdempotencyKeyReusedError if the earlier request was another one.
        """
        if stored is None or int(stored[TIME_TO_LIVE]) < epoch_seconds(now):
            return None
        if stored["fingerprint"] != self.fingerprint:
            raise IdempotencyKeyReusedError(
                "This Idempotency-Key was used before with another request. Use a fresh key for each new request."
            )
        return str(stored["subject"])

    def write(self, table: Table, subject: str, now: Instant) -> Write:
        """For the request's transaction: a second one for the same key cannot be written while the first is kept."""
        kept_until = epoch_seconds(later(now, _KEPT))
        receipt = item(self.key, {"fingerprint": self.fingerprint, "subject": subject, TIME_TO_LIVE: kept_until})
        return table.put_write(receipt, f"{ABSENT} OR {TIME_TO_LIVE} < :now", {":now": epoch_seconds(now)})
