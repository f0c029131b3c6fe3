"""Judging the gates that look at reports: checks and evaluations."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.evidence.check import EXPIRED, FAILED, PASSED, PENDING
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import (
    AwaitedReport,
    Finding,
    age_in_words,
    bounds_in_words,
    seen_reporter,
    too_old,
    within,
)
from chalicelib.domain.schemes.evidence_rules import naming_check, naming_evaluation
from chalicelib.domain.schemes.gates import CheckGate, EvaluationGate, FreshGate
from chalicelib.domain.schemes.reporters import accepts, described, objection, wanted_of


def check_finding(gate: CheckGate, facts: Facts) -> Finding:
    """What a gate finds that wants a check reported as passed."""
    check = facts.checks.get(gate.check)
    rules = naming_check(facts.rules, facts.tier, gate.check)
    whose = f"{_by(gate.reporters)}{wanted_of(rules)}"
    needed = f"the check {gate.check} reported as passed{whose}{age_in_words(gate.max_age_days)}"
    if check is None:
        return Finding(False, None, needed, f"the check {gate.check} has not been reported", None)
    seen = {field: check.get(field) for field in ("passed", "reported_at", "expires_at")}
    if rules:
        seen["reporter"] = seen_reporter(check)
    if check.get("opened_at") and not (gate.last_counts and check["reported_at"]):
        return _awaited(gate, check, facts, needed, {**seen, "opened_at": check["opened_at"]})
    actual = PASSED if check["passed"] else FAILED
    reason = _shortcoming(gate, check, facts)
    return Finding(reason is None, actual, needed, reason or f"the check {gate.check} passed", seen)


def evaluation_finding(gate: EvaluationGate, facts: Facts) -> Finding:
    """What a gate finds that wants an evaluation, and perhaps one of its metrics within bounds."""
    evaluation = facts.evaluations.get(gate.evaluation)
    bounds = bounds_in_words(gate.at_least, gate.at_most)
    wanted = "" if gate.metric is None else f" with {gate.metric} {bounds}"
    rules = naming_evaluation(facts.rules, facts.tier, gate.evaluation)
    whose = f"{_by(gate.reporters)}{wanted_of(rules)}"
    needed = f"the evaluation {gate.evaluation} recorded{whose}{wanted}{age_in_words(gate.max_age_days)}"
    if evaluation is None:
        return Finding(False, None, needed, f"the evaluation {gate.evaluation} has not been recorded", None)
    seen = [evaluation["measured_at"], evaluation["metrics"], *([seen_reporter(evaluation)] if rules else [])]
    objected = facts.objection_to_evaluation(gate.evaluation)
    if objected is not None:
        reason = f"the evaluation {gate.evaluation} was recorded by {evaluation['reported_by']}, {objected}"
        return Finding(False, evaluation["reported_by"], needed, reason, seen)
    if not accepts(gate.reporters, evaluation["reported_by"]):
        reason = f"the evaluation {gate.evaluation} was recorded by {evaluation['reported_by']}"
        return Finding(False, evaluation["reported_by"], needed, reason, seen)
    if too_old(evaluation["measured_at"], gate.max_age_days, facts.now):
        reason = f"the evaluation {gate.evaluation} was measured at {evaluation['measured_at']}"
        return Finding(False, evaluation["measured_at"], needed, reason, seen)
    if gate.metric is None:
        reason = f"the evaluation {gate.evaluation} has been recorded"
        return Finding(True, evaluation["measured_at"], needed, reason, seen)
    value = evaluation["metrics"].get(gate.metric)
    if value is None:
        reason = f"the evaluation {gate.evaluation} has no metric {gate.metric}"
        return Finding(False, None, needed, reason, seen)
    reason = f"{gate.metric} of the evaluation {gate.evaluation} is {value}"
    return Finding(within(value, gate.at_least, gate.at_most), value, needed, reason, seen)


def fresh_finding(gate: FreshGate, facts: Facts) -> Finding:
    """What a gate finds that wants an evaluation or a check not to be old, whatever they say."""
    if gate.evaluation is not None:
        noun, name, at, done = "evaluation", gate.evaluation, "measured_at", "measured"
        report = facts.evaluations.get(name)
        rules = naming_evaluation(facts.rules, facts.tier, name)
    else:
        noun, name, at, done = "check", gate.check or "", "reported_at", "reported"
        report = facts.checks.get(name)
        rules = naming_check(facts.rules, facts.tier, name)
    on = "" if gate.dataset is None else f" on the dataset {gate.dataset}"
    needed = f"the {noun} {name} {done}{on}{wanted_of(rules)}{age_in_words(gate.max_age_days)}"
    if report is None or not report[at]:
        return Finding(False, None, needed, f"the {noun} {name} has not been {done}", None)
    dataset = (report.get("dataset") or {}).get("name") if gate.dataset is not None else None
    seen = [report[at], dataset, *([seen_reporter(report)] if rules else [])]
    objected = objection(rules, Reporter.of_report(report), facts.version.people)
    if objected is not None:
        reason = f"the {noun} {name} was {done} by {report['reported_by']}, {objected}"
        return Finding(False, report[at], needed, reason, seen)
    if dataset != gate.dataset:
        reason = (
            f"the {noun} {name} was {done} on {'no named dataset' if dataset is None else f'the dataset {dataset}'}"
        )
        return Finding(False, dataset, needed, reason, seen)
    holds = not too_old(report[at], gate.max_age_days, facts.now)
    return Finding(holds, report[at], needed, f"the {noun} {name} was {done} at {report[at]}", seen)


def _shortcoming(gate: CheckGate, check: Mapping[str, Any], facts: Facts) -> str | None:
    """Why a check that was reported does not satisfy the gate; None if it does."""
    expires_at = check.get("expires_at")
    if not check["passed"]:
        return f"the check {gate.check} failed"
    if expires_at is not None and expires_at <= facts.now:
        return f"the check {gate.check} expired at {expires_at}"
    if not accepts(gate.reporters, check["reported_by"]):
        return f"the check {gate.check} was reported by {check['reported_by']}"
    objected = facts.objection_to_check(gate.check)
    if objected is not None:
        return f"the check {gate.check} was reported by {check['reported_by']}, {objected}"
    if too_old(check["reported_at"], gate.max_age_days, facts.now):
        return f"the check {gate.check} was reported at {check['reported_at']}"
    return None


def _awaited(gate: CheckGate, check: Mapping[str, Any], facts: Facts, needed: str, seen: Any) -> Finding:
    """A check whose report is awaited, or was until its deadline. What was reported before does not count."""
    since, until = check["opened_at"], check["due_at"]
    if until <= facts.now:
        reason = f"nobody reported the check {gate.check}, which was opened at {since}, by {until}"
        return Finding(False, EXPIRED, needed, reason, seen)
    who = described(gate.reporters)
    reason = f"the check {gate.check} is pending since {since}; {who} is expected to report it by {until}"
    return Finding(False, PENDING, needed, reason, seen, AwaitedReport(since, until, gate.reporters, check.get("link")))


def _by(reporters: tuple[str, ...]) -> str:
    return f" by {described(reporters)}" if reporters else ""
