"""Scans as JSON documents, and the verdict as a header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from chalicelib.domain.scanning.findings import Findings, Opinion
    from chalicelib.domain.scanning.scan_state import Clearance
    from chalicelib.domain.versions.version import Version
    from chalicelib.registry.scanning.scans import ShownScan

VERDICT_HEADER: Final = "X-Moorage-Verdict"


def verdict_of(clearance: Clearance | None) -> str | None:
    """The verdict of a version; None if it has none yet, or is not scanned."""
    return None if clearance is None or clearance.verdict is None else clearance.verdict.value


def verdict_headers(clearance: Clearance | None) -> dict[str, str]:
    """The header with which an answer says what is known of the bytes that it gives out."""
    verdict = verdict_of(clearance)
    return {} if verdict is None else {VERDICT_HEADER: verdict}


def scan_document(shown: ShownScan) -> dict[str, Any]:
    """The scan of a version with its findings."""
    version, findings = shown.version, shown.findings
    scan = version.scan
    return {
        "model": version.model,
        "version": version.number,
        "open": scan is None or scan.open(shown.now),
        "scan": None if scan is None else scan.document(),
        "findings": None if findings is None else _findings(findings),
    }


def version_scan_document(version: Version) -> dict[str, Any] | None:
    return None if version.scan is None else version.scan.document()


def _findings(findings: Findings) -> dict[str, Any]:
    scanned = findings.scanned.document()
    return {
        "ruleset": findings.ruleset,
        "finished_at": findings.finished_at,
        "counts": scanned["counts"],
        "files": scanned["files"],
        "cut": scanned["cut"],
        "second_opinion": None if findings.opinion is None else _opinion(findings.opinion),
    }


def _opinion(opinion: Opinion) -> dict[str, Any]:
    found = None if opinion.scanned is None else opinion.scanned.document()
    return {
        "scanner": opinion.scanner,
        "verdict": opinion.verdict,
        "failure": opinion.failure,
        "counts": {} if found is None else found["counts"],
        "files": [] if found is None else found["files"],
        "cut": 0 if found is None else found["cut"],
    }
