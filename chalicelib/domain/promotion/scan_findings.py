"""Judging the gate that looks at the registry's own scan, and at what other scanners reported."""

from typing import Any

from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding, age_in_words, too_old
from chalicelib.domain.promotion.report_findings import check_finding
from chalicelib.domain.scanning.scan_state import Scan, ScanState
from chalicelib.domain.schemes.gates import ScanGate


def scan_finding(gate: ScanGate, facts: Facts) -> Finding:
    """What a gate finds that wants a scan with an acceptable verdict.

    The check alone decides on a version that the registry does not scan.
    """
    scan = facts.version.scan
    if scan is None:
        return check_finding(gate, facts)
    needed = f"a scan that found {_wanted(gate)}{age_in_words(gate.max_age_days)}, and no failed check {gate.check}"
    check = facts.checks.get(gate.check)
    seen: list[Any] = [scan.verdict, scan.allowed, None if check is None else [check["passed"], check["reported_at"]]]
    reason = _shortcoming(gate, scan, facts)
    if reason is not None:
        return Finding(False, scan.verdict, needed, reason, seen)
    if check is not None and (check.get("opened_at") or (check["reported_at"] and not check["passed"])):
        reported = check_finding(gate, facts)
        if not reported.holds:
            return Finding(False, reported.actual, needed, reported.reason, seen, reported.awaited)
    return Finding(True, scan.verdict, needed, f"the scan found the version {scan.verdict}", seen)


def _wanted(gate: ScanGate) -> str:
    return " or ".join(gate.verdicts) or "what the scheme allows"


def _shortcoming(gate: ScanGate, scan: Scan, facts: Facts) -> str | None:
    """Why the registry's own scan does not satisfy the gate; None if it does."""
    if scan.verdict is None or scan.finished_at is None:
        return "the version is being scanned" if scan.state is ScanState.PENDING else "the scan has failed"
    found = f" ({scan.summary})" if scan.summary else ""
    if scan.verdict not in gate.verdicts if gate.verdicts else not scan.allowed:
        return f"the scan found the version {scan.verdict}{found}"
    if too_old(scan.finished_at, gate.max_age_days, facts.now):
        return f"the version was scanned at {scan.finished_at}"
    return None
