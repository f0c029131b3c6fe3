"""Judging by a model's new scheme what scans have found, without another scan."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.scanning.items import findings_from
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, model_ledger
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.findings import Findings
from chalicelib.domain.versions import scan_decisions as decisions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_scheme, model_keys

# Findings take up to 64 KiB each, and a call of DynamoDB reads a megabyte.
_PAGE: Final = 20
_RULE: Final = Principal("rule:quarantine", ())


def judge_again(services: Services, event: Mapping[str, Any]) -> int:
    """Judge every scanned version of the event's model by the present scheme; answers how many changed.

    Those for which nothing changes are only read. The same event may come again.
    """
    model, after, changed = str(event["model"]), None, 0
    prefix = keys.of_versions("scan")
    while True:
        stored, after = services.table.query(keys.partition(model_ledger(model)), prefix, _PAGE, after)
        numbers = [findings_from(item).version for item in stored]
        changed += sum(_judge(services, str(event["id"]), model, number) for number in numbers)
        if after is None:
            return changed


def _judge(services: Services, event_id: str, model: str, number: int) -> bool:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[bool]:
        head, version, found = snapshot.get(Model), snapshot.get(Version, number), snapshot.get(Findings, number)
        if head is None:
            return NoChange(False)
        return decisions.judge_again(head, loaded_scheme(snapshot).scanning, version, found)

    asked = [*model_keys(model, versions=[number], scheme=True), keys.findings(model, number)]
    return change_model(services, Request(_RULE, event_id), model, decide, lambda _: True, asked).result
