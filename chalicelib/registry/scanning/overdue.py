"""Scans that have not come to a result in time: asked for again twice, then ended.

The scanner itself ends a scan that it began three times. So what is ended here it never learned of, or could not write:
that says nothing of the files. A version that stays open after a failed scan is scanned again a day later.

The scanner's own result may be there. Without second opinions, the scan ends with it: somebody switched them off while
one was awaited, or the result could not be judged. If an opinion is wanted, and it did not come, the scan ends with the
own result too, which is then for review at least. But a version that was given out before, and that the own result
would let out, stays as it is: the opinion's function may be broken for all versions, and would close all of them.
"""

from dataclasses import replace
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.names import DUE_AT, PARTITION_KEY, SCANNED_PREFIX
from chalicelib.aws.scanning.watches import PATIENCE, ScanWatch, watch_from, watch_item
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.findings import Findings, Opinion
from chalicelib.domain.scanning.opinion import opinion_missing
from chalicelib.domain.scanning.policy import ScanPolicy
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.scanning.scan_state import Scan, ScanState
from chalicelib.domain.versions.scan_decisions import finish_scan, repeat_request
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_scheme, model_keys
from chalicelib.registry.scanning.joining import Joined, kept_result

MOST_REPEATS: Final = 2
_KEEPER: Final = Principal("keeper", ())
_FAILURE: Final = "The scan was asked for three times and came to no result."
_NO_OPINION: Final = "It was asked for three times and did not come."
_ONLY_OWN: Final = "The second opinion was asked for three times and did not come."


def look(services: Services, stored: Item, request_id: str) -> int:
    """Ask again for a scan whose time has come, or end it; answers how many were."""
    watch = watch_from(stored)
    repeated = watch.repeats < MOST_REPEATS
    if repeated:
        # Before it is asked for: a keeper that dies in between looks again in an hour, and not for ever.
        again = watch_item(replace(watch, repeats=watch.repeats + 1), later(services.clock(), PATIENCE))
        unchanged = f"attribute_exists({PARTITION_KEY}) AND {DUE_AT} = :was"
        if not services.table.put(again, unchanged, {":was": stored[DUE_AT]}):
            return 0
    settled = _settle(services, watch, Request(_KEEPER, request_id), again=repeated)
    if not settled and not repeated:
        services.table.transact([services.table.drop_write(keys.scan_watch(watch.model, watch.number))])
    return int(settled)


def _settle(services: Services, watch: ScanWatch, request: Request, again: bool) -> bool:
    """Ask for the scan again, or else end it as failed; answers whether it still waited for a verdict."""

    def due_again(scan: Scan, findings: Findings | None) -> bool:
        missing = opinion_missing(findings, services.settings.second_opinion)
        return services.settings.scanning and scan.unanswered and (scan.ruleset < RULESET or missing)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        model, version = snapshot.get(Model), snapshot.get(Version, watch.number)
        if model is None or version is None or version.status is not Status.READY:
            return NoChange(False)
        scan, findings = version.scan, snapshot.get(Findings, watch.number)
        if scan is None or not (scan.state is ScanState.PENDING or due_again(scan, findings)):
            return NoChange(False)
        if again:
            return repeat_request(model, version, stamp).replaced(True)
        policy = loaded_scheme(snapshot).scanning
        last = _last_word(services, version.uid, scan, policy)
        return finish_scan(model, policy, version, last.result, stamp, last.opinion)

    asked = [*model_keys(watch.model, versions=[watch.number], scheme=True), keys.findings(watch.model, watch.number)]
    return change_model(services, request, watch.model, decide, lambda _: True, asked).result


def _last_word(services: Services, uid: str, scan: Scan, policy: ScanPolicy) -> Joined:
    """How the scan of a version ends: with the scanner's own result, if there is one, or as failed."""
    failed = ScanResult(uid, scan.requested_at, RULESET, None, _FAILURE)
    own, second = kept_result(services, failed, SCANNED_PREFIX), services.settings.second_opinion
    if own is None:
        return Joined(failed)
    if not second:
        return Joined(own)
    if scan.allowed and own.scanned is not None and policy.allows(own.scanned):
        return Joined(replace(failed, failure=_ONLY_OWN))
    return Joined(own, Opinion(second, None, _NO_OPINION))
