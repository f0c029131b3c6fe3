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
# For a receipt that is valid until the answer. A client that got none repeats its request for up to ten minutes.
_UNANSWERED_LIFETIME: Final = timedelta(minutes=15)
# The function that answers is stopped sooner than this after it has committed.
_ANSWERED_WITHIN: Final = timedelta(seconds=30)
_ANSWERED_BY: Final = "answered_by"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request's receipt: the key that it is stored under, and the fingerprint that identifies the request.

    A receipt that is valid ``until_answered`` tells a request that is repeated because it got no answer from a new
    request with the same content. The request that wrote it takes it back when it has its answer.
    """

    key: Key
    fingerprint: str
    until_answered: bool = False

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

    def is_being_answered(self, stored: Item | None, now: Instant) -> bool:
        """Whether another request with this receipt may still be getting its answer, or has just failed to."""
        return stored is not None and self.subject(stored, now) is not None and str(stored.get(_ANSWERED_BY, "")) > now

    def take_back(self, table: Table, subject: str, now: Instant) -> None:
        """Let the receipt count no more, if it is still that of ``subject``: the request has its answer."""
        past: Item = {":past": epoch_seconds(now) - 1, ":subject": subject}
        table.update(self.key, f"SET {TIME_TO_LIVE} = :past", past, "subject = :subject")

    def write(self, table: Table, subject: str, now: Instant) -> Write:
        """The receipt's write, for the request's transaction. It fails while another receipt of the key is valid."""
        lifetime = _UNANSWERED_LIFETIME if self.until_answered else _LIFETIME
        expires = epoch_seconds(later(now, lifetime))
        receipt = item(self.key, {"fingerprint": self.fingerprint, "subject": subject, TIME_TO_LIVE: expires})
        if self.until_answered:
            receipt[_ANSWERED_BY] = later(now, _ANSWERED_WITHIN)
        return table.put_write(receipt, f"{ABSENT} OR {TIME_TO_LIVE} < :now", {":now": epoch_seconds(now)})
