"""Judging the gates that look at licences."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from chalicelib.domain.licenses.licensing import Licensing
from chalicelib.domain.licenses.policy import LicensePolicy, Standing
from chalicelib.domain.licenses.stated import StatedLicense
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding
from chalicelib.domain.promotion.report_findings import check_finding
from chalicelib.domain.schemes.content_gates import IfAbsent, LicensesGate
from chalicelib.domain.schemes.gates import CheckGate

_STANDING: Final[Mapping[IfAbsent, Standing]] = {
    IfAbsent.FAIL: Standing.DENIED,
    IfAbsent.REVIEW: Standing.REVIEW,
    IfAbsent.PASS: Standing.ALLOWED,
}


class _Judged(NamedTuple):
    """One licence: what it is called in the result, how it stands, and why, as part of a sentence."""

    name: str
    standing: Standing
    reason: str


def licenses_finding(gate: LicensesGate, facts: Facts) -> Finding:
    """What a gate finds that has a policy on licences. The strictest along the lineage counts."""
    policy = LicensePolicy(gate.allow, gate.deny, gate.review, _STANDING[gate.if_absent])
    judged = list(_judged(policy, facts.licensing()))
    worst = max(one.standing for one in judged)
    reasons = "; ".join(one.reason for one in judged if one.standing is worst)
    actual = [one.name for one in judged]
    seen = [[one.name, one.standing.name.lower(), one.reason] for one in judged]
    needed = _needed(gate)
    if worst is not Standing.REVIEW or gate.check is None:
        return Finding(worst is Standing.ALLOWED, actual, needed, reasons, seen)
    reviewed = check_finding(CheckGate(gate.check), facts)
    reason = f"{reasons}; {reviewed.reason}"
    return Finding(reviewed.holds, actual, needed, reason, [seen, reviewed.seen], reviewed.awaited)


def _judged(policy: LicensePolicy, found: Licensing) -> Iterator[_Judged]:
    yield _license(policy, found.own, "the model")
    for one in found.inherited:
        yield _license(policy, _without_text(one.license), f"the base model {one.through}")
    if not found.complete:
        yield _Judged("unknown", policy.if_absent, "the lineage has more ancestors than are looked at")


def _without_text(stated: StatedLicense) -> StatedLicense:
    """The licence of another model. What is not understood may be any text, and who sees this may not read that card.

    What is understood is said: who moves a version must know which licence is in the way.
    """
    return stated if stated.expression is not None or not stated.text else StatedLicense("", None, "it is not SPDX")


def _license(policy: LicensePolicy, stated: StatedLicense, whose: str) -> _Judged:
    if stated.expression is None:
        unread = f"the licence {stated.text!r} of {whose} is not understood"
        reason = unread if stated.text else f"the licence of {whose} is not known"
        return _Judged("unknown", policy.if_absent, f"{reason}: {stated.problem}")
    ruling = policy.ruling(stated.expression)
    names = ", ".join(map(str, ruling.licenses))
    said = {
        Standing.ALLOWED: "is allowed",
        Standing.REVIEW: "is for review",
        Standing.DENIED: "is not allowed",
    }
    return _Judged(str(stated), ruling.standing, f"{names} of {whose} {said[ruling.standing]}")


def _needed(gate: LicensesGate) -> str:
    parts = [f"licences among {', '.join(gate.allow)}"] if gate.allow else []
    parts += [f"none of {', '.join(gate.deny)}"] if gate.deny else []
    reviewed = [*gate.review, *(["a licence that is not known"] if gate.if_absent is IfAbsent.REVIEW else [])]
    parts += [f"for {', '.join(reviewed)} the check {gate.check} reported as passed"] if reviewed else []
    return "; ".join(parts) or "a licence that is known"
