"""Receipts: what a request with an idempotency key did, so that a repeated request is not carried out twice."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.keys import Key
from chalicelib.aws.names import TIME_TO_LIVE
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.errors import IdempotencyKeyReusedError
from chalicelib.domain.instants import Instant, epoch_seconds, later

_LIFETIME: Final = timedelta(hours=24)
_FREE: Final = f"{ABSENT} OR {TIME_TO_LIVE} < :now"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request's receipt: the key that it is stored under, and the fingerprint that identifies the request."""

    key: Key
    fingerprint: str

    def subject(self, stored: Item | None, now: Instant) -> str | None:
        """The subject of an earlier request with this key; None if there was none, or if its receipt has expired.

        Raises IdempotencyKeyReusedError if the earlier request was a different one.
        """
        if stored is None or int(stored[TIME_TO_LIVE]) < epoch_seconds(now):
            return None
        if stored["fingerprint"] != self.fingerprint:
            raise IdempotencyKeyReusedError(
                "This Idempotency-Key was used before with another request. Use a fresh key for each new request."
            )
        return str(stored["subject"])

    def write(self, table: Table, subject: str, now: Instant) -> Write:
        """The receipt's write, for the request's transaction. It fails while another receipt of the key is valid."""
        return table.put_write(self._item(subject, now), _FREE, {":now": epoch_seconds(now)})

    def save(self, table: Table, subject: str, now: Instant) -> bool:
        """Write the receipt of a request that changed nothing. Returns False if another one of the key is valid."""
        return table.put(self._item(subject, now), _FREE, {":now": epoch_seconds(now)})

    def _item(self, subject: str, now: Instant) -> Item:
        expires = epoch_seconds(later(now, _LIFETIME))
        return item(self.key, {"fingerprint": self.fingerprint, "subject": subject, TIME_TO_LIVE: expires})
