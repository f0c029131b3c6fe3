"""The gate ``vulnerabilities``: severity, statements, the age of the data, and what is not pinned."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import later
from chalicelib.domain.promotion.gate_results import GateResult, binding
from chalicelib.domain.schemes.evidence_rules import EvidenceRule
from chalicelib.domain.severity import Severity
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.statement import Statement, VexStatus
from tests.domain.build import NOW
from tests.domain.schemes.documents import facts, gate, result_of
from tests.domain.vulnerabilities.build import PUBLISHED, finding, found

FACTS = facts()


def stated(by: str = "token:eve", **more: Any) -> Statement:
    return Statement(
        **{
            "status": VexStatus.NOT_AFFECTED,
            "justification": "code_not_reachable",
            "detail": "",
            "expires_at": None,
            "stated_at": NOW,
            "stated_by": by,
            "person": by,
            **more,
        }
    )


def judged(matched: Matched | None, statements: dict[str, Statement] | None = None, **document: Any) -> GateResult:
    of = gate("vulnerabilities", **{"max_severity": "medium", **document})
    return result_of(of, replace(FACTS, assessment=Assessment(1, matched, NOW, statements or {})))


def test_a_worse_vulnerability_fails_the_gate_and_is_named_with_its_fix() -> None:
    result = judged(found(finding(fixed="2.6.0")))
    assert not result.holds
    assert result.reason == "the version has GHSA-1 (high) by torch 2.5.0, fixed in 2.6.0"
    assert result.needed == "no vulnerability worse than medium that nothing lifts"
    assert result.actual == {
        "worst": "high",
        "open": 1,
        "lifted": 0,
        "unpinned": 0,
        "published_at": PUBLISHED,
    }


@given(st.sampled_from(["none", "low", "medium", "high", "critical"]), st.sampled_from(list(Severity)))
def test_the_gate_holds_up_to_its_severity_and_what_nobody_rated_counts_as_critical(worst: str, has: Severity) -> None:
    order = ["none", "low", "medium", "high", "critical"]
    rank = order.index("critical" if has is Severity.UNKNOWN else has.value)
    assert judged(found(finding(severity=has)), max_severity=worst).holds is (rank <= order.index(worst))


def test_a_statement_lifts_a_vulnerability_until_it_expires() -> None:
    tomorrow = later(NOW, timedelta(days=1))
    lifted = judged(found(finding(aliases=("CVE-1",))), {"CVE-1": stated(expires_at=tomorrow)})
    assert lifted.holds and lifted.actual["lifted"] == 1
    assert lifted.reason == f"no vulnerability, and 1 lifted by statements, by advisories of {PUBLISHED}"
    assert not judged(found(finding(aliases=("CVE-1",))), {"CVE-1": stated(expires_at=NOW)}).holds


def test_what_was_found_and_not_kept_is_not_lifted_by_statements_about_the_rest() -> None:
    cut = judged(found(finding(), cut=3), {"GHSA-1": stated()})
    assert not cut.holds
    assert cut.reason == "3 more were found than are kept, and may be as bad: require fewer versions"
    # The worst is kept, so whatever was cut is no worse than this.
    assert judged(found(finding(severity=Severity.LOW), cut=3)).holds


def test_a_statement_of_who_registered_the_version_does_not_count_where_independence_is_wanted() -> None:
    rules = (EvidenceRule(checks=("*",), independent=True),)
    of = gate("vulnerabilities", max_severity="medium")

    def by(who: str) -> GateResult:
        assessment = Assessment(1, found(finding()), NOW, {"GHSA-1": stated(who)})
        return result_of(of, replace(FACTS, assessment=assessment, rules=rules))

    (author,) = FACTS.version.people
    assert not by(author).holds
    assert by("token:eve").holds
    assert by(author).needed.endswith(", lifted by somebody who did not register the version")


@pytest.mark.parametrize(("policy", "holds"), [("pass", True), ("fail", False)])
def test_a_version_that_was_never_matched_is_judged_by_the_policy(policy: str, holds: bool) -> None:
    assert judged(None, if_no_data=policy).holds is holds
    of = gate("vulnerabilities", max_severity="critical", if_no_data=policy)
    assert result_of(of, FACTS).holds is holds


def test_without_a_policy_no_data_fails_and_what_is_not_pinned_passes() -> None:
    assert not judged(None).holds
    assert judged(found(unpinned=("numpy",))).holds


@pytest.mark.parametrize(
    ("matched", "reason"),
    [
        (found(unpinned=("numpy", "scipy")), "not pinned to one version: numpy, scipy"),
        (found(unpinned=tuple("abcdefg")), "not pinned to one version: a, b, c, d, e and 2 more"),
        (found(requirements=0), "the version records no requirements"),
    ],
)
def test_what_nobody_knows_fails_where_the_policy_says_so(matched: Matched, reason: str) -> None:
    result = judged(matched, unpinned="fail")
    assert (result.holds, result.reason) == (False, reason)


def test_data_that_is_too_old_fails() -> None:
    old = found(published_at=later(NOW, timedelta(days=-7, seconds=-1)))
    assert not judged(old, max_age_days=7).holds
    assert judged(old).holds
    assert judged(found(published_at=later(NOW, timedelta(days=-7))), max_age_days=7).holds


def test_data_on_no_requirements_does_not_grow_old() -> None:
    assert judged(found(requirements=0, published_at=later(NOW, timedelta(days=-70))), max_age_days=7).holds


def test_all_faults_are_told_at_once() -> None:
    many = found(*(finding(f"GHSA-{n}") for n in range(7)), unpinned=("numpy",))
    reason = judged(many, unpinned="fail", max_age_days=1).reason
    assert "and 2 more" in reason and "numpy" in reason and "advisories that it was matched against" in reason


def test_an_approval_is_bound_to_what_was_found_and_not_to_the_age_of_the_data() -> None:
    def bound(matched: Matched) -> str:
        return binding([judged(matched)], FACTS, {})

    first = bound(found(finding(severity=Severity.LOW)))
    newer = found(finding(severity=Severity.LOW), index=2, published_at=later(PUBLISHED, timedelta(days=1)))
    assert bound(newer) == first
    assert bound(found(finding(severity=Severity.LOW), finding("GHSA-2", Severity.LOW))) != first
