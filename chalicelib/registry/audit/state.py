"""The stored state of a ledger: listed as facts, and compared with what its events tell."""

from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.audit.stored_state import shelves
from chalicelib.aws.services import Services
from chalicelib.domain.audit.state import Comparison, Difference, Stored, compare
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Fault
from chalicelib.domain.ledger.rebuilding import Rebuilt, rebuilt
from chalicelib.domain.readings import READINGS
from chalicelib.registry.audit.audit import TOLD_AT_ONCE, Verification, read_verified
from chalicelib.registry.page import Page

_PAGE: Final = 200
# A place that changes while it is compared is compared again. One that always does is left to the next check.
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class StateCheck:
    """What comparing a ledger's state found. ``fault`` is one of the chain itself: then nothing was compared.

    ``complete`` is False if the ledger has more events than were to be read.
    """

    ledger: str
    sequence: int
    compared: int
    unproven: int
    differences: tuple[Difference, ...]
    fault: Fault | None = None
    complete: bool = True


def list_state(services: Services, ledger: str, limit: int, start: dict[str, str | int] | None) -> Page[Stored]:
    """What is stored of a ledger, at most ``limit`` items of it.

    Takes a call for each kind of item that it comes to, at most fifteen, and one for each long list of files.
    """
    standing = shelves(ledger)
    owner = "" if ledger == REGISTRY_LEDGER else ledger.removeprefix("model:")
    at = 0 if start is None else int(start["shelf"])
    after = None if start is None or "after" not in start else str(start["after"])
    listed: list[Stored] = []
    read = 0
    while at < len(standing):
        items, last = services.table.query(keys.partition(ledger), standing[at].prefix, limit - read, after)
        listed += [stored for item in items for stored in standing[at].stored(owner, item, services.table.load_all)]
        read += len(items)
        if last is not None:
            return Page(tuple(listed), {"shelf": at, "after": last})
        at, after = at + 1, None
        if read >= limit:
            break
    return Page(tuple(listed), {"shelf": at} if at < len(standing) else None)


def read_facts(services: Services, ledger: str, after: int) -> tuple[Verification, Rebuilt]:
    """As ``verify``, of at most 200 events, with what they tell of the state. What later calls tell replaces it."""
    verification, events = read_verified(services, ledger, after, TOLD_AT_ONCE)
    return verification, rebuilt(events if verification.fault is None else (), READINGS)


def check_state(services: Services, ledger: str, max_events: int) -> StateCheck:
    """Compare what is stored of a ledger with what its events tell, if it has at most ``max_events``.

    A place that an event touches while the state is read is read again.
    """
    state = Rebuilt(READINGS)
    verification, settled = _take_events(services, ledger, state, 0, max_events)
    comparison = Comparison()
    for _ in range(_ROUNDS):
        if verification.fault is not None or not verification.complete:
            break
        stored = _all_state(services, ledger)
        verification, through = _take_events(services, ledger, state, settled, max_events)
        comparison = compare(state, stored)
        if through == settled:
            break
        comparison.differences = [one for one in comparison.differences if (one.sequence or 0) <= settled]
        settled = through
    fault = verification.fault
    return StateCheck(
        ledger,
        settled,
        comparison.compared,
        comparison.unproven,
        () if fault is not None else tuple(comparison.differences),
        fault,
        verification.complete,
    )


def _take_events(
    services: Services, ledger: str, state: Rebuilt, after: int, max_events: int
) -> tuple[Verification, int]:
    while True:
        verification, events = read_verified(services, ledger, after)
        for event in events if verification.fault is None else ():
            state.take(event)
        after = verification.through_sequence
        if verification.complete or verification.fault is not None or after >= max_events:
            return verification, after


def _all_state(services: Services, ledger: str) -> list[Stored]:
    stored: list[Stored] = []
    start: dict[str, str | int] | None = None
    while True:
        page = list_state(services, ledger, _PAGE, start)
        stored += page.items
        start = page.next_start
        if start is None:
            return stored
