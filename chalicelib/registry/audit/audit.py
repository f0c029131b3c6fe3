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
_QUERY_PAGE: Final = 500

Order = Literal["newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of a stretch of a chain found. ``complete``: the stretch reaches the end of the ledger."""

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
    """Events of a ledger. A deleted model's are still there. Raises ModelNotFoundError if there never was one."""
    after = None if start is None else keys.event(ledger, int(start["sequence"])).sort
    stored, last = services.table.query(
        keys.partition(ledger), EVENT_PREFIX, limit, after=after, newest_first=order == "newest"
    )
    if not stored and start is None:
        _head(services, ledger)
    listed = tuple(event_items.event_from(item) for item in stored)
    return Page(listed, {"sequence": listed[-1]["sequence"]} if last is not None and listed else None)


def verify(services: Services, ledger: str, after: int) -> Verification:
    """Check up to 500 events after sequence ``after``: numbers, links, hashes, and the end against the head."""
    head = _head(services, ledger)
    previous_hash = events.GENESIS
    if after > 0:
        earlier = services.table.get(keys.event(ledger, after))
        if earlier is None:
            missing = Fault(after, f"event {after} is missing")
            return Verification(ledger, after + 1, after, 0, head.hash, after >= head.revision, missing)
        previous_hash = event_items.event_from(earlier)["hash"]
    stretch = _read(services, ledger, after)
    fault = events.verify_chain(stretch, after, previous_hash)
    through = stretch[-1]["sequence"] if stretch else after
    complete = through >= head.revision or len(stretch) < VERIFIED_AT_ONCE
    if fault is None and complete and not _reaches(stretch, head, through, previous_hash):
        fault = Fault(through + 1, f"the ledger ends at {through}, its head says {head.revision}")
    return Verification(ledger, after + 1, through, len(stretch), head.hash, complete, fault)


def _reaches(stretch: list[dict[str, Any]], head: Head, through: int, previous_hash: str) -> bool:
    # Events may have been added between reading the head and reading the stretch: then one of them is the old head.
    if through == head.revision and not stretch:
        return head.hash == previous_hash
    return any(event["sequence"] == head.revision and event["hash"] == head.hash for event in stretch)


def _read(services: Services, ledger: str, after: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    last: str | None = keys.event(ledger, after).sort
    while last is not None and len(found) < VERIFIED_AT_ONCE:
        stored, last = services.table.query(
            keys.partition(ledger), EVENT_PREFIX, min(_QUERY_PAGE, VERIFIED_AT_ONCE - len(found)), after=last
        )
        found += [event_items.event_from(item) for item in stored]
    return found


def _head(services: Services, ledger: str) -> Head:
    stored = services.table.get(keys.head(ledger))
    if stored is not None:
        return heads.head_from(stored)
    if ledger == events.REGISTRY_LEDGER:
        return Head()
    raise ModelNotFoundError(f"There is no model {ledger.removeprefix('model:')!r}.")
