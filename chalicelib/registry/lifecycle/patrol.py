"""The keeper's checks of the state against the events, ledger by ledger."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.log import log_line
from chalicelib.aws.models.items import model_from
from chalicelib.aws.names import STATE_DIFFERS
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.audit import difference_decisions as decisions
from chalicelib.domain.audit.state import Difference
from chalicelib.domain.errors import LedgerDamagedError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Stamp
from chalicelib.domain.models.model import Model
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.audit.ledgers import list_ledgers
from chalicelib.registry.audit.state import StateCheck, check_state
from chalicelib.registry.audit.stored_bytes import check_bytes
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.isolation import Run, plainly
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.lifecycle.restrictions import freeze_model
from chalicelib.registry.lifecycle.rounds import Round
from chalicelib.registry.models.model_ledger import change_model

# A run of the keeper takes four minutes at most. It reads about 5,000 events a second.
MAX_EVENTS: Final = 20_000
LEDGERS_A_RUN: Final = 5
_KEEPER: Final = Principal("keeper", ())
_FILES: Final = 100
_FREEZE_REASON: Final = "what is stored differs from the events; see the event model.state_differs"


def take_turn(services: Services, which: Round, stored: Item, request_id: str, run: Run = plainly) -> int:
    """Do the next part of a round; answers how many ledgers were found to differ. ``stored`` is where it stands.

    ``run`` runs the check of a ledger. One that fails is left to the next round. If two keepers run at once, a ledger
    may be checked twice, which does no harm.
    """
    key, now = keys.patrol(which.name), services.clock()
    cursor = stored.get("cursor")
    page = list_ledgers(services, LEDGERS_A_RUN, None if cursor is None else json.loads(str(cursor)))
    found = sum(
        run(f"check of {head.ledger}", partial(_check, services, head.ledger, which, request_id)) for head in page.items
    )
    done = int(stored.get("done", 0)) + len(page.items)
    ended = page.next_start is None or (which.most is not None and done >= which.most)
    standing: Item = {"due": later(now, which.every) if ended else now, "done": 0 if ended else done}
    if page.next_start is not None:
        standing["cursor"] = json.dumps(page.next_start)
    services.table.put(item(key, standing))
    return found


def _check(services: Services, ledger: str, which: Round, request_id: str) -> bool:
    """Whether a ledger differs. A difference is logged, recorded as an event, and answered with a freeze if so set."""
    pointed: tuple[int, ...] = ()
    if which.only_pointed:
        pointed = _pointed(services, ledger)
        if not pointed:
            return False
    check = check_state(services, ledger, MAX_EVENTS)
    differences = (*check.differences, *_of_bytes(services, ledger, pointed))
    if check.fault is None and check.complete and not differences:
        return False
    named: dict[str, Any] = {"ledger": ledger, "through": check.sequence, "request_id": request_id}
    if check.fault is None and not differences:
        log_line("state_unchecked", **named, reason=f"the ledger has more than {MAX_EVENTS} events")
        return False
    fault = None if check.fault is None else f"event {check.fault.sequence}: {check.fault.reason}"
    places = [f"{one.place} {one.field or ''}".strip() for one in differences[:_FILES]]
    log_line(STATE_DIFFERS, **named, fault=fault, places=places)
    if fault is None:
        _record(services, ledger, check, differences, request_id)
    return True


def _record(
    services: Services, ledger: str, check: StateCheck, differences: tuple[Difference, ...], request_id: str
) -> None:
    request = Request(_KEEPER, request_id)
    try:
        if ledger == REGISTRY_LEDGER:
            _record_on_registry(services, request, check, differences)
            return
        model = ledger.removeprefix("model:")
        _record_on_model(services, request, model, check, differences)
        if services.settings.freeze_tampered:
            freeze_model(services, request, model, _FREEZE_REASON)
    except LedgerDamagedError as error:
        # Its alarm is the line that was logged already: an event cannot be added to such a ledger.
        log_line("state_not_recorded", ledger=ledger, reason=error.detail, request_id=request_id)


def _record_on_model(
    services: Services, request: Request, model: str, check: StateCheck, differences: tuple[Difference, ...]
) -> None:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        found = snapshot.get(Model)
        return NoChange(None) if found is None else decisions.report_on_model(found, differences, check.sequence)

    change_model(services, request, model, decide, lambda _: None)


def _record_on_registry(
    services: Services, request: Request, check: StateCheck, differences: tuple[Difference, ...]
) -> None:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        return decisions.report_on_registry(loaded_state(snapshot), differences, check.sequence)

    change_registry(services, request, decide, lambda _: None)


def _pointed(services: Services, ledger: str) -> tuple[int, ...]:
    """The versions that an alias or a stage of a model points at."""
    if ledger == REGISTRY_LEDGER:
        return ()
    stored = services.table.get(keys.head(ledger))
    if stored is None:
        return ()
    model = model_from(stored)
    pointers = (*model.aliases.values(), *model.stages.values())
    return tuple(sorted({pointer.version for pointer in pointers if pointer.version is not None}))


def _of_bytes(services: Services, ledger: str, numbers: tuple[int, ...]) -> Iterator[Difference]:
    model = ledger.removeprefix("model:")
    for number in numbers:
        start: dict[str, str | int] | None = None
        while True:
            page = check_bytes(services, model, number, _FILES, start)
            for file in page.items:
                if file.fault is not None:
                    place = f"version/{number}/bytes/{file.path}"
                    yield Difference(place, None, file.sha256, None, None, file.fault)
            start = page.next_start
            if start is None:
                break
