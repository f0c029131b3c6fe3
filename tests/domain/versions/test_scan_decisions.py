"""A scan asked for, its result, and broken glass: what each changes, and what changes nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import (
    InvalidInputError,
    NotQuarantinedError,
    QuarantinedError,
    ScanPendingError,
    SeparationOfDutiesError,
    VersionNotReadyError,
    VersionQuarantinedError,
)
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import NoChange
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.findings import Findings, scanned
from chalicelib.domain.scanning.policy import ScanPolicy
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.scanning.scan_state import Clearance, Release, Scan, ScanState
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.schemes.evidence_rules import EvidenceRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.reporters import Expected, independence_of_check
from chalicelib.domain.schemes.scheme import scheme_from_document
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions import scan_decisions as scans
from chalicelib.domain.versions.quarantine import check_bytes, check_leaves_quarantine, obstacle
from chalicelib.domain.versions.version import Status, Version
from tests.domain.build import NOW, Kept, changed, file, ready, register, stamp
from tests.domain.scanning.findings import FOUND
from tests.domain.schemes.documents import document

LATER = later(NOW, timedelta(minutes=1))
TOMORROW = later(NOW, timedelta(days=1))
ANY = ScanPolicy(tuple(Verdict))


class Scene:
    """A version of a registry that scans, in memory."""

    def __init__(self) -> None:
        model, pending = register(Model("fraud"))
        self.kept = Kept(model)
        made = changed(versions.finalise(model, pending, (file().pinned("s3-1"),), stamp(), scanning=True))
        self.kept.records[pending.identity] = pending
        self.kept.apply(made)

    @property
    def version(self) -> Version:
        return {**self.kept.versions, **self.kept.buried}[1]

    @property
    def scan(self) -> Scan:
        assert self.version.scan is not None
        return self.version.scan

    def ask(self, time: Instant) -> None:
        self.kept.apply(scans.repeat_request(self.kept.model, self.version, stamp(time=time)), time)

    def result(
        self,
        verdict: Verdict | None,
        ruleset: int = 1,
        requested_at: Instant | None = None,
        *,
        cut_off: bool = False,
    ) -> ScanResult:
        outcome = None if verdict is None else scanned({"model.pkl": FOUND[verdict]})
        failure = "it took too long" if outcome is None else ""
        return ScanResult(self.version.uid, requested_at or self.scan.requested_at, ruleset, outcome, failure, cut_off)

    def cut_off(self, times: int, ruleset: int = 2, policy: ScanPolicy | None = None) -> None:
        """So many scans by a ruleset end because the scanner died in each."""
        for _ in range(times):
            self.ask(TOMORROW)
            self.finish(self.result(None, ruleset, cut_off=True), TOMORROW, policy)

    def finish(self, result: ScanResult, time: Instant = LATER, policy: ScanPolicy | None = None) -> bool:
        outcome = scans.finish_scan(self.kept.model, policy or ScanPolicy(), self.version, result, stamp(time=time))
        counted: bool = self.kept.apply(outcome, time)
        return counted

    def release(self, until: Instant = TOMORROW, time: Instant = LATER, reason: str = "incident 7") -> Any:
        return self.kept.apply(scans.release(self.kept.model, self.version, reason, until, stamp(time=time)), time)


def test_a_version_of_a_registry_that_scans_is_in_quarantine_until_its_scan_is_done() -> None:
    scene = Scene()
    assert scene.version.status is Status.READY and scene.scan.state is ScanState.PENDING
    assert not scene.scan.open(TOMORROW)
    assert scene.finish(scene.result(Verdict.CLEAN)) and scene.scan.open(LATER)
    assert (scene.scan.verdict, scene.scan.ruleset, scene.scan.finished_at) == (Verdict.CLEAN, 1, LATER)
    (findings,) = scene.kept.all(Findings)
    assert findings.scanned.counts == {Verdict.CLEAN: 1}


def test_a_version_made_ready_without_scanning_is_not_in_quarantine() -> None:
    _, version = ready(Model("fraud"))
    assert version.scan is None and version.clearance is None
    check_bytes("fraud", 1, version.clearance, NOW)
    check_leaves_quarantine(version, "Moving it", NOW)


@pytest.mark.parametrize("verdict", Verdict)
def test_the_policy_decides_whether_the_verdict_opens(verdict: Verdict) -> None:
    scene = Scene()
    scene.finish(scene.result(verdict))
    assert scene.scan.open(LATER) == (verdict in (Verdict.CLEAN, Verdict.UNSCANNED)) == scene.scan.allowed


def test_a_failed_first_scan_keeps_the_version_closed_and_says_why() -> None:
    scene = Scene()
    made = changed(scans.finish_scan(scene.kept.model, ANY, scene.version, scene.result(None), stamp(time=LATER)))
    assert (made.event.reason, made.event.trigger) == ("it took too long", Trigger.RULE)
    scene.finish(scene.result(None), policy=ANY)
    assert (scene.scan.state, scene.scan.verdict) == (ScanState.FAILED, None) and not scene.scan.open(TOMORROW)
    assert scene.kept.all(Findings) == []


def test_a_rescan_keeps_the_verdict_until_there_is_another() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    scene.ask(TOMORROW)
    assert scene.scan.state is ScanState.PENDING and scene.scan.verdict is Verdict.CLEAN and scene.scan.open(TOMORROW)
    scene.finish(scene.result(Verdict.UNSAFE, ruleset=2), TOMORROW)
    assert scene.scan.verdict is Verdict.UNSAFE and not scene.scan.open(TOMORROW)


def test_asking_again_does_not_keep_the_result_of_a_pending_scan_from_counting() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    scene.ask(LATER)
    answer = scene.result(Verdict.UNSAFE, ruleset=2)
    asked = scans.request_scan(scene.kept.model, scene.version, stamp(time=TOMORROW))
    assert isinstance(asked, NoChange)
    scene.finish(answer, TOMORROW)
    assert scene.scan.verdict is Verdict.UNSAFE


def test_a_rescan_that_fails_leaves_the_verdict_and_what_it_allowed() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    scene.ask(TOMORROW)
    assert scene.finish(scene.result(None), TOMORROW)
    assert (scene.scan.state, scene.scan.verdict) == (ScanState.DONE, Verdict.CLEAN) and scene.scan.open(TOMORROW)


def test_a_file_that_kills_the_scanner_of_later_rules_again_and_again_loses_its_verdict() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    scene.cut_off(scans.MOST_CUT_OFF - 1)
    assert scene.scan.unanswered and scene.scan.open(TOMORROW)
    scene.cut_off(1)
    assert (scene.scan.state, scene.scan.verdict) == (ScanState.FAILED, None)
    assert not scene.scan.open(TOMORROW) and not scene.scan.unanswered
    scene.ask(TOMORROW)
    scene.finish(scene.result(Verdict.CLEAN, ruleset=2), TOMORROW)
    assert scene.scan.open(TOMORROW) and scene.scan.cut_off == 0


def test_a_verdict_between_them_has_cut_off_scans_counted_anew() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    scene.cut_off(scans.MOST_CUT_OFF - 1)
    scene.ask(TOMORROW)
    scene.finish(scene.result(Verdict.CLEAN, ruleset=2), TOMORROW)
    scene.cut_off(scans.MOST_CUT_OFF - 1, ruleset=3)
    assert scene.scan.open(TOMORROW)


def test_what_was_closed_stays_closed_however_often_its_scan_is_cut_off() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.REVIEW))
    for _ in range(scans.MOST_CUT_OFF + 1):
        scene.cut_off(1)
        assert not scene.scan.open(TOMORROW)


def test_scans_that_never_began_close_nothing_that_was_open() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    for _ in range(2 * scans.MOST_CUT_OFF):
        scene.ask(TOMORROW)
        scene.finish(scene.result(None, ruleset=2), TOMORROW)
    assert scene.scan.unanswered and scene.scan.open(TOMORROW)


def test_a_verdict_by_the_same_rules_is_not_lost_by_scans_that_were_cut_off() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    scene.cut_off(2 * scans.MOST_CUT_OFF, ruleset=1)
    assert scene.scan.open(TOMORROW)


def test_a_release_opens_what_the_scanner_was_cut_off_at() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    scene.cut_off(scans.MOST_CUT_OFF)
    scene.release(later(TOMORROW, timedelta(days=1)), time=TOMORROW)
    assert scene.scan.open(TOMORROW)


def test_a_version_from_before_scanning_stays_open_until_its_first_verdict() -> None:
    model, version = ready(Model("fraud"))
    asked = changed(scans.request_scan(model, version, stamp())).result.scan
    assert asked.state is ScanState.PENDING and asked.verdict is None and asked.open(NOW)


@pytest.mark.parametrize("cut_off", [False, True])
def test_a_version_from_before_scanning_is_closed_only_if_the_scanner_is_cut_off_at_it(cut_off: bool) -> None:
    model, version = ready(Model("fraud"))
    asked = changed(scans.request_scan(model, version, stamp())).result
    failure = ScanResult(asked.uid, asked.scan.requested_at, 1, None, "it came to no result", cut_off)
    (saved,) = changed(scans.finish_scan(model, ANY, asked, failure, stamp(time=LATER))).changes
    assert saved.record.scan.open(LATER) == saved.record.scan.unanswered == (not cut_off)


def test_only_a_ready_version_is_scanned() -> None:
    model, version = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        scans.request_scan(model, version, stamp())


def test_a_result_counts_once() -> None:
    scene = Scene()
    result = scene.result(Verdict.REVIEW)
    assert scene.finish(result) and not scene.finish(result, TOMORROW, ANY)
    assert not scene.scan.allowed


def test_the_result_of_an_earlier_request_does_not_count() -> None:
    scene = Scene()
    late = scene.result(Verdict.CLEAN)
    scene.ask(TOMORROW)
    assert not scene.finish(late, TOMORROW) and scene.scan.state is ScanState.PENDING


def test_an_older_ruleset_ends_the_request_and_leaves_the_verdict_of_a_newer_one() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.REVIEW, ruleset=5))
    scene.ask(TOMORROW)
    assert scene.finish(scene.result(Verdict.CLEAN, ruleset=4), TOMORROW)
    assert (scene.scan.state, scene.scan.verdict, scene.scan.ruleset) == (ScanState.DONE, Verdict.REVIEW, 5)
    (findings,) = scene.kept.all(Findings)
    assert findings.ruleset == 5


@pytest.mark.parametrize("status", [Status.DELETED, Status.PURGING, Status.PURGED])
def test_a_result_for_a_version_that_is_gone_does_not_count(status: Status) -> None:
    scene = Scene()
    gone = replace(scene.version, status=status)
    result = scene.result(Verdict.CLEAN)
    assert scans.finish_scan(scene.kept.model, ANY, gone, result, stamp()) == NoChange(False)
    assert scans.finish_scan(scene.kept.model, ANY, None, result, stamp()) == NoChange(False)


def test_a_result_of_other_bytes_or_without_a_request_does_not_count() -> None:
    scene = Scene()
    other = replace(scene.result(Verdict.CLEAN), uid="another")
    assert not scene.finish(other)
    model, version = ready(Model("fraud"))
    unasked = replace(scene.result(Verdict.CLEAN), uid=version.uid)
    assert scans.finish_scan(model, ANY, version, unasked, stamp()) == NoChange(False)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.none(), st.none()),
        st.tuples(st.just("finish"), st.none() | st.sampled_from(list(Verdict)), st.integers(1, 3)),
        st.tuples(st.just("again"), st.none() | st.sampled_from(list(Verdict)), st.integers(1, 3)),
    ),
    max_size=12,
)


@given(steps=STEPS)
def test_however_results_come_the_verdict_is_of_the_newest_ruleset_that_answered_a_request(
    steps: list[tuple[str, Verdict | None, int | None]],
) -> None:
    scene, time, open_request, best = Scene(), NOW, True, 0
    last: ScanResult | None = None
    for what, verdict, ruleset in steps:
        time = later(time, timedelta(seconds=1))
        if what == "ask":
            scene.ask(time)
            open_request = True
        elif what == "finish":
            last = scene.result(verdict, ruleset or 1)
            counted = scene.finish(last, time)
            assert counted == open_request
            if counted and verdict is not None and (ruleset or 1) >= best:
                best = ruleset or 1
                assert scene.scan.verdict is verdict
            open_request = False
        elif last is not None and not open_request:
            assert not scene.finish(last, time)
        assert scene.scan.ruleset == best
        assert scene.scan.open(time) == (scene.scan.allowed and scene.scan.state is not ScanState.FAILED)


def test_a_release_opens_until_it_expires_by_time_alone() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.UNSAFE))
    scene.release(TOMORROW)
    just_before = later(TOMORROW, timedelta(milliseconds=-1))
    assert scene.scan.release == Release(LATER, "token:ada", "incident 7", TOMORROW)
    assert scene.scan.open(just_before) and not scene.scan.open(TOMORROW)


def test_a_version_is_released_while_its_scan_is_pending_or_has_failed() -> None:
    for verdict in (Verdict.REVIEW, None):
        scene = Scene()
        scene.release()
        assert scene.scan.open(LATER)
        scene.finish(scene.result(verdict))
        assert scene.scan.open(LATER) and not scene.scan.open(TOMORROW)


def test_a_release_is_an_override_with_its_reason_in_the_event() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.UNSAFE))
    event = changed(scans.release(scene.kept.model, scene.version, "incident 7", TOMORROW, stamp(time=LATER))).event
    assert (event.trigger, event.reason) == (Trigger.OVERRIDE, "incident 7")
    assert event.after is not None and event.after["verdict"] is Verdict.UNSAFE


def test_only_a_version_in_quarantine_is_released() -> None:
    scene = Scene()
    scene.finish(scene.result(Verdict.CLEAN))
    for model, version in ((scene.kept.model, scene.version), ready(Model("fraud"))):
        with pytest.raises(NotQuarantinedError):
            scans.release(model, version, "incident 7", TOMORROW, stamp(time=LATER))


@pytest.mark.parametrize("until", [NOW, LATER, later(LATER, timedelta(days=90, milliseconds=1))])
def test_a_release_ends_after_now_and_within_ninety_days(until: Instant) -> None:
    scene = Scene()
    with pytest.raises(InvalidInputError) as refused:
        scene.release(until)
    assert [problem.pointer for problem in refused.value.problems] == ["/expires_at"]
    scene.release(later(LATER, timedelta(days=90)))


def test_a_release_by_who_registered_the_version_is_refused_where_the_scheme_wants_independence() -> None:
    scene = Scene()
    independent = Expected(rules=(EvidenceRule(checks=("scan",), independent=True),))
    for actor, person in (("token:ada", "token:ada"), ("token:night", "token:ada")):
        mine = replace(stamp(time=LATER), actor=actor, person=person)
        with pytest.raises(SeparationOfDutiesError):
            scans.release(scene.kept.model, scene.version, "incident 7", TOMORROW, mine, independent)
    other = replace(stamp(time=LATER), actor="token:grace", person="token:grace")
    assert changed(scans.release(scene.kept.model, scene.version, "incident 7", TOMORROW, other, independent))


@pytest.mark.parametrize(
    ("rules", "independent"),
    [
        ([], False),
        ([{"checks": ["scan"], "independent": True}], True),
        ([{"checks": ["*"], "independent": True}], True),
        ([{"checks": ["bias"], "independent": True}], False),
        ([{"checks": ["scan"], "independent": True, "tiers": ["high"]}], False),
        ([{"checks": ["scan"], "reporters": [{"principals": ["token:scanner"]}]}], False),
    ],
)
def test_of_the_rules_of_the_check_scan_a_release_is_bound_by_independence_alone(
    rules: list[dict[str, Any]], independent: bool
) -> None:
    found = independence_of_check(scheme_from_document(document(evidence=rules)), Tier.LOW, scans.CHECK)
    assert [rule.independent for rule in found.rules] == [True] * independent
    assert not any(rule.reporters for rule in found.rules) and not found.patterns


def test_a_later_release_replaces_an_earlier_one_and_the_same_changes_nothing() -> None:
    scene = Scene()
    scene.release()
    again = scans.release(scene.kept.model, scene.version, "incident 7", TOMORROW, stamp(time=LATER))
    assert isinstance(again, NoChange)
    scene.release(later(TOMORROW, timedelta(days=1)), reason="longer")
    assert scene.scan.release is not None and scene.scan.release.reason == "longer"


def test_a_quarantine_is_restored_while_the_release_holds_and_not_after() -> None:
    scene = Scene()
    model = scene.kept.model
    assert isinstance(scans.restore_quarantine(model, scene.version, stamp(time=LATER)), NoChange)
    scene.release()
    expired = scans.restore_quarantine(scene.kept.model, scene.version, stamp(time=TOMORROW))
    assert isinstance(expired, NoChange)
    scene.kept.apply(scans.restore_quarantine(scene.kept.model, scene.version, stamp(time=LATER)), LATER)
    assert scene.scan.release is None and not scene.scan.open(LATER)


@pytest.mark.parametrize(
    ("clearance", "refused", "says"),
    [
        (Clearance(ScanState.PENDING, None, False), ScanPendingError, "is being scanned"),
        (Clearance(ScanState.PENDING, Verdict.REVIEW, False), ScanPendingError, "is being scanned"),
        (Clearance(ScanState.FAILED, None, False), QuarantinedError, "its scan failed"),
        (
            Clearance(ScanState.DONE, Verdict.UNSAFE, False, "it runs a shell"),
            QuarantinedError,
            "it runs a shell",
        ),
        (Clearance(ScanState.DONE, Verdict.UNSAFE, False, "", NOW), QuarantinedError, "found it unsafe"),
    ],
)
def test_bytes_are_refused_with_what_was_found(clearance: Clearance, refused: type[Exception], says: str) -> None:
    with pytest.raises(refused, match=says):
        check_bytes("fraud", 1, clearance, NOW)
    assert says in (obstacle(1, clearance, NOW) or "")


def test_moves_are_refused_as_a_conflict() -> None:
    scene = Scene()
    with pytest.raises(ScanPendingError):
        check_leaves_quarantine(scene.version, "Moving it", LATER)
    scene.finish(scene.result(Verdict.REVIEW))
    with pytest.raises(VersionQuarantinedError, match="Moving it of 'fraud' is refused"):
        check_leaves_quarantine(scene.version, "Moving it", LATER)


@given(
    st.builds(
        Scan,
        st.sampled_from(ScanState),
        st.just(NOW),
        st.booleans(),
        st.none() | st.sampled_from(list(Verdict)),
        st.integers(0, 9),
        st.none() | st.just(LATER),
        st.text(max_size=9),
        st.none() | st.builds(Release, st.just(NOW), st.text(max_size=9), st.text(max_size=9), st.just(TOMORROW)),
    )
)
def test_a_scan_and_its_clearance_read_back_as_they_were_written(scan: Scan) -> None:
    assert Scan.from_document(scan.document()) == scan
    assert Clearance.from_document(scan.clearance.document()) == scan.clearance
