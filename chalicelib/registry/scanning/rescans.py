"""Asking for scans of versions in use that the present ruleset, or the present second scanner, has not judged."""

import json
from collections.abc import Callable
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
from chalicelib.domain.models.in_use import versions_in_use
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.findings import Findings
from chalicelib.domain.scanning.opinion import opinion_missing
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.versions.scan_decisions import request_scan
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.audit.ledgers import list_ledgers
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.isolation import Run, plainly
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, model_keys
from chalicelib.registry.scanning.rescan_round import ROUND, round_by

# A run of the keeper takes four minutes at most, and the scanner is to keep up.
LEDGERS_A_RUN: Final = 20
# How often all models are gone through for the sake of those that were missed.
MAX_PASSES: Final = 5
_KEEPER: Final = Principal("keeper", ())


def take_turn(services: Services, stored: Item, request_id: str, run: Run = plainly) -> int:
    """Ask for the scans of the next models; answers how many were. ``stored`` is where the round stands.

    ``run`` runs each model. Those that failed, or for which no time was left, are gone through again with all others at
    the end, which changes nothing for these: a round comes once for each ruleset and second scanner. If two keepers run
    at once, a scan may be asked for twice, which does no harm.
    """
    cursor = stored.get("cursor")
    page = list_ledgers(services, LEDGERS_A_RUN, None if cursor is None else json.loads(str(cursor)))
    answers = [
        _answer(
            run, f"scans of {head.ledger}", partial(_rescan, services, head.ledger.removeprefix("model:"), request_id)
        )
        for head in page.items
        if head.ledger != REGISTRY_LEDGER
    ]
    missed, passes = int(stored.get("missed", 0)) + answers.count(None), int(stored.get("passes", 1))
    standing: Item = {**round_by(services), "done": 0, "missed": missed, "passes": passes}
    if page.next_start is not None:
        standing["cursor"] = json.dumps(page.next_start)
    elif missed and passes < MAX_PASSES:
        standing |= {"missed": 0, "passes": passes + 1}
    else:
        standing["done"] = 1
    services.table.put(item(ROUND, standing))
    return sum(answer or 0 for answer in answers)


def _answer(run: Run, name: str, duty: Callable[[], int]) -> int | None:
    """What a duty answers; None if it failed or was put off."""
    answers: list[int] = []

    def noted() -> int:
        answers.append(duty())
        return answers[0]

    run(name, noted)
    return answers[0] if answers else None


def _rescan(services: Services, model: str, request_id: str) -> int:
    """Ask for scans of those versions of a model that are in use."""
    stored = services.table.get(keys.head(f"model:{model}"))
    if stored is None:
        return 0
    return sum(_ask(services, model, number, request_id) for number in versions_in_use(model_from(stored)))


def _ask(services: Services, model: str, number: int, request_id: str) -> bool:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        current, version = snapshot.get(Model), snapshot.get(Version, number)
        if current is None or version is None:
            return NoChange(False)
        if not _outdated(version, snapshot.get(Findings, number), services.settings.second_opinion):
            return NoChange(False)
        return request_scan(current, version, stamp).replaced(True)

    request = Request(_KEEPER, request_id)
    asked = [*model_keys(model, versions=[number]), keys.findings(model, number)]
    return change_model(services, request, model, decide, lambda _: True, asked).result


def _outdated(version: Version, findings: Findings | None, second: str) -> bool:
    """Whether a READY version has no verdict by the present ruleset and ``second``, nor is waiting for one."""
    scan = version.scan
    if version.status is not Status.READY:
        return False
    if scan is None:
        return True
    return scan.state is not ScanState.PENDING and (scan.ruleset < RULESET or opinion_missing(findings, second))
