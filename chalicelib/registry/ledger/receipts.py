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
_ANSWERER: Final = "answerer"
_FREE: Final = f"{ABSENT} OR {TIME_TO_LIVE} < :now"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request's receipt: the key that it is stored under, and the fingerprint that identifies the request.

    A receipt with an ``answerer``, the id of the request that has it, is valid until the answer. It tells a request
    that is repeated because it got no answer from a new request with the same content. One request at a time answers
    with what it tells: the one that wrote it, or a repeated one that claimed it. With its answer, it takes it back.
    """

    key: Key
    fingerprint: str
    answerer: str | None = None

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

    def claim(self, table: Table, stored: Item, now: Instant) -> bool:
        """Be the one that answers with what ``stored`` tells. Returns False if another request was faster.

        A receipt without an answerer serves any number of requests.
        """
        if self.answerer is None:
            return True
        by = later(now, _ANSWERED_WITHIN)
        values: Item = {":by": by, ":me": self.answerer, ":seen": stored[_ANSWERER], ":now": epoch_seconds(now)}
        return table.update(
            self.key,
            f"SET {_ANSWERED_BY} = :by, {_ANSWERER} = :me",
            values,
            f"{_ANSWERER} = :seen AND {TIME_TO_LIVE} >= :now",
        )

    def take_back(self, table: Table, now: Instant) -> bool:
        """Let the receipt count no more: the request has its answer. Returns False if another request has it now."""
        values: Item = {":past": epoch_seconds(now) - 1, ":me": str(self.answerer)}
        return table.update(self.key, f"SET {TIME_TO_LIVE} = :past", values, f"{_ANSWERER} = :me")

    def write(self, table: Table, subject: str, now: Instant) -> Write:
        """The receipt's write, for the request's transaction. It fails while another receipt of the key is valid."""
        return table.put_write(self._item(subject, now), _FREE, {":now": epoch_seconds(now)})

    def save(self, table: Table, subject: str, now: Instant) -> bool:
        """Write the receipt of a request that changed nothing. Returns False if another one of the key is valid."""
        return table.put(self._item(subject, now), _FREE, {":now": epoch_seconds(now)})

    def _item(self, subject: str, now: Instant) -> Item:
        lifetime = _LIFETIME if self.answerer is None else _UNANSWERED_LIFETIME
        expires = epoch_seconds(later(now, lifetime))
        receipt = item(self.key, {"fingerprint": self.fingerprint, "subject": subject, TIME_TO_LIVE: expires})
        if self.answerer is not None:
            receipt |= {_ANSWERED_BY: later(now, _ANSWERED_WITHIN), _ANSWERER: self.answerer}
        return receipt
