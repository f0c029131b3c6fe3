"""Vulnerabilities of the libraries stand in the bill of materials with what people state of them."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.bom.document import bill_of_materials
from chalicelib.domain.bom.material import Material
from chalicelib.domain.instants import later
from chalicelib.domain.severity import Severity
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.statement import Statement, VexStatus
from tests.domain.bom.build import whole
from tests.domain.build import NOW

FOUND = Finding("GHSA-1", "torch", "2.9.0", Severity.HIGH, "2.10.0", ("CVE-2026-1",))


def found(*statements: tuple[str, Statement]) -> Material:
    assessment = Assessment(1, Matched("a" * 64, NOW, 1, 3, (FOUND,)), NOW, dict(statements))
    return replace(whole(), assessment=assessment, now=NOW)


def stated(days: int) -> Statement:
    until = later(NOW, timedelta(days=days))
    return Statement(
        VexStatus.NOT_AFFECTED, "vulnerable_code_not_in_execute_path", "Not called.", until, NOW, "token:ada"
    )


def test_a_finding_names_the_library_that_it_affects() -> None:
    (shown,) = bill_of_materials(found())["vulnerabilities"]
    assert shown == {
        "id": "GHSA-1",
        "ratings": [{"severity": "high"}],
        "recommendation": "Use torch 2.10.0.",
        "affects": [{"ref": "requirement:1"}],
        "properties": [{"name": "moorage:alias:CVE-2026-1", "value": "CVE-2026-1"}],
    }


def test_a_statement_is_the_analysis_until_it_expires() -> None:
    (shown,) = bill_of_materials(found(("CVE-2026-1", stated(1))))["vulnerabilities"]
    assert shown["analysis"] == {
        "state": "not_affected",
        "justification": "code_not_reachable",
        "detail": "Not called.",
        "lastUpdated": NOW,
    }
    (expired,) = bill_of_materials(found(("CVE-2026-1", stated(-1))))["vulnerabilities"]
    assert "analysis" not in expired
