"""Verifying the audit chain without trusting the registry.

An event's hash is the SHA-256 of its canonical JSON without ``hash``; ``previous_hash`` is the hash
of the event before, 64 zeros for the first.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from moorage.errors import IntegrityError

GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of an unbroken chain. Keep it to prove later that no event before it was rewritten."""

    sequence: int = 0
    hash: str = GENESIS


class ChainBrokenError(IntegrityError):
    """An event was changed, dropped or inserted. ``sequence`` is where the chain first fails."""

    def __init__(self, sequence: int, reason: str) -> None:
        super().__init__(f"the chain of events is broken at {sequence}: {reason}", code="chain_broken")
        self.sequence = sequence
        self.reason = reason


def verify_chain(
    events: Iterable[Mapping[str, Any]], head: ChainHead | None = None, *, ledger: str | None = None
) -> ChainHead:
    """Check the event documents that follow ``head``, oldest first.

    ``head`` defaults to the start of the ledger. With ``ledger`` (``registry`` or ``model:<name>``), every event must
    belong to it. Returns the new head of the chain. Raises ChainBrokenError at the first event that does not fit.
    """
    last = head or ChainHead()
    for event in events:
        expected = last.sequence + 1
        if event.get("sequence") != expected:
            raise ChainBrokenError(expected, f"found event {event.get('sequence')!r} in its place")
        if ledger is not None and event.get("ledger") != ledger:
            raise ChainBrokenError(
                expected, f"the event belongs to the ledger {event.get('ledger')!r}, not to {ledger!r}"
            )
        if event.get("previous_hash") != last.hash:
            raise ChainBrokenError(expected, "previous_hash is not the hash of the event before")
        if event.get("hash") != event_hash(event):
            raise ChainBrokenError(expected, "the hash does not match the content")
        last = ChainHead(expected, event["hash"])
    return last


def event_hash(event: Mapping[str, Any]) -> str:
    """The hash that ``event`` should have."""
    content = {key: value for key, value in event.items() if key != "hash"}
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(document: Mapping[str, Any]) -> bytes:
    """The canonical form of a JSON document, which is what gets hashed. docs/audit.md describes it."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
