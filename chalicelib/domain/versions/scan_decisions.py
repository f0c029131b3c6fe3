"""Scanning versions and holding them in quarantine: a scan asked for, its result, and broken glass."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.errors import InvalidInputError, NotQuarantinedError, Problem
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.findings import Findings, Opinion
from chalicelib.domain.scanning.opinion import both_allowed, joint_summary, joint_verdict
from chalicelib.domain.scanning.policy import ScanPolicy
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.scanning.scan_state import Release, Scan, ScanState
from chalicelib.domain.schemes.reporters import Expected
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Status, Version

# The check by whose evidence rules a scheme says that nobody releases a version of their own.
CHECK: Final = "scan"
# Who needs a version for longer allows its verdict in the scheme, or breaks the glass again.
LONGEST_RELEASE: Final = timedelta(days=90)
# A file can be made to kill or hang the scanner, and must not keep an old verdict by that. A fault of the scanner looks
# the same, so its operator gets the days between these scans.
MOST_CUT_OFF: Final = 3


def request_scan(model: Model, version: Version, stamp: Stamp) -> Outcome[Version]:
    """Ask for a scan of a READY version, its first or another.

    Until the result is there, an earlier verdict holds. A version registered without scanning stays out of quarantine
    until then. While a scan is pending, nothing changes: only the result of the last request counts, so whoever asks
    again and again would keep it from coming.
    """
    ready(version)
    if version.scan is not None and version.scan.state is ScanState.PENDING:
        return NoChange(version, str(version.number))
    return repeat_request(model, version, stamp)


def repeat_request(model: Model, version: Version, stamp: Stamp) -> Outcome[Version]:
    """Ask for the scan of a READY version, also if one that was asked for has come to no result."""
    ready(version)
    scan = version.scan
    if scan is None:
        asked = Scan(ScanState.PENDING, stamp.time, allowed=True)
    else:
        asked = replace(scan, state=ScanState.PENDING, requested_at=stamp.time)
    return decided(
        saved := replace(version, scan=asked),
        model,
        EventDraft(
            event_types.SCAN_REQUESTED,
            None if scan is None else _said(scan),
            {**_said(asked), "uid": version.uid, "digest": version.digest},
            version=version.number,
        ),
        Put(saved),
        subject=str(version.number),
    )


def finish_scan(
    model: Model,
    policy: ScanPolicy,
    version: Version | None,
    result: ScanResult,
    stamp: Stamp,
    opinion: Opinion | None = None,
) -> Outcome[bool]:
    """Take over the result of a scan, and judge it by the policy of the model's scheme; answers whether it counted.

    ``opinion`` is the second one, if the registry asks for it. It can only make the verdict worse.
    A result counts once, and only if it answers the last request for a version that is READY. So duplicates and results
    that come late change nothing. A scan by an older ruleset leaves an earlier verdict as it is. So does a failed one,
    until the scanner was cut off in ``MOST_CUT_OFF`` scans by a later ruleset: then the verdict no longer counts.
    """
    scan = None if version is None else version.scan
    if version is None or scan is None or version.status is not Status.READY or version.uid != result.uid:
        return NoChange(False)
    if scan.state is not ScanState.PENDING or scan.requested_at != result.requested_at:
        return NoChange(False)
    finished, findings = _finished(scan, policy, version.number, result, opinion, stamp)
    return decided(
        True,
        model,
        EventDraft(
            event_types.SCAN_FINISHED,
            _said(scan),
            {**_said(finished), "counts": _counts(findings), **_opinion(findings), "digest": version.digest},
            version=version.number,
            trigger=Trigger.RULE,
            reason=result.failure or None,
        ),
        Put(replace(version, scan=finished)),
        *(() if findings is None else (Put(findings),)),
    )


def judge_again(model: Model, policy: ScanPolicy, version: Version | None, findings: Findings | None) -> Outcome[bool]:
    """Judge what was found by another policy, without a scan; answers whether that changes anything."""
    scan = None if version is None else version.scan
    if version is None or scan is None or findings is None or version.status is not Status.READY:
        return NoChange(False)
    allowed = both_allowed(policy, findings.scanned, findings.opinion)
    if scan.verdict is None or scan.allowed == allowed:
        return NoChange(False)
    judged = replace(scan, allowed=allowed)
    return decided(
        True,
        model,
        EventDraft(
            event_types.SCAN_FINISHED,
            _said(scan),
            {**_said(judged), "counts": _counts(findings), **_opinion(findings), "digest": version.digest},
            version=version.number,
            trigger=Trigger.RULE,
            reason="the policy of the model's scheme has changed",
        ),
        Put(replace(version, scan=judged)),
    )


def release(
    model: Model,
    version: Version,
    reason: str,
    expires_at: Instant,
    stamp: Stamp,
    expected: Expected | None = None,
) -> Outcome[Version]:
    """Break the glass: give out the bytes of a version in quarantine until ``expires_at``, at most 90 days from now.

    A later release replaces an earlier one. ``expected`` says whether it must come from somebody who did not make the
    version. Raises SeparationOfDutiesError, InvalidInputError, NotQuarantinedError.
    """
    ready(version)
    if expected is not None:
        releasing = Reporter(stamp.actor, stamp.person or stamp.actor)
        expected.check("its release from quarantine", version.number, releasing, version.people)
    latest = later(stamp.time, LONGEST_RELEASE)
    if not stamp.time < expires_at <= latest:
        message = f"must be after now, {stamp.time}, and not after {latest}"
        raise InvalidInputError(f"The release's expires_at {message}.", [Problem("/expires_at", message)])
    scan = version.scan
    if scan is None or replace(scan, release=None).open(stamp.time):
        raise NotQuarantinedError(
            f"Version {version.number} of {version.model!r} is not in quarantine, so there is nothing to release."
        )
    if scan.release is not None and (scan.release.reason, scan.release.expires_at) == (reason, expires_at):
        return NoChange(version, str(version.number))
    released = replace(scan, release=Release(stamp.time, stamp.actor, reason, expires_at))
    return decided(
        saved := replace(version, scan=released),
        model,
        EventDraft(
            event_types.QUARANTINE_RELEASED,
            _release(scan),
            {**_release(released), **_said(released), "digest": version.digest},
            version=version.number,
            trigger=Trigger.OVERRIDE,
            reason=reason,
        ),
        Put(saved),
        subject=str(version.number),
    )


def restore_quarantine(model: Model, version: Version, stamp: Stamp) -> Outcome[Version]:
    """End a release before its time. A version that is not released stays as it is."""
    scan = version.scan
    if scan is None or not scan.clearance.released(stamp.time):
        return NoChange(version, str(version.number))
    restored = replace(scan, release=None)
    return decided(
        saved := replace(version, scan=restored),
        model,
        EventDraft(
            event_types.QUARANTINE_RESTORED,
            _release(scan),
            {**_release(restored), **_said(restored)},
            version=version.number,
        ),
        Put(saved),
        subject=str(version.number),
    )


def _finished(
    scan: Scan, policy: ScanPolicy, number: int, result: ScanResult, opinion: Opinion | None, stamp: Stamp
) -> tuple[Scan, Findings | None]:
    """The scan with its result, and what was found if that is to be kept."""
    scanned = result.scanned
    if scanned is None:
        return _failed(scan, result, stamp), None
    if result.ruleset < scan.ruleset:
        return replace(scan, state=ScanState.DONE), None
    finished = replace(
        scan,
        state=ScanState.DONE,
        verdict=joint_verdict(scanned, opinion),
        allowed=both_allowed(policy, scanned, opinion),
        ruleset=result.ruleset,
        finished_at=stamp.time,
        summary=joint_summary(scanned, opinion),
        cut_off=0,
    )
    return finished, Findings(number, result.ruleset, stamp.time, scanned, opinion)


def _failed(scan: Scan, result: ScanResult, stamp: Stamp) -> Scan:
    """The scan after one without a verdict. A version that never had one is closed by the first that is cut off."""
    judged = scan.verdict is not None
    if not (result.cut_off and result.ruleset > scan.ruleset):
        cut_off, holds = scan.cut_off, judged or scan.allowed
    else:
        cut_off = scan.cut_off + 1
        holds = judged and cut_off < MOST_CUT_OFF
    if holds:
        return replace(scan, state=ScanState.DONE, cut_off=cut_off)
    return replace(
        scan,
        state=ScanState.FAILED,
        verdict=None,
        allowed=False,
        ruleset=0,
        finished_at=stamp.time,
        summary="",
        cut_off=cut_off,
    )


def _said(scan: Scan) -> dict[str, Any]:
    """What events say of a scan."""
    return {
        "state": scan.state,
        "verdict": scan.verdict,
        "allowed": scan.allowed,
        "ruleset": scan.ruleset,
        "summary": scan.summary,
    }


def _counts(findings: Findings | None) -> dict[str, int] | None:
    return None if findings is None else findings.scanned.document()["counts"]


def _opinion(findings: Findings | None) -> dict[str, Any]:
    """Who gave a second opinion, and which; nothing if there is none."""
    if findings is None or findings.opinion is None:
        return {}
    opinion = findings.opinion
    return {"opinion": {"scanner": opinion.scanner, "verdict": opinion.verdict, "failure": opinion.failure}}


def _release(scan: Scan) -> dict[str, Any]:
    return {"release": None if scan.release is None else scan.release.document()}
