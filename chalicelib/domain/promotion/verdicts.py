"""What gates find: for each whether it holds, what it saw, and what would satisfy it. "Why not" is the whole list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.instants import Instant, later, moment
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.schemes import conditions
from chalicelib.domain.schemes.gates import (
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
    """What one gate found. ``seen`` is all that it looked at but the hour: approvals are bound to it."""

    gate: str
    holds: bool
    actual: Any
    needed: str
    reason: str
    seen: Any = None

    def document(self) -> dict[str, Any]:
        return {
            "gate": self.gate,
            "holds": self.holds,
            "actual": self.actual,
            "needed": self.needed,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict that does not yet know its gate's name."""

    holds: bool
    actual: Any
    needed: str
    reason: str
    seen: Any


def judge(gates: Iterable[Gate], facts: Facts) -> tuple[GateResult, ...]:
    """The verdict of every gate, in order."""
    return tuple(_verdict(gate, facts) for gate in gates)


def binding(verdicts: Iterable[GateResult], facts: Facts, scheme: Mapping[str, Any]) -> str:
    """SHA-256 over all that an approval is given for: the bytes, the scheme's version, the tier, what the gates saw."""
    return sha256_hex(
        canonical_json(
            {
                "digest": facts.version.digest,
                "scheme": scheme,
                "tier": facts.tier,
                "gates": [[verdict.gate, verdict.seen] for verdict in verdicts],
            }
        )
    )


def _verdict(gate: Gate, facts: Facts) -> GateResult:
    found = _find(gate, facts)
    return GateResult(gate.name, found.holds, found.actual, found.needed, found.reason, found.seen)


def _find(gate: Gate, facts: Facts) -> Finding:
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


def _metric(gate: MetricGate, facts: Facts) -> Finding:
    value = facts.metrics.get(gate.metric)
    needed = f"{gate.metric} {_range(gate.at_least, gate.at_most)}"
    if value is None:
        return Finding(False, None, needed, f"the version has no metric {gate.metric}", None)
    holds = _within(value, gate.at_least, gate.at_most)
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
    return _against(gate, value, rival, Finding(False, value, needed, "", seen))


def _against(gate: CompareGate, value: float, rival: Rival, found: Finding) -> Finding:
    bar = rival.metrics.get(gate.metric)
    _, _, name = gate.rival.partition(":")
    if bar is None:
        reason = f"version {rival.number} in {name} has no metric {gate.metric} to compare with"
        return Finding(False, found.actual, found.needed, reason, found.seen)
    gain = _exact(value) - _exact(bar)
    gain = gain if gate.higher_is_better else -gain
    holds = gain >= _exact(gate.by) if gate.by else gain > 0
    reason = f"{gate.metric} is {value}, that of version {rival.number} in {name} is {bar}"
    return Finding(holds, found.actual, found.needed, reason, found.seen)


def _check(gate: CheckGate, facts: Facts) -> Finding:
    check = facts.checks.get(gate.check)
    needed = f"the check {gate.check} reported as passed" + _fresh(gate.max_age_days)
    if check is None:
        return Finding(False, None, needed, f"the check {gate.check} has not been reported", None)
    seen = {field: check.get(field) for field in ("passed", "reported_at", "expires_at")}
    actual = "passed" if check["passed"] else "failed"
    expires_at = check.get("expires_at")
    if not check["passed"]:
        return Finding(False, actual, needed, f"the check {gate.check} failed", seen)
    if expires_at is not None and expires_at <= facts.now:
        return Finding(False, actual, needed, f"the check {gate.check} expired at {expires_at}", seen)
    if _too_old(check["reported_at"], gate.max_age_days, facts.now):
        return Finding(False, actual, needed, f"the check {gate.check} is of {check['reported_at']}", seen)
    return Finding(True, actual, needed, f"the check {gate.check} passed", seen)


def _documentation(gate: DocumentationGate, facts: Facts) -> Finding:
    lengths = {section: len(facts.sections.get(section, "").strip()) for section in gate.sections}
    short = {section: length for section, length in lengths.items() if length < gate.min_characters}
    characters = "character" if gate.min_characters == 1 else "characters"
    needed = f"the model card's {', '.join(gate.sections)} with at least {gate.min_characters} {characters} each"
    reason = _documented(short, gate.min_characters) if short else "the model card has the sections"
    # Bound to the text, not to its length: who approved must have read what is there.
    seen = {section: sha256_hex(facts.sections.get(section, "")) for section in gate.sections}
    return Finding(not short, lengths, needed, reason, seen)


def _documented(short: Mapping[str, int], least: int) -> str:
    absent = [section for section, length in short.items() if not length]
    brief = [f"{section} has {length} of {least} characters" for section, length in short.items() if length]
    lacking = [f"the model card lacks {', '.join(absent)}"] if absent else []
    return "; ".join([*lacking, *(f"the model card's {said}" for said in brief)])


def _provenance(gate: ProvenanceGate, facts: Facts) -> Finding:
    given: Mapping[str, Any] = {
        **facts.version.description.provenance,
        "framework": facts.version.description.framework,
        "signature": facts.version.description.signature,
    }
    missing = [field for field in gate.fields if not given.get(field)]
    reason = f"the version does not say its {', '.join(missing)}" if missing else "the version says where it is from"
    present = [field for field in gate.fields if field not in missing]
    return Finding(not missing, present, f"the version's {', '.join(gate.fields)}", reason, present)


def _evaluation(gate: EvaluationGate, facts: Facts) -> Finding:
    evaluation = facts.evaluations.get(gate.evaluation)
    wanted = "" if gate.metric is None else f" with {gate.metric} {_range(gate.at_least, gate.at_most)}"
    needed = f"the evaluation {gate.evaluation} recorded{wanted}{_fresh(gate.max_age_days)}"
    if evaluation is None:
        return Finding(False, None, needed, f"the evaluation {gate.evaluation} has not been recorded", None)
    seen = [evaluation["measured_at"], evaluation["metrics"]]
    if _too_old(evaluation["measured_at"], gate.max_age_days, facts.now):
        reason = f"the evaluation {gate.evaluation} was measured at {evaluation['measured_at']}"
        return Finding(False, evaluation["measured_at"], needed, reason, seen)
    if gate.metric is None:
        reason = f"the evaluation {gate.evaluation} is there"
        return Finding(True, evaluation["measured_at"], needed, reason, seen)
    value = evaluation["metrics"].get(gate.metric)
    if value is None:
        reason = f"the evaluation {gate.evaluation} has no metric {gate.metric}"
        return Finding(False, None, needed, reason, seen)
    reason = f"{gate.metric} of the evaluation {gate.evaluation} is {value}"
    return Finding(_within(value, gate.at_least, gate.at_most), value, needed, reason, seen)


def _condition(gate: ConditionGate, facts: Facts) -> Finding:
    values = conditions.values(facts)
    truth = facts.evaluate(gate.expression, values)
    used = conditions.names_in(gate.expression) & (set(values) - {conditions.NOW})
    seen = {name: values[name] for name in sorted(used)}
    if truth.holds is None:
        return Finding(False, None, gate.expression, f"the condition cannot be evaluated: {truth.problem}", seen)
    said = "is true" if truth.holds else "is false"
    return Finding(truth.holds, truth.holds, gate.expression, f"the condition {said}", seen)


def _within(value: float, at_least: float | None, at_most: float | None) -> bool:
    return (at_least is None or _exact(value) >= _exact(at_least)) and (
        at_most is None or _exact(value) <= _exact(at_most)
    )


def _range(at_least: float | None, at_most: float | None) -> str:
    bounds = [] if at_least is None else [f"at least {at_least}"]
    bounds += [] if at_most is None else [f"at most {at_most}"]
    return " and ".join(bounds)


def _exact(number: float) -> Decimal:
    # The shortest decimal of a double is what the user wrote: 0.3 - 0.1 must reach a margin of 0.2.
    return Decimal(repr(number))


def _fresh(max_age_days: float | None) -> str:
    return "" if max_age_days is None else f" within the last {max_age_days:g} days"


def _too_old(at: Instant, max_age_days: float | None, now: Instant) -> bool:
    return max_age_days is not None and moment(later(at, timedelta(days=max_age_days))) < moment(now)
