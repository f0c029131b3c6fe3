"""The variables of conditions, made from the facts of a move. ``schemes.conditions.VARIABLES`` documents them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.schemes.conditions import NOW


def condition_variables(facts: Facts) -> dict[str, Any]:
    """Every documented variable by name, as JSON values. Metrics are doubles.

    ``now`` is RFC 3339 text: the evaluator makes it a timestamp.
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
            "file_count": version.file_count,
            "total_size": version.total_size,
            "ready_at": version.ready_at,
        },
        "checks": {name: _check(check, facts) for name, check in facts.checks.items()},
        "evaluations": {
            name: {
                "kind": evaluation["kind"],
                "metrics": _doubles(evaluation["metrics"]),
                "measured_at": evaluation["measured_at"],
            }
            for name, evaluation in facts.evaluations.items()
        },
        "card": dict(facts.sections),
        "tier": facts.tier.value,
        "rivals": {place: _rival(rival) for place, rival in facts.rivals.items()},
        NOW: facts.now,
    }


def _check(check: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    expires_at, awaited = check.get("expires_at"), bool(check.get("opened_at"))
    counts = not awaited and (expires_at is None or expires_at > facts.now)
    return {"passed": check["passed"], "valid": check["passed"] and counts}


def _rival(rival: Rival | None) -> dict[str, Any] | None:
    return None if rival is None else {"number": rival.number, "metrics": _doubles(rival.metrics)}


def _doubles(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items()}
