"""Judging whether an evaluation is better than that of the version in place, beyond what chance explains."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.evidence.estimate import CLASSES, Sample, classes_of, estimate
from chalicelib.domain.evidence.measure import Measure, MeasuredInterval
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.finding import Finding, number_in_words, seen_reporter
from chalicelib.domain.schemes.evidence_rules import naming_evaluation
from chalicelib.domain.schemes.gates import BetterGate
from chalicelib.domain.schemes.reporters import objection, wanted_of


def better_finding(gate: BetterGate, facts: Facts) -> Finding:
    """What a gate finds that wants a metric better than the rival's, by the interval of the difference.

    ``actual`` has both values, the bounds of the gain and the method, as far as they are known.
    """
    rules = naming_evaluation(facts.rules, facts.tier, gate.evaluation)
    kind, _, name = gate.rival.partition(":")
    place = f"the {kind} {name}"
    needed = _needed(gate, place) + wanted_of(rules)
    evaluation, rival = facts.evaluations.get(gate.evaluation), facts.rivals.get(gate.rival)
    other = None if rival is None else rival.evaluations.get(gate.evaluation)
    seen = [
        _seen(gate, evaluation, bool(rules)),
        None if rival is None else [rival.number, _seen(gate, other, bool(rules))],
    ]
    if evaluation is not None and other is not None and _kind(evaluation) != _kind(other):
        # Left out if they are the same, so that earlier votes stay bound.
        seen.append([_kind(evaluation), _kind(other)])
    fault = _own_fault(gate, facts)
    if fault is not None:
        return Finding(False, None, needed, fault, seen)
    if rival is None:
        return Finding(gate.if_absent, None, needed, f"nobody holds {place}", seen)
    fault = _rivals_fault(gate, facts, rival) or _data_fault(gate, facts, rival)
    if fault is not None:
        return Finding(False, None, needed, fault, seen)
    holds, actual, reason = _compared(gate, facts, rival)
    return Finding(holds, actual, needed, reason, seen)


def _needed(gate: BetterGate, place: str) -> str:
    direction = "higher" if gate.higher_is_better else "lower"
    if gate.margin is not None:
        how = f"not worse by {gate.margin} or more than that of {place}"
    elif gate.by:
        how = f"{direction} than that of {place} by more than {gate.by}"
    else:
        how = f"{direction} than that of {place}"
    return (
        f"{gate.metric} of the evaluation {gate.evaluation} {how}, by the interval of the difference "
        f"({_percent(gate.level)}), on the same data"
    )


def _own_fault(gate: BetterGate, facts: Facts) -> str | None:
    evaluation = facts.evaluations.get(gate.evaluation)
    if evaluation is None:
        return f"the evaluation {gate.evaluation} has not been recorded"
    objected = facts.objection_to_evaluation(gate.evaluation)
    if objected is not None:
        return f"the evaluation {gate.evaluation} was recorded by {evaluation['reported_by']}, {objected}"
    if gate.metric not in evaluation["metrics"]:
        return f"the evaluation {gate.evaluation} has no metric {gate.metric}"
    return None


def _rivals_fault(gate: BetterGate, facts: Facts, rival: Rival) -> str | None:
    evaluation = rival.evaluations.get(gate.evaluation)
    if evaluation is None:
        return f"version {rival.number}, to compare with, has no evaluation {gate.evaluation}"
    rules = naming_evaluation(facts.rules, facts.tier, gate.evaluation)
    # Who made one of the two may not measure the other either: a bad result of the rival is as good as one's own.
    objected = objection(rules, Reporter.of_report(evaluation), rival.people | facts.version.people)
    if objected is not None:
        return (
            f"the evaluation {gate.evaluation} of version {rival.number}, to compare with, was recorded by "
            f"{evaluation['reported_by']}, {objected}"
        )
    if gate.metric not in evaluation["metrics"]:
        return f"the evaluation {gate.evaluation} of version {rival.number} has no metric {gate.metric}"
    return None


def _data_fault(gate: BetterGate, facts: Facts, rival: Rival) -> str | None:
    """Why the two may have been measured on different data, or not in the same way."""
    evaluation, others = facts.evaluations[gate.evaluation], rival.evaluations[gate.evaluation]
    mine, other = _digest(evaluation), _digest(others)
    unnamed = [
        f"version {number}" for number, digest in ((facts.version.number, mine), (rival.number, other)) if not digest
    ]
    if unnamed:
        return f"not known to be measured on the same data: the evaluation of {' and '.join(unnamed)} names no digest"
    if mine != other:
        return (
            f"measured on different data: version {facts.version.number} on {mine}, version {rival.number} on {other}"
        )
    if _kind(evaluation) != _kind(others):
        return (
            f"measured differently: the evaluation of version {facts.version.number} is {_kind(evaluation)}, that of "
            f"version {rival.number} {_kind(others)}"
        )
    return None


def _compared(gate: BetterGate, facts: Facts, rival: Rival) -> tuple[bool, dict[str, Any], str]:
    """Whether the gate holds for two evaluations of the same data, what was found, and the reason."""
    evaluation, other = facts.evaluations[gate.evaluation], rival.evaluations[gate.evaluation]
    mine, theirs = _sample(gate, evaluation), _sample(gate, other)
    values = f"{gate.metric} {mine.value} against {theirs.value} of version {rival.number}"
    actual = {"value": mine.value, "rival": theirs.value}
    found = estimate(mine, theirs, _paired(facts, rival, evaluation, other), gate.level)
    if found is None:
        unknown = "it is not known how sure that is; record both with n and successes or sd, or with intervals"
        return False, actual, f"insufficient: {values}, but {unknown} of {_percent(gate.level)}"
    low, high = found.interval.low, found.interval.high
    low, high = (low, high) if gate.higher_is_better else (-high, -low)
    what = "difference" if gate.higher_is_better else "gain"
    between = f"between {number_in_words(low)} and {number_in_words(high)} ({_percent(gate.level)}, {found.method})"
    reason = f"{values}: the {what} lies {between}; it must be above {number_in_words(gate.bar)}"
    return low > gate.bar, {**actual, "low": low, "high": high, "method": found.method.value}, reason


def _sample(gate: BetterGate, evaluation: Mapping[str, Any]) -> Sample:
    measure = (evaluation.get("measures") or {}).get(gate.metric, {})
    interval = measure.get("interval")
    return Sample(
        evaluation["metrics"][gate.metric],
        Measure(
            measure.get("n"),
            measure.get("successes"),
            measure.get("sd"),
            None if interval is None else MeasuredInterval(**interval),
        ),
        classes_of(gate.metric, evaluation["metrics"]),
    )


def _paired(facts: Facts, rival: Rival, mine: Mapping[str, Any], other: Mapping[str, Any]) -> Paired | None:
    """The comparison of the two on the same examples, from whichever side it was recorded."""
    forth, back = mine.get("paired"), other.get("paired")
    if forth is not None and forth["against"] == rival.number:
        return Paired(**forth)
    if back is not None and back["against"] == facts.version.number:
        return Paired(rival.number, back["both_right"], back["only_other"], back["only_this"], back["both_wrong"])
    return None


def _digest(evaluation: Mapping[str, Any]) -> str | None:
    dataset: Mapping[str, str] = evaluation.get("dataset") or {}
    return dataset.get("digest")


def _kind(evaluation: Mapping[str, Any]) -> str:
    kind: str = evaluation["kind"]
    return kind


def _seen(gate: BetterGate, evaluation: Mapping[str, Any] | None, ruled: bool) -> Any:
    """All that decides of one side."""
    if evaluation is None:
        return None
    seen = [
        evaluation["metrics"].get(gate.metric),
        (evaluation.get("measures") or {}).get(gate.metric),
        [evaluation["metrics"].get(name) for name in CLASSES],
        evaluation.get("paired"),
        _digest(evaluation),
    ]
    return [*seen, seen_reporter(evaluation)] if ruled else seen


def _percent(level: float) -> str:
    return f"{level * 100:g} %"
