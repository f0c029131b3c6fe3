"""Judging gates: for each gate whether it holds, what was measured, what would satisfy it, and why.

Every gate is judged, also after one has failed, so that a person sees all reasons at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.instants import Instant, later, moment
from chalicelib.domain.promotion.condition_variables import condition_variables
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.schemes.conditions import NOW, names_in
from chalicelib.domain.schemes.gates import (
    KIND_OF,
    CheckGate,
    CompareGate,
    ConditionGate,
    DocumentationGate,
    EvaluationGate,
    Gate,
    MetricGate,
    ProvenanceGate,
)


@dataclass(frozen=True, slots=True)
class GateResult:
    """The result of one gate.

    ``kind`` is that of its condition, as schemes call it. ``actual`` is the value that decided, as JSON. ``needed`` and
    ``reason`` are for people: what would satisfy the gate, and why it holds or not. ``seen`` is all that the gate
    looked at except the time; approvals are bound to it.
    """

    gate: str
    kind: str
    holds: bool
    actual: Any
    needed: str
    reason: str
    seen: Any = None

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
        }


@dataclass(frozen=True, slots=True)
class _Finding:
    """The result of a gate's condition, without the gate's name."""

    holds: bool
    actual: Any
    needed: str
    reason: str
    seen: Any


def judge(gates: Iterable[Gate], facts: Facts) -> tuple[GateResult, ...]:
    """The result of every gate, in their order."""
    return tuple(_judged(gate, facts) for gate in gates)


def binding(results: Iterable[GateResult], facts: Facts, scheme: Mapping[str, Any]) -> str:
    """The hash of everything that an approval is given for: 64 hexadecimal digits, SHA-256 over canonical JSON.

    That is the digest of the version's files, the scheme's name and version (``scheme``), the model's tier, and what
    each gate saw. If one of them changes, the approval is void.
    """
    return sha256_hex(
        canonical_json(
            {
                "digest": facts.version.digest,
                "scheme": scheme,
                "tier": facts.tier,
                "gates": [[result.gate, result.seen] for result in results],
            }
        )
    )


def _judged(gate: Gate, facts: Facts) -> GateResult:
    finding = _finding(gate, facts)
    kind = KIND_OF[type(gate.condition)]
    return GateResult(gate.name, kind, finding.holds, finding.actual, finding.needed, finding.reason, finding.seen)


def _finding(gate: Gate, facts: Facts) -> _Finding:
    match gate.condition:
        case MetricGate() as condition:
            return _metric(condition, facts)
        case CompareGate() as condition:
            return _compare(condition, facts)
        case CheckGate() as condition:
            return _check(condition, facts)
        case DocumentationGate() as condition:
            return _documentation(condition, facts)
        case ProvenanceGate() as condition:
            return _provenance(condition, facts)
        case EvaluationGate() as condition:
            return _evaluation(condition, facts)
        case ConditionGate() as condition:
            return _condition(condition, facts)


def _metric(gate: MetricGate, facts: Facts) -> _Finding:
    value = facts.metrics.get(gate.metric)
    needed = f"{gate.metric} {_range(gate.at_least, gate.at_most)}"
    if value is None:
        return _Finding(False, None, needed, f"the version has no metric {gate.metric}", None)
    holds = _within(value, gate.at_least, gate.at_most)
    return _Finding(holds, value, needed, f"{gate.metric} is {value}", value)


def _compare(gate: CompareGate, facts: Facts) -> _Finding:
    rival, value = facts.rivals.get(gate.rival), facts.metrics.get(gate.metric)
    kind, _, name = gate.rival.partition(":")
    place = f"the {kind} {name}"
    seen = [value, None if rival is None else [rival.number, rival.metrics.get(gate.metric)]]
    direction = "higher" if gate.higher_is_better else "lower"
    margin = f" by at least {gate.by}" if gate.by else ""
    needed = f"{gate.metric} {direction} than that of {place}{margin}"
    if value is None:
        return _Finding(False, None, needed, f"the version has no metric {gate.metric}", seen)
    if rival is None:
        return _Finding(gate.if_absent, value, needed, f"{gate.metric} is {value}, and nobody holds {place}", seen)
    holds, reason = _beats(gate, value, rival)
    return _Finding(holds, value, needed, reason, seen)


def _beats(gate: CompareGate, value: float, rival: Rival) -> tuple[bool, str]:
    """Whether ``value`` is better than the rival's by the gate's margin, and the comparison in words."""
    bar = rival.metrics.get(gate.metric)
    _, _, name = gate.rival.partition(":")
    if bar is None:
        return False, f"version {rival.number} in {name} has no metric {gate.metric} to compare with"
    gain = _exact(value) - _exact(bar)
    gain = gain if gate.higher_is_better else -gain
    holds = gain >= _exact(gate.by) if gate.by else gain > 0
    return holds, f"{gate.metric} is {value}, that of version {rival.number} in {name} is {bar}"


def _check(gate: CheckGate, facts: Facts) -> _Finding:
    check = facts.checks.get(gate.check)
    needed = f"the check {gate.check} reported as passed" + _fresh(gate.max_age_days)
    if check is None:
        return _Finding(False, None, needed, f"the check {gate.check} has not been reported", None)
    seen = {field: check.get(field) for field in ("passed", "reported_at", "expires_at")}
    actual = "passed" if check["passed"] else "failed"
    expires_at = check.get("expires_at")
    if not check["passed"]:
        return _Finding(False, actual, needed, f"the check {gate.check} failed", seen)
    if expires_at is not None and expires_at <= facts.now:
        return _Finding(False, actual, needed, f"the check {gate.check} expired at {expires_at}", seen)
    if _too_old(check["reported_at"], gate.max_age_days, facts.now):
        return _Finding(False, actual, needed, f"the check {gate.check} was reported at {check['reported_at']}", seen)
    return _Finding(True, actual, needed, f"the check {gate.check} passed", seen)


def _documentation(gate: DocumentationGate, facts: Facts) -> _Finding:
    lengths = {section: len(facts.sections.get(section, "").strip()) for section in gate.sections}
    short = {section: length for section, length in lengths.items() if length < gate.min_characters}
    characters = "character" if gate.min_characters == 1 else "characters"
    needed = f"the model card's {', '.join(gate.sections)} with at least {gate.min_characters} {characters} each"
    reason = _shortcomings(short, gate.min_characters) if short else "the model card has the sections"
    # The hash of the text, not its length: an approval is given for the text that the approver read.
    seen = {section: sha256_hex(facts.sections.get(section, "")) for section in gate.sections}
    return _Finding(not short, lengths, needed, reason, seen)


def _shortcomings(short: Mapping[str, int], least: int) -> str:
    """Which sections are missing or too short, in words. ``short`` maps them to their length in characters."""
    absent = [section for section, length in short.items() if not length]
    brief = [f"{section} has {length} of {least} characters" for section, length in short.items() if length]
    lacking = [f"the model card lacks {', '.join(absent)}"] if absent else []
    return "; ".join([*lacking, *(f"the model card's {section}" for section in brief)])


def _provenance(gate: ProvenanceGate, facts: Facts) -> _Finding:
    given: Mapping[str, Any] = {
        **facts.version.description.provenance,
        "framework": facts.version.description.framework,
        "signature": facts.version.description.signature,
    }
    missing = [field for field in gate.fields if not given.get(field)]
    reason = f"the version does not record its {', '.join(missing)}" if missing else "the version records all of these"
    present = [field for field in gate.fields if field not in missing]
    return _Finding(not missing, present, f"the version's {', '.join(gate.fields)}", reason, present)


def _evaluation(gate: EvaluationGate, facts: Facts) -> _Finding:
    evaluation = facts.evaluations.get(gate.evaluation)
    wanted = "" if gate.metric is None else f" with {gate.metric} {_range(gate.at_least, gate.at_most)}"
    needed = f"the evaluation {gate.evaluation} recorded{wanted}{_fresh(gate.max_age_days)}"
    if evaluation is None:
        return _Finding(False, None, needed, f"the evaluation {gate.evaluation} has not been recorded", None)
    seen = [evaluation["measured_at"], evaluation["metrics"]]
    if _too_old(evaluation["measured_at"], gate.max_age_days, facts.now):
        reason = f"the evaluation {gate.evaluation} was measured at {evaluation['measured_at']}"
        return _Finding(False, evaluation["measured_at"], needed, reason, seen)
    if gate.metric is None:
        reason = f"the evaluation {gate.evaluation} has been recorded"
        return _Finding(True, evaluation["measured_at"], needed, reason, seen)
    value = evaluation["metrics"].get(gate.metric)
    if value is None:
        reason = f"the evaluation {gate.evaluation} has no metric {gate.metric}"
        return _Finding(False, None, needed, reason, seen)
    reason = f"{gate.metric} of the evaluation {gate.evaluation} is {value}"
    return _Finding(_within(value, gate.at_least, gate.at_most), value, needed, reason, seen)


def _condition(gate: ConditionGate, facts: Facts) -> _Finding:
    variables = condition_variables(facts)
    result = facts.evaluate(gate.expression, variables)
    used = names_in(gate.expression) & (set(variables) - {NOW})
    seen = {name: variables[name] for name in sorted(used)}
    if result.holds is None:
        return _Finding(False, None, gate.expression, f"the condition cannot be evaluated: {result.problem}", seen)
    reason = "the condition is true" if result.holds else "the condition is false"
    return _Finding(result.holds, result.holds, gate.expression, reason, seen)


def _within(value: float, at_least: float | None, at_most: float | None) -> bool:
    return (at_least is None or _exact(value) >= _exact(at_least)) and (
        at_most is None or _exact(value) <= _exact(at_most)
    )


def _range(at_least: float | None, at_most: float | None) -> str:
    bounds = [] if at_least is None else [f"at least {at_least}"]
    bounds += [] if at_most is None else [f"at most {at_most}"]
    return " and ".join(bounds)


def _exact(number: float) -> Decimal:
    # The shortest decimal that reads back as the double is what the user wrote. So 0.3 - 0.1 reaches a margin of 0.2.
    return Decimal(repr(number))


def _fresh(max_age_days: float | None) -> str:
    return "" if max_age_days is None else f" within the last {max_age_days:g} days"


def _too_old(at: Instant, max_age_days: float | None, now: Instant) -> bool:
    return max_age_days is not None and moment(later(at, timedelta(days=max_age_days))) < moment(now)
