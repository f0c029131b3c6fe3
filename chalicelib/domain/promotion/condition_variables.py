"""The variables of conditions, made from the facts of a move. ``schemes.conditions.VARIABLES`` documents them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.access.principal import person_of
from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.classification import UNCLASSIFIED
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.schemes.conditions import NOW, names_in

_ADDED: Final = ("registered_by", "people", "reported_by", "person")


def condition_variables(facts: Facts) -> dict[str, Any]:
    """Every documented variable by name, as JSON values. Metrics are doubles.

    ``now`` is RFC 3339 text: the evaluator makes it a timestamp. Reports that do not count by the scheme's evidence
    rules are left out, as if nobody had made them.
    """
    version, described = facts.version, facts.version.description
    return {
        "metrics": _doubles(facts.metrics),
        "parameters": dict(described.parameters),
        "metadata": dict(described.metadata),
        "tags": dict(described.tags),
        "provenance": dict(described.provenance),
        "version": {
            "number": version.number,
            "label": described.label,
            "stage": version.stage,
            "status": version.status.value,
            "author": version.created_by,
            "registered_by": version.created_by,
            "people": sorted(version.people),
            "file_count": version.file_count,
            "total_size": version.total_size,
            "ready_at": version.ready_at,
        },
        "checks": {
            name: _check(check, facts)
            for name, check in facts.checks.items()
            if check["reported_by"] is None or facts.objection_to_check(name) is None
        },
        "evaluations": {
            name: {
                "kind": evaluation["kind"],
                "metrics": _doubles(evaluation["metrics"]),
                "measured_at": evaluation["measured_at"],
                **_reporter(evaluation),
            }
            for name, evaluation in facts.evaluations.items()
            if facts.objection_to_evaluation(name) is None
        },
        "attestations": {name: one.document() for name, one in facts.attestations.items() if one.doubt is None},
        "card": dict(facts.sections),
        "tier": facts.tier.value,
        "model": _model(facts),
        "rivals": {place: _rival(rival) for place, rival in facts.rivals.items()},
        NOW: facts.now,
    }


def seen_by(expression: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that an expression reads, except the time.

    Fields that later releases added are left out unless the expression names them, so that earlier votes stay bound.
    """
    used = names_in(expression) & (set(variables) - {NOW})
    seen = {name: variables[name] for name in sorted(used)}
    unread = [field for field in _ADDED if field not in expression]
    if "version" in seen:
        seen["version"] = _without(seen["version"], unread)
    for reports in ("checks", "evaluations"):
        if reports in seen:
            seen[reports] = {name: _without(report, unread) for name, report in seen[reports].items()}
    return seen


def _model(facts: Facts) -> dict[str, Any]:
    said = facts.classification
    return {
        "name": facts.version.model,
        "classification": UNCLASSIFIED if said is None else said.level.value,
        "personal_data": said is not None and said.personal_data,
    }


def _without(value: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if name not in fields}


def _check(check: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    expires_at, awaited = check.get("expires_at"), bool(check.get("opened_at"))
    counts = not awaited and (expires_at is None or expires_at > facts.now)
    return {"passed": check["passed"], "valid": check["passed"] and counts, **_reporter(check)}


def _reporter(report: Mapping[str, Any]) -> dict[str, Any]:
    """Who made a report. ``person`` is as ``version.people`` has persons; it is empty if nobody reported yet."""
    reporter = Reporter.of_report(report)
    return {"reported_by": reporter.principal, "person": person_of(reporter.person or reporter.principal)}


def _rival(rival: Rival | None) -> dict[str, Any] | None:
    return None if rival is None else {"number": rival.number, "metrics": _doubles(rival.metrics)}


def _doubles(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items()}
