"""What the scanner writes: results of scans, attempts at them, and verdicts on files that need not be scanned again.

These items are no part of a ledger, and DynamoDB drops them in time: a result is judged within minutes, and a verdict
that is gone costs another scan of its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Self

from chalicelib.aws.item import ABSENT, body, document_from, item
from chalicelib.aws.keys import Key
from chalicelib.aws.names import TIME_TO_LIVE
from chalicelib.aws.table import Item, Table
from chalicelib.domain.instants import Instant, epoch_seconds, later
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.scan_result import ScanResult

_REQUESTED_AT: Final = "requested_at"
_RESULT_KEPT: Final = timedelta(days=7)
_VERDICT_KEPT: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scan was asked for: a version, by the event that asked, and the correlation id of that."""

    model: str
    number: int
    uid: str
    requested_at: Instant
    event_id: str
    correlation_id: str

    @classmethod
    def from_event(cls, event: Mapping[str, Any], correlation_id: str) -> Self:
        """What an event asks for: version.ready or scan.requested."""
        return cls(
            model=str(event["model"]),
            number=int(event["version"]),
            uid=str(event["after"]["uid"]),
            requested_at=Instant(event["time"]),
            event_id=str(event["id"]),
            correlation_id=correlation_id,
        )


@dataclass(frozen=True, slots=True)
class Judgeable:
    """A result that was written, with what it is the answer to."""

    model: str
    number: int
    event_id: str
    correlation_id: str
    result: ScanResult


@dataclass(frozen=True, slots=True)
class KnownFile:
    """The scan of a file, and the SHA-256 that reading it gave; empty if it was not hashed."""

    scan: FileScan
    sha256: str


def keep_result(table: Table, key: Key, asked: Asked, result: ScanResult, now: Instant) -> None:
    """Write the result of a scan, unless there is one that answers a later request.

    Each makes a record of the stream, also if it repeats the last. The other scanner's result is joined with what is
    kept here, so an attempt that comes late must not take the place of what answers the last request.
    """
    document = {
        "model": asked.model,
        "number": asked.number,
        "event_id": asked.event_id,
        "correlation_id": asked.correlation_id,
        "finished_at": now,
        "result": result.document(),
    }
    written = item(key, {_REQUESTED_AT: asked.requested_at, **body(document), **_kept(now, _RESULT_KEPT)})
    # The releases before second opinions wrote no such attribute.
    no_later_one = f"attribute_not_exists({_REQUESTED_AT}) OR {_REQUESTED_AT} <= :requested_at"
    table.put(written, no_later_one, {":requested_at": asked.requested_at})


def judgeable_from(stored: Item) -> Judgeable:
    document = document_from(stored)
    return Judgeable(
        model=document["model"],
        number=document["number"],
        event_id=document["event_id"],
        correlation_id=document["correlation_id"],
        result=ScanResult.from_document(document["result"]),
    )


def note_attempt(table: Table, key: Key, ruleset: int, now: Instant) -> int:
    """Count an attempt at a scan by a ruleset before anything is read; answers how many there were, this one too.

    ``key`` is where they are counted. So an attempt that ends the function, whatever way, is counted. Of two at once,
    each gets its own number.
    """
    while True:
        stored = table.get(key)
        earlier = 0 if stored is None or int(stored["ruleset"]) != ruleset else int(stored["attempts"])
        counted = _attempts_item(key, ruleset, earlier + 1, now)
        if stored is None:
            written = table.put(counted, ABSENT)
        else:
            unchanged = "attempts = :attempts AND ruleset = :ruleset"
            values = {":attempts": stored["attempts"], ":ruleset": stored["ruleset"]}
            written = table.put(counted, unchanged, values)
        if written:
            return earlier + 1


def forget_attempts(table: Table, key: Key, ruleset: int, now: Instant) -> None:
    """There is a result, so the next request begins with as many attempts as the first did."""
    table.put(_attempts_item(key, ruleset, 0, now))


def known_item(key: Key, known: KnownFile, now: Instant) -> Item:
    return item(key, body({"scan": known.scan.document(), "sha256": known.sha256}) | _kept(now, _VERDICT_KEPT))


def known_from(stored: Item) -> KnownFile:
    document = document_from(stored)
    return KnownFile(FileScan.from_document(document["scan"]), document["sha256"])


def _attempts_item(key: Key, ruleset: int, attempts: int, now: Instant) -> Item:
    return item(key, {"ruleset": ruleset, "attempts": attempts, **_kept(now, _RESULT_KEPT)})


def _kept(now: Instant, period: timedelta) -> Item:
    return {TIME_TO_LIVE: epoch_seconds(later(now, period))}
