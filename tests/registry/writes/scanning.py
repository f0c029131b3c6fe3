"""Writes of scans and quarantine."""

from typing import Any, Final

from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.ledger import event_types
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.scanning import rejudging, rescans, scans
from chalicelib.registry.scanning.rescan_round import ROUND
from tests.registry.arranged import (
    a_quarantined,
    a_quarantined_and_released,
    a_review_that_another_scheme_allows,
    a_scan_asked_for,
    two_ready,
)
from tests.registry.scanning.states import finish, scanning
from tests.registry.writes.write import Write


def ask_for_scan(registry: Services, request: Request, name: str) -> Changed[Any]:
    with scanning(registry):
        return scans.request_scan(registry, request, name, "2")


def rescan_all(registry: Services, request: Request, _name: str, _: Any) -> None:
    """A whole round of the keeper through all models."""
    stored: Item = {"ruleset": RULESET, "done": 0}
    while not stored["done"]:
        rescans.take_turn(registry, stored, request.request_id)
        stored = registry.table.load([ROUND])[ROUND]


WRITES: Final = {
    "ask for a scan": Write(event_types.SCAN_REQUESTED, two_ready, lambda s, r, m, _: ask_for_scan(s, r, m)),
    "finish a scan": Write(
        event_types.SCAN_FINISHED,
        a_scan_asked_for,
        lambda s, r, m, _: finish(s, Verdict.REVIEW, 2, model=m, made=r),
        keyed=False,
    ),
    "end a scan that failed": Write(
        event_types.SCAN_FINISHED,
        a_scan_asked_for,
        lambda s, r, m, _: finish(s, None, 2, model=m, made=r),
        keyed=False,
    ),
    "judge scans by another scheme": Write(
        event_types.SCAN_FINISHED,
        a_review_that_another_scheme_allows,
        lambda s, r, m, event: rejudging.judge_again(s, event),
        keyed=False,
    ),
    "ask for scans by later rules": Write(
        event_types.SCAN_REQUESTED,
        two_ready,
        rescan_all,
        keyed=False,
    ),
    "release a version from quarantine": Write(
        event_types.QUARANTINE_RELEASED,
        a_quarantined,
        lambda s, r, m, until: scans.release(s, r, m, "2", "incident 7", until),
    ),
    "restore a quarantine": Write(
        event_types.QUARANTINE_RESTORED,
        a_quarantined_and_released,
        lambda s, r, m, _: scans.restore_quarantine(s, r, m, "2"),
    ),
}
