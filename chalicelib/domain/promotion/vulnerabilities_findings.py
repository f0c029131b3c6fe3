"""Judging the gates that look at the vulnerabilities of what a version requires."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding, too_old
from chalicelib.domain.schemes.evidence_rules import naming_check
from chalicelib.domain.schemes.gates import VulnerabilitiesGate
from chalicelib.domain.schemes.reporters import objection, wanted_of
from chalicelib.domain.severity import worst_of
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.decisions import CHECK
from chalicelib.domain.vulnerabilities.finding import Finding as Vulnerability

_NAMED: Final = 5


def vulnerabilities_finding(gate: VulnerabilitiesGate, facts: Facts) -> Finding:
    """What a gate finds that limits the severity of vulnerabilities. ``actual`` has the worst that is not lifted."""
    rules = naming_check(facts.rules, facts.tier, CHECK)
    needed = _needed(gate) + (f", lifted{wanted_of(rules)}" if rules else "")
    assessment = facts.assessment
    matched = None if assessment is None else assessment.matched
    if assessment is None or matched is None:
        return Finding(gate.no_data_passes, None, needed, "the version was matched against no advisories yet", None)
    open_ones = [one for one in assessment.findings if not _lifted(one, assessment, facts)]
    lifted = len(assessment.findings) - len(open_ones)
    worst = worst_of(one.severity for one in open_ones)
    faults = [
        *_too_bad(gate, open_ones),
        *_cut(gate, matched),
        *_unpinned(gate, matched),
        *_stale(gate, matched, facts),
    ]
    actual: dict[str, Any] = {
        "worst": worst.value,
        "open": len(open_ones),
        "lifted": lifted,
        "unpinned": len(matched.unpinned),
        "published_at": matched.published_at,
    }
    # Not the data's age: newer data that finds the same does not void approvals.
    seen = [sorted([one.advisory, one.severity.value] for one in open_ones), lifted, list(matched.unpinned)]
    reason = "; ".join(faults) or _well(open_ones, worst.value, lifted, matched)
    return Finding(not faults, actual, needed, reason, seen)


def _needed(gate: VulnerabilitiesGate) -> str:
    parts = [f"no vulnerability worse than {gate.max_severity.value} that nothing lifts"]
    if gate.max_age_days is not None:
        parts.append(f"by advisories of the last {gate.max_age_days:g} days")
    if not gate.unpinned_passes:
        parts.append("with every requirement pinned")
    return ", ".join(parts)


def _lifted(vulnerability: Vulnerability, assessment: Assessment, facts: Facts) -> bool:
    """Whether a statement lifts a vulnerability, made by somebody whose statements count by the evidence rules."""
    rules = naming_check(facts.rules, facts.tier, CHECK)
    people = facts.version.people
    return assessment.lifts(vulnerability, facts.now, lambda one: objection(rules, one.reporter, people) is None)


def _too_bad(gate: VulnerabilitiesGate, open_ones: list[Vulnerability]) -> Iterator[str]:
    bad = [one for one in open_ones if not one.severity.within(gate.max_severity)]
    if bad:
        named = ", ".join(_in_words(one) for one in bad[:_NAMED])
        more = f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
        yield f"the version has {named}{more}"


def _cut(gate: VulnerabilitiesGate, matched: Matched) -> Iterator[str]:
    """What was found and not kept is no worse than the last that was kept. If that is too bad, nobody can lift it."""
    if matched.cut and matched.findings and not matched.findings[-1].severity.within(gate.max_severity):
        yield f"{matched.cut} more were found than are kept, and may be as bad: require fewer versions"


def _in_words(one: Vulnerability) -> str:
    fix = f", fixed in {one.fixed}" if one.fixed else ""
    return f"{one.advisory} ({one.severity.value}) by {one.package} {one.version}{fix}"


def _unpinned(gate: VulnerabilitiesGate, matched: Matched) -> Iterator[str]:
    if gate.unpinned_passes:
        return
    if not matched.requirements:
        yield "the version records no requirements"
    elif matched.unpinned:
        more = f" and {len(matched.unpinned) - _NAMED} more" if len(matched.unpinned) > _NAMED else ""
        yield f"not pinned to one version: {', '.join(matched.unpinned[:_NAMED])}{more}"


def _stale(gate: VulnerabilitiesGate, matched: Matched, facts: Facts) -> Iterator[str]:
    # Newer data has nothing on a version without requirements either, so it is not matched again.
    if matched.requirements and too_old(matched.published_at, gate.max_age_days, facts.now):
        yield f"the advisories that it was matched against are of {matched.published_at}"


def _well(open_ones: list[Vulnerability], worst: str, lifted: int, matched: Matched) -> str:
    found = f"{len(open_ones)} vulnerabilities, the worst {worst}" if open_ones else "no vulnerability"
    stated = f", and {lifted} lifted by statements" if lifted else ""
    return f"{found}{stated}, by advisories of {matched.published_at}"
