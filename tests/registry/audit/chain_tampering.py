"""Every kind of tampering with a ledger itself, made by writing to the table past the registry: see docs/audit.md."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.registry.audit.tampering import Stored

Event = dict[str, Any]


@dataclass(frozen=True)
class ChainTampering:
    """What is done, and what ``audit verify`` and the verifier, offline, say of it.

    Both know an anchor that was made before.
    """

    act: Callable[[Stored], None]
    said: str
    said_offline: str


def event(stored: Stored, sequence: int) -> Event:
    found: Event = json.loads(stored.item(_sort(sequence))["body"]["S"])
    return found


def write(stored: Stored, sequence: int, content: Event) -> None:
    """Put an event where ``sequence`` has its place."""
    item = {**stored.item(_sort(1)), "SK": {"S": _sort(sequence)}, "body": {"S": json.dumps(content)}}
    stored.put(item)


def last_sequence(stored: Stored) -> int:
    return int(stored.item("META")["revision"]["N"])


def hashed(content: Event, **changed: Any) -> Event:
    """An event with other content, and the hash that it must have."""
    kept = {name: value for name, value in {**content, **changed}.items() if name != "hash"}
    canonical = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return {**kept, "hash": hashlib.sha256(canonical).hexdigest()}


def _sort(sequence: int) -> str:
    return f"EVENT#{sequence:012d}"


def _changed(stored: Stored) -> None:
    write(stored, 2, {**event(stored, 2), "actor": "token:mallory"})


def _swapped(stored: Stored) -> None:
    second, third = event(stored, 2), event(stored, 3)
    write(stored, 2, third)
    write(stored, 3, second)


def _inserted(stored: Stored) -> None:
    write(stored, 2, hashed(event(stored, 2), actor="token:mallory"))


def _beyond(stored: Stored) -> None:
    last = event(stored, last_sequence(stored))
    forged = hashed(last, sequence=last["sequence"] + 1, previous_hash=last["hash"], id=f"{last['id'][:-1]}x")
    write(stored, forged["sequence"], forged)


def _set_head(stored: Stored, last: Event) -> None:
    head = {"revision": {"N": str(last["sequence"])}, "head_hash": {"S": last["hash"]}, "head_event": {"S": last["id"]}}
    stored.put({**stored.item("META"), **head})


def _head_set_back(stored: Stored) -> None:
    _set_head(stored, event(stored, last_sequence(stored) - 1))


def _cut(stored: Stored) -> None:
    last = last_sequence(stored)
    _head_set_back(stored)
    stored.remove(_sort(last))


def _rewritten(stored: Stored, **changed: Any) -> None:
    previous = "0" * 64
    last: Event = {}
    for sequence in range(1, last_sequence(stored) + 1):
        last = hashed(event(stored, sequence), previous_hash=previous, **changed)
        previous = last["hash"]
        write(stored, sequence, last)
    _set_head(stored, last)


CHAIN: Final[Mapping[str, ChainTampering]] = {
    "an event changed": ChainTampering(_changed, "the hash does not match the content", "was edited"),
    "an event removed": ChainTampering(
        lambda stored: stored.remove(_sort(2)), "found event 3 in its place", "event 2 is missing"
    ),
    "two events swapped": ChainTampering(_swapped, "found event 3 in its place", "out of order"),
    "an event put in the place of another": ChainTampering(
        _inserted, "previous_hash is not the hash of the event before", "previous_hash"
    ),
    "an event beyond the head": ChainTampering(
        _beyond, "or an event was added beyond it", "or an event added beyond it"
    ),
    "a head set back": ChainTampering(_head_set_back, "the head was set back", "the head was set back"),
    "a ledger that says to be another's": ChainTampering(
        lambda stored: _rewritten(stored, ledger="model:another"),
        "belongs to the ledger 'model:another'",
        "belongs to the ledger 'model:another'",
    ),
    "the end cut off, with the head": ChainTampering(_cut, "an anchor names this event", "cut off"),
    "a ledger rewritten as a whole, with its head": ChainTampering(
        lambda stored: _rewritten(stored, actor="token:mallory"),
        "an anchor has another hash for this event",
        "has another hash for this event",
    ),
}
