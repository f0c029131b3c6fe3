"""Builders of promotion schemes and of what gates look at."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.instants import Instant
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.gate_results import GateResult, judge
from chalicelib.domain.schemes.condition_results import ConditionResult, Evaluate
from chalicelib.domain.schemes.gates import Gate, Tier, gate_from_document
from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document
from tests.domain.build import NOW, ready


def gate(kind: str, **document: Any) -> Gate:
    return gate_from_document({"name": kind, "kind": kind, **document})


def result_of(of: Gate, facts: Facts) -> GateResult:
    (result,) = judge([of], facts)
    return result


def always(holds: bool | None, problem: str = "") -> Evaluate:
    """An evaluator that finds every condition so."""

    def evaluate(_expression: str, _variables: Mapping[str, Any]) -> ConditionResult:
        return ConditionResult(holds, problem)

    return evaluate


def facts(
    tier: Tier = Tier.LOW,
    now: Instant = NOW,
    checks: Mapping[str, Any] | None = None,
    evaluations: Mapping[str, Any] | None = None,
    sections: Mapping[str, str] | None = None,
    rivals: Mapping[str, Rival | None] | None = None,
    evaluate: Evaluate | None = None,
    **description: object,
) -> Facts:
    """What gates see of a READY version with this description."""
    _, version = ready(Model("fraud"), **description)
    made = Facts(
        version,
        tier,
        now,
        checks=checks or {},
        evaluations=evaluations or {},
        card={"sections": sections or {}},
        rivals=rivals or {},
    )
    return made if evaluate is None else replace(made, evaluate=evaluate)


def check(passed: bool = True, reported_at: Instant = NOW, expires_at: Instant | None = None) -> dict[str, Any]:
    return {
        "passed": passed,
        "evidence": None,
        "expires_at": expires_at,
        "reported_at": reported_at,
        "reported_by": "token:ci",
        "details": "",
    }


def evaluation(measured_at: Instant = NOW, **metrics: float) -> dict[str, Any]:
    return {"kind": "offline", "metrics": metrics, "measured_at": measured_at, "reported_by": "token:ci"}


def document(**changes: Any) -> dict[str, Any]:
    """A valid scheme of three stages, with some of its fields replaced."""
    return {
        "name": "own",
        "initial": "draft",
        "archive": "gone",
        "stages": [{"name": "draft"}, {"name": "live", "exclusive": True}, {"name": "gone"}],
        "transitions": [{"from": "draft", "to": "live"}, {"from": ["draft", "live"], "to": "gone"}],
        **changes,
    }


def scheme(**changes: Any) -> Scheme:
    return scheme_from_document({"version": 1, **document(**changes)})
