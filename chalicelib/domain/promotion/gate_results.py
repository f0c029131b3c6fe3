"""Judging gates: for each gate whether it holds, what was measured, what would satisfy it, and why.

Every gate is judged, also after one has failed, so that a person sees all reasons at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.access.principal import person_of
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.classification import covers
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.finding import AwaitedReport, Finding, bounds_in_words, exact, within
from chalicelib.domain.promotion.monitor_findings import monitor_finding
from chalicelib.domain.promotion.report_findings import check_finding, evaluation_finding, fresh_finding
from chalicelib.domain.schemes.content_gates import FormatsGate, LicensesGate
from chalicelib.domain.schemes.gates import (
    KIND_OF,
    AttestationGate,
    BetterGate,
    CheckGate,
    CompareGate,
    Condition,
    ConditionGate,
    DocumentationGate,
    EvaluationGate,
    FairnessGate,
    FreshGate,
    Gate,
    MetricGate,
    MonitorGate,
    ProvenanceGate,
    ScanGate,
    SignatureGate,
    VulnerabilitiesGate,
)


@dataclass(frozen=True, slots=True)
class GateResult:
    """The result of one gate.

    ``kind`` is that of its condition, as schemes call it. ``actual`` is the value that decided, as JSON. ``needed`` and
    ``reason`` are for people: what would satisfy the gate, and why it holds or not. ``seen`` is all that the gate
    looked at except the time; approvals are bound to it. ``awaited`` is the report that the gate waits for, if one is
    awaited.
    """

    gate: str
    kind: str
    holds: bool
    actual: Any
    needed: str
    reason: str
    seen: Any = None
    awaited: AwaitedReport | None = None

    def blocker(self) -> str:
        """Why the gate blocks a move, as a sentence for a person."""
        return f"gate {self.gate}: {self.reason}; needed: {self.needed}"

    def document(self) -> dict[str, Any]:
        """The result as it is shown and recorded in events."""
        return {
            "gate": self.gate,
            "kind": self.kind,
            "holds": self.holds,
            "actual": self.actual,
            "needed": self.needed,
            "reason": self.reason,
            "awaited": None if self.awaited is None else self.awaited.document(),
        }


def judge(gates: Iterable[Gate], facts: Facts) -> tuple[GateResult, ...]:
    """The result of every gate that is for the model's classification, in their order."""
    return tuple(_judged(gate, facts) for gate in gates if covers(gate.classifications, facts.classification))


def binding(results: Iterable[GateResult], facts: Facts, scheme: Mapping[str, Any]) -> str:
    """The hash of everything that an approval is given for: 64 hexadecimal digits, SHA-256 over canonical JSON.

    That is the digest of the version's files, the scheme's name and version (``scheme``), the model's tier and
    classification, and what each gate saw. If one of them changes, the approval is void.
    """
    return sha256_hex(
        canonical_json(
            {
                "digest": facts.version.digest,
                "scheme": scheme,
                "tier": facts.tier,
                # Left out if there is none, so that earlier votes stay bound.
                **({} if facts.classification is None else {"classification": sorted(facts.classification.words)}),
                "gates": [[result.gate, result.seen] for result in results],
            }
        )
    )


def _judged(gate: Gate, facts: Facts) -> GateResult:
    finding = _FINDINGS[type(gate.condition)](gate.condition, facts)
    return GateResult(
        gate=gate.name,
        kind=KIND_OF[type(gate.condition)],
        holds=finding.holds,
        actual=finding.actual,
        needed=finding.needed,
        reason=finding.reason,
        seen=finding.seen,
        awaited=finding.awaited,
    )


def _metric(gate: MetricGate, facts: Facts) -> Finding:
    value = facts.metrics.get(gate.metric)
    needed = f"{gate.metric} {bounds_in_words(gate.at_least, gate.at_most)}"
    if value is None:
        return Finding(False, None, needed, f"the version has no metric {gate.metric}", None)
    holds = within(value, gate.at_least, gate.at_most)
    return Finding(holds, value, needed, f"{gate.metric} is {value}", value)


def _compare(gate: CompareGate, facts: Facts) -> Finding:
    rival, value = facts.rivals.get(gate.rival), facts.metrics.get(gate.metric)
    kind, _, name = gate.rival.partition(":")
    place = f"the {kind} {name}"
    seen = [value, None if rival is None else [rival.number, rival.metrics.get(gate.metric)]]
    direction = "higher" if gate.higher_is_better else "lower"
    margin = f" by at least {gate.by}" if gate.by else ""
    needed = f"{gate.metric} {direction} than that of {place}{margin}"
    if value is None:
        return Finding(False, None, needed, f"the version has no metric {gate.metric}", seen)
    if rival is None:
        return Finding(gate.if_absent, value, needed, f"{gate.metric} is {value}, and nobody holds {place}", seen)
    holds, reason = _beats(gate, value, rival)
    return Finding(holds, value, needed, reason, seen)


def _beats(gate: CompareGate, value: float, rival: Rival) -> tuple[bool, str]:
    """Whether ``value`` is better than the rival's by the gate's margin, and the comparison in words."""
    bar = rival.metrics.get(gate.metric)
    _, _, name = gate.rival.partition(":")
    if bar is None:
        return False, f"version {rival.number} in {name} has no metric {gate.metric} to compare with"
    gain = exact(value) - exact(bar)
    gain = gain if gate.higher_is_better else -gain
    holds = gain >= exact(gate.by) if gate.by else gain > 0
    return holds, f"{gate.metric} is {value}, that of version {rival.number} in {name} is {bar}"


def _documentation(gate: DocumentationGate, facts: Facts) -> Finding:
    lengths = {section: len(facts.sections.get(section, "").strip()) for section in gate.sections}
    short = {section: length for section, length in lengths.items() if length < gate.min_characters}
    characters = "character" if gate.min_characters == 1 else "characters"
    needed = f"the model card's {', '.join(gate.sections)} with at least {gate.min_characters} {characters} each"
    # The hash of the text, not its length: an approval is given for the text that the approver read.
    seen: dict[str, Any] = {section: sha256_hex(facts.sections.get(section, "")) for section in gate.sections}
    lacking = [_shortcomings(short, gate.min_characters)] if short else []
    if gate.independent:
        needed += ", last written by somebody who did not register the version"
        written = {section: facts.writers.get(section) for section in gate.sections if section not in short}
        seen["writers"] = written
        lacking += _own_words(written, facts)
    return Finding(not lacking, lengths, needed, "; ".join(lacking) or "the model card has the sections", seen)


def _own_words(written: Mapping[str, str | None], facts: Facts) -> list[str]:
    """Which sections nobody independent vouches for, in words. ``written`` maps them to who wrote them last."""
    unknown = [section for section, writer in written.items() if writer is None]
    own = [section for section, writer in written.items() if writer and person_of(writer) in facts.version.people]
    lacking = [f"it is not known who wrote {', '.join(unknown)}; save them again"] if unknown else []
    return [*lacking, *(f"{section} was written by {written[section]}, who registered the version" for section in own)]


def _shortcomings(short: Mapping[str, int], least: int) -> str:
    """Which sections are missing or too short, in words. ``short`` maps them to their length in characters."""
    absent = [section for section, length in short.items() if not length]
    brief = [f"{section} has {length} of {least} characters" for section, length in short.items() if length]
    lacking = [f"the model card lacks {', '.join(absent)}"] if absent else []
    return "; ".join([*lacking, *(f"the model card's {section}" for section in brief)])


def _provenance(gate: ProvenanceGate, facts: Facts) -> Finding:
    given: Mapping[str, Any] = {
        **facts.version.description.provenance,
        "framework": facts.version.description.framework,
        "signature": facts.version.description.signature,
    }
    missing = [field for field in gate.fields if not given.get(field)]
    reason = f"the version does not record its {', '.join(missing)}" if missing else "the version records all of these"
    present = [field for field in gate.fields if field not in missing]
    return Finding(not missing, present, f"the version's {', '.join(gate.fields)}", reason, present)


def _condition(gate: ConditionGate, facts: Facts) -> Finding:
    # Late: most schemes have no conditions.
    from chalicelib.domain.promotion.condition_variables import condition_variables, seen_by

    variables = condition_variables(facts)
    result = facts.evaluate(gate.expression, variables)
    seen = seen_by(gate.expression, variables)
    if result.holds is None:
        return Finding(False, None, gate.expression, f"the condition cannot be evaluated: {result.problem}", seen)
    reason = "the condition is true" if result.holds else "the condition is false"
    return Finding(result.holds, result.holds, gate.expression, reason, seen)


def _scan(gate: ScanGate, facts: Facts) -> Finding:
    # Late: many schemes have none.
    from chalicelib.domain.promotion.scan_findings import scan_finding

    return scan_finding(gate, facts)


def _better(gate: BetterGate, facts: Facts) -> Finding:
    # Few schemes have it, and it brings the statistics along.
    from chalicelib.domain.promotion.better_findings import better_finding

    return better_finding(gate, facts)


def _fairness(gate: FairnessGate, facts: Facts) -> Finding:
    # As for the one before.
    from chalicelib.domain.promotion.fairness_findings import fairness_finding

    return fairness_finding(gate, facts)


def _licenses(gate: LicensesGate, facts: Facts) -> Finding:
    # As for the one before.
    from chalicelib.domain.promotion.licenses_findings import licenses_finding

    return licenses_finding(gate, facts)


def _formats(gate: FormatsGate, facts: Facts) -> Finding:
    # As for the one before.
    from chalicelib.domain.promotion.formats_findings import formats_finding

    return formats_finding(gate, facts)


def _vulnerabilities(gate: VulnerabilitiesGate, facts: Facts) -> Finding:
    # Few schemes have it.
    from chalicelib.domain.promotion.vulnerabilities_findings import vulnerabilities_finding

    return vulnerabilities_finding(gate, facts)


def _signature(gate: SignatureGate, facts: Facts) -> Finding:
    # As for the two before: few schemes have it.
    from chalicelib.domain.promotion.signature_findings import signature_finding

    return signature_finding(gate, facts)


def _attestation(gate: AttestationGate, facts: Facts) -> Finding:
    # As for the three before.
    from chalicelib.domain.promotion.attestation_findings import attestation_finding

    return attestation_finding(gate, facts)


_FINDINGS: Final[Mapping[type[Condition], Callable[[Any, Facts], Finding]]] = {
    MetricGate: _metric,
    CompareGate: _compare,
    CheckGate: check_finding,
    ScanGate: _scan,
    DocumentationGate: _documentation,
    ProvenanceGate: _provenance,
    EvaluationGate: evaluation_finding,
    BetterGate: _better,
    FairnessGate: _fairness,
    FreshGate: fresh_finding,
    VulnerabilitiesGate: _vulnerabilities,
    SignatureGate: _signature,
    AttestationGate: _attestation,
    MonitorGate: monitor_finding,
    LicensesGate: _licenses,
    FormatsGate: _formats,
    ConditionGate: _condition,
}
