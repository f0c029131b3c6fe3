"""The audit trail: list the events of a ledger, verify its chain."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items, heads
from chalicelib.aws.names import EVENT_PREFIX
from chalicelib.aws.services import Services
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.events import Fault, Head
from chalicelib.registry.page import Page

VERIFIED_AT_ONCE: Final = 500
# With what they tell of the state. An event tells of some kilobytes at most, and Lambda answers with at most 6 MB.
TOLD_AT_ONCE: Final = 200
_QUERY_PAGE: Final = 500

Order = Literal["newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of checking a range of a chain. ``complete`` means that the range reaches the end of the ledger."""

    ledger: str
    from_sequence: int
    through_sequence: int
    checked: int
    head_hash: str
    complete: bool
    fault: Fault | None


def list_events(
    services: Services, ledger: str, order: Order, limit: int, start: dict[str, str | int] | None
) -> Page[dict[str, Any]]:
    """Events of a ledger, of a deleted model too. Raises ModelNotFoundError if there never was such a model."""
    after = None if start is None else keys.event(ledger, int(start["sequence"])).sort
    stored, last = services.table.query(
        keys.partition(ledger), EVENT_PREFIX, limit, after=after, newest_first=order == "newest"
    )
    if not stored and start is None:
        _head(services, ledger)
    listed = tuple(event_items.event_from(item) for item in stored)
    return Page(listed, {"sequence": listed[-1]["sequence"]} if last is not None and listed else None)


def verify(services: Services, ledger: str, after: int) -> Verification:
    """Check up to 500 events after sequence ``after``: numbers, links, hashes, and the last event against the head."""
    return read_verified(services, ledger, after)[0]


def read_verified(
    services: Services, ledger: str, after: int, most: int = VERIFIED_AT_ONCE
) -> tuple[Verification, list[dict[str, Any]]]:
    """As ``verify``, of at most ``most`` events, with the events that were checked."""
    head = _head(services, ledger)
    previous_hash = events.GENESIS
    if after > 0:
        earlier = services.table.get(keys.event(ledger, after))
        if earlier is None:
            missing = Fault(after, f"event {after} is missing")
            return Verification(ledger, after + 1, after, 0, head.hash, after >= head.revision, missing), []
        previous_hash = event_items.event_from(earlier)["hash"]
    chain = _read(services, ledger, after, most)
    fault = events.verify_chain(ledger, chain, after, previous_hash)
    through = chain[-1]["sequence"] if chain else after
    if through > head.revision:
        # Events may have been added after the head was read, but not without a head that names them.
        head = _head(services, ledger)
    complete = through >= head.revision or len(chain) < most
    if fault is None and complete:
        fault = _fault_of_end(chain, head, through, previous_hash)
    return Verification(ledger, after + 1, through, len(chain), head.hash, complete, fault), chain


def _fault_of_end(chain: list[dict[str, Any]], head: Head, through: int, previous_hash: str) -> Fault | None:
    if through > head.revision:
        return Fault(
            head.revision + 1,
            f"the head names event {head.revision} as the last, but there is an event {head.revision + 1}: the head "
            "was set back, or an event was added beyond it",
        )
    last = chain[-1]["hash"] if chain else previous_hash
    if (through, last) == (head.revision, head.hash):
        return None
    return Fault(through + 1, f"the ledger ends at event {through}, but its head names event {head.revision}")


def _read(services: Services, ledger: str, after: int, most: int) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = []
    last: str | None = keys.event(ledger, after).sort
    while last is not None and len(read) < most:
        stored, last = services.table.query(
            keys.partition(ledger), EVENT_PREFIX, min(_QUERY_PAGE, most - len(read)), after=last
        )
        read += [event_items.event_from(item) for item in stored]
    return read


def _head(services: Services, ledger: str) -> Head:
    stored = services.table.get(keys.head(ledger))
    if stored is not None:
        return heads.head_from(stored)
    if ledger == events.REGISTRY_LEDGER:
        return Head()
    raise ModelNotFoundError(f"There is no model {ledger.removeprefix('model:')!r}.")
