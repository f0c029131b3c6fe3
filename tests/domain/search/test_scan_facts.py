"""What a search knows of scans, and which versions it counts as in quarantine."""

from dataclasses import replace

import pytest

from chalicelib.domain.instants import Instant
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.scan_state import Release, Scan, ScanState
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.search.entries import quarantine, scan_facts
from chalicelib.domain.versions.version import Status, Version
from tests.domain.build import NOW, ready

RELEASE = Release(NOW, "token:ada", "needed", Instant("2027-01-01T00:00:00.000Z"))
KEPT = Scan(ScanState.DONE, NOW, allowed=False, verdict=Verdict.UNSAFE)


def version(scan: Scan | None, status: Status = Status.READY) -> Version:
    _, made = ready(Model("fraud"))
    return replace(made, scan=scan, status=status)


@pytest.mark.parametrize(
    ("scan", "held"),
    [
        (None, None),
        (Scan(ScanState.PENDING, NOW), None),
        (Scan(ScanState.DONE, NOW, allowed=True, verdict=Verdict.CLEAN), None),
        # The policy of a scheme may allow what is not clean.
        (Scan(ScanState.DONE, NOW, allowed=True, verdict=Verdict.REVIEW), None),
        (KEPT, "kept"),
        (Scan(ScanState.FAILED, NOW), "kept"),
        (Scan(ScanState.FAILED, NOW, allowed=True, verdict=Verdict.CLEAN), "kept"),
        # While another scan runs, the last verdict holds.
        (replace(KEPT, state=ScanState.PENDING), "kept"),
        (replace(KEPT, state=ScanState.PENDING, allowed=True, verdict=Verdict.CLEAN), None),
        (replace(KEPT, release=RELEASE), "released"),
    ],
)
def test_a_version_is_in_quarantine_if_an_ended_scan_keeps_it_there(scan: Scan | None, held: str | None) -> None:
    assert quarantine(version(scan)) == held
    assert scan_facts(version(scan)).get("quarantine") == held


@pytest.mark.parametrize("scan", [KEPT, Scan(ScanState.FAILED, NOW)])
def test_what_is_kept_gives_out_no_bytes_and_what_is_not_in_quarantine_does(scan: Scan) -> None:
    assert not scan.open(NOW)
    assert replace(scan, state=ScanState.DONE, allowed=True).open(NOW)


def test_state_and_verdict_are_facts_as_far_as_there_are_any() -> None:
    assert scan_facts(version(None)) == {}
    assert scan_facts(version(Scan(ScanState.PENDING, NOW))) == {"state": "pending"}
    assert scan_facts(version(KEPT)) == {"state": "done", "verdict": "unsafe", "quarantine": "kept"}


def test_a_version_that_is_not_ready_has_none() -> None:
    deleted = version(KEPT, Status.DELETED)
    assert (quarantine(deleted), scan_facts(deleted)) == (None, {})
