"""Asking for scans of versions in use that no scan by the present ruleset has judged."""

import json
from functools import partial
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.models.items import model_from
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.versions.scan_decisions import request_scan
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.audit.ledgers import list_ledgers
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.isolation import Run, plainly
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, model_keys
from chalicelib.registry.scanning.rescan_round import ROUND

# A run of the keeper takes four minutes at most, and the scanner is to keep up.
LEDGERS_A_RUN: Final = 20
_KEEPER: Final = Principal("keeper", ())


def take_turn(services: Services, stored: Item, request_id: str, run: Run = plainly) -> int:
    """Ask for the scans of the next models; answers how many were. ``stored`` is where the round stands.

    ``run`` runs each model. If two keepers run at once, a scan may be asked for twice, which does no harm.
    """
    cursor = stored.get("cursor")
    page = list_ledgers(services, LEDGERS_A_RUN, None if cursor is None else json.loads(str(cursor)))
    asked = sum(
        run(f"scans of {head.ledger}", partial(_rescan, services, head.ledger.removeprefix("model:"), request_id))
        for head in page.items
        if head.ledger != REGISTRY_LEDGER
    )
    standing: Item = {"ruleset": RULESET, "done": int(page.next_start is None)}
    if page.next_start is not None:
        standing["cursor"] = json.dumps(page.next_start)
    services.table.put(item(ROUND, standing))
    return asked


def _rescan(services: Services, model: str, request_id: str) -> int:
    """Ask for scans of those versions of a model that an alias or a stage points at."""
    stored = services.table.get(keys.head(f"model:{model}"))
    if stored is None:
        return 0
    head = model_from(stored)
    pointers = (*head.aliases.values(), *head.stages.values())
    pointed = sorted({pointer.version for pointer in pointers if pointer.version is not None})
    return sum(_ask(services, model, number, request_id) for number in pointed)


def _ask(services: Services, model: str, number: int, request_id: str) -> bool:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        current, version = snapshot.get(Model), snapshot.get(Version, number)
        if current is None or version is None or not _outdated(version):
            return NoChange(False)
        return request_scan(current, version, stamp).replaced(True)

    request = Request(_KEEPER, request_id)
    return change_model(services, request, model, decide, lambda _: True, model_keys(model, versions=[number])).result


def _outdated(version: Version) -> bool:
    """Whether a READY version has no verdict by the present ruleset, nor is waiting for one."""
    scan = version.scan
    if version.status is not Status.READY:
        return False
    return scan is None or (scan.state is not ScanState.PENDING and scan.ruleset < RULESET)
