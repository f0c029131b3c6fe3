"""The gate ``scan``: the registry's own verdict, its age, and what other scanners reported."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import later
from chalicelib.domain.promotion.gate_results import GateResult
from chalicelib.domain.scanning.scan_state import Release, Scan, ScanState
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.build import NOW
from tests.domain.schemes.documents import check, facts, gate, result_of

DONE = Scan(ScanState.DONE, NOW, True, Verdict.UNSCANNED, 1, NOW, "notes.bin: its format is not known")
FAILED_CHECK = {"scan": check(passed=False)}


def found(scan: Scan | None, checks: Any = None, days: float = 0, **document: Any) -> GateResult:
    seen = facts(checks=checks)
    made = replace(seen, version=replace(seen.version, scan=scan), now=later(NOW, timedelta(days=days)))
    return result_of(gate("scan", **document), made)


def test_by_default_the_gate_holds_if_the_schemes_policy_allowed_the_verdict() -> None:
    assert found(DONE).holds and found(DONE).actual == "unscanned"
    refused = found(replace(DONE, allowed=False, verdict=Verdict.REVIEW, summary="a.pkl: imports acme"))
    assert not refused.holds and refused.reason == "the scan found the version review (a.pkl: imports acme)"
    assert refused.kind == "scan"


@given(
    verdict=st.sampled_from(list(Verdict)), allowed=st.booleans(), wanted=st.sets(st.sampled_from(["clean", "review"]))
)
def test_with_verdicts_only_these_hold(verdict: Verdict, allowed: bool, wanted: set[str]) -> None:
    result = found(replace(DONE, verdict=verdict, allowed=allowed), verdicts=sorted(wanted))
    assert result.holds == (verdict.value in wanted if wanted else allowed)


def test_an_old_scan_does_not_hold_although_its_check_is_fresh() -> None:
    assert found(DONE, days=2.9, max_age_days=3).holds
    old = found(DONE, {"scan": check(reported_at=later(NOW, timedelta(days=3)))}, days=3.1, max_age_days=3)
    assert not old.holds and old.reason == f"the version was scanned at {NOW}"


@pytest.mark.parametrize(
    ("scan", "says"),
    [
        (Scan(ScanState.PENDING, NOW), "is being scanned"),
        (Scan(ScanState.FAILED, NOW), "has failed"),
        (Scan(ScanState.PENDING, NOW, allowed=True), "is being scanned"),
    ],
)
def test_without_a_verdict_the_gate_does_not_hold_whatever_others_report(scan: Scan, says: str) -> None:
    result = found(scan, {"scan": check()})
    assert not result.holds and says in result.reason


def test_a_rescan_leaves_the_gate_as_the_last_verdict_made_it() -> None:
    assert found(replace(DONE, state=ScanState.PENDING)).holds


def test_a_release_does_not_open_the_gate() -> None:
    released = Release(NOW, "token:ada", "incident 7", later(NOW, timedelta(days=1)))
    assert not found(replace(DONE, allowed=False, release=released)).holds


def test_another_scanner_that_failed_the_version_blocks_it() -> None:
    assert found(DONE, {"scan": check()}).holds
    failed = found(DONE, FAILED_CHECK)
    assert not failed.holds and failed.reason == "the check scan failed"


def test_an_awaited_report_of_another_scanner_blocks_until_it_is_there() -> None:
    opened = {"opened_at": NOW, "opened_by": "token:ci", "due_at": later(NOW, timedelta(hours=1)), "link": None}
    awaited = found(DONE, {"scan": {**check(passed=False), "reported_at": None, **opened}})
    assert not awaited.holds and awaited.awaited is not None


def test_where_the_registry_does_not_scan_the_check_alone_decides() -> None:
    assert not found(None).holds and not found(None, FAILED_CHECK).holds
    assert found(None, {"scan": check()}).holds


def test_approvals_are_bound_to_the_verdict_and_not_to_the_time_of_the_scan() -> None:
    again = replace(DONE, finished_at=later(NOW, timedelta(days=1)), ruleset=2)
    assert found(DONE).seen == found(again).seen
    assert found(DONE).seen != found(replace(DONE, verdict=Verdict.CLEAN)).seen
