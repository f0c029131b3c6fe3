"""A second opinion can only make things worse: it takes nothing from a verdict, and lets nothing out of quarantine."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import Instant
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.findings import Opinion, Scanned, scanned
from chalicelib.domain.scanning.opinion import both_allowed, joint_summary, joint_verdict, opinion_from
from chalicelib.domain.scanning.policy import ScanPolicy
from chalicelib.domain.scanning.reasons import note
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.scanning.verdict import Verdict, worst
from tests.domain.scanning.findings import FOUND
from tests.domain.scanning.test_policy import POLICIES, SCANS

OPINIONS = st.builds(Opinion, st.just("other 1"), SCANS.map(scanned) | st.none(), st.just("It was cut off."))
EVERYTHING = ScanPolicy(allow=(Verdict.CLEAN, Verdict.UNSCANNED, Verdict.REVIEW))


def found(verdict: Verdict, path: str = "model.pkl") -> Scanned:
    return scanned({path: FOUND[verdict]})


def said(verdict: Verdict) -> Opinion:
    return Opinion("other 1", found(verdict))


@given(own=SCANS.map(scanned), opinion=OPINIONS, policy=POLICIES)
def test_an_opinion_only_escalates(own: Scanned, opinion: Opinion, policy: ScanPolicy) -> None:
    assert joint_verdict(own, opinion) is worst((own.verdict, opinion.verdict))
    if both_allowed(policy, own, opinion):
        assert policy.allows(own)
        assert Verdict.UNSAFE not in (own.verdict, opinion.verdict)


@given(own=SCANS.map(scanned), policy=POLICIES)
def test_an_opinion_that_sees_nothing_changes_nothing(own: Scanned, policy: ScanPolicy) -> None:
    for silent in (None, said(Verdict.CLEAN), Opinion("other 1", Scanned({}))):
        assert joint_verdict(own, silent) is own.verdict
        assert joint_summary(own, silent) == own.summary
        assert both_allowed(policy, own, silent) == policy.allows(own)


def test_what_it_sees_must_be_allowed_by_the_scheme() -> None:
    clean = found(Verdict.CLEAN)
    assert not both_allowed(ScanPolicy(), clean, said(Verdict.REVIEW))
    assert both_allowed(EVERYTHING, clean, said(Verdict.REVIEW))
    assert not both_allowed(EVERYTHING, clean, said(Verdict.UNSAFE))


def test_an_unscanned_file_is_not_let_out_because_a_second_scanner_has_it_reviewed() -> None:
    reviewed_only = ScanPolicy(allow=(Verdict.CLEAN, Verdict.REVIEW))
    assert not both_allowed(reviewed_only, found(Verdict.UNSCANNED), said(Verdict.REVIEW))


def test_no_opinion_is_for_review_and_says_so() -> None:
    missing = Opinion("other 1", None, "It was cut off 3 times.")
    clean = found(Verdict.CLEAN)
    assert joint_verdict(clean, missing) is Verdict.REVIEW
    assert not both_allowed(ScanPolicy(), clean, missing)
    assert both_allowed(EVERYTHING, clean, missing)
    assert joint_summary(clean, missing) == "There is no second opinion: It was cut off 3 times."


def test_the_summary_is_that_of_the_worse_and_of_equals_the_registry_s_own() -> None:
    own, other = found(Verdict.REVIEW, "own.pkl"), found(Verdict.UNSAFE, "other.pkl")
    assert joint_summary(own, Opinion("other 1", other)).startswith("other.pkl:")
    assert joint_summary(other, Opinion("other 1", own)).startswith("other.pkl:")
    assert joint_summary(own, said(Verdict.REVIEW)).startswith("own.pkl:")


def test_of_files_that_it_says_nothing_of_only_the_count_is_kept() -> None:
    partly = FileScan("", (note("no_second_opinion", "It could not be read to its end."),))
    scans = {"a.pkl": FOUND[Verdict.UNSAFE], "b.json": FileScan(""), "c.joblib": partly}
    result = ScanResult("uid", Instant("2026-11-23T09:30:00.000Z"), 1, scanned(scans), scanner="other 1")
    opinion = opinion_from(result)
    assert opinion.scanned is not None
    assert [file.path for file in opinion.scanned.files] == ["a.pkl", "c.joblib"]
    assert sum(opinion.scanned.counts.values()) == 3
    assert opinion_from(replace(result, scanned=None, failure="It was cut off.")) == Opinion(
        "other 1", None, "It was cut off."
    )


@given(OPINIONS)
def test_an_opinion_is_kept_as_it_is(opinion: Opinion) -> None:
    assert Opinion.from_document(opinion.document()) == opinion
