"""The promotion rule of a model: when a metric of a new READY version is good enough, move the version to a stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schemes.gates import CompareGate, Gate, MetricGate

RULE_GATE: Final = "promotion-rule"


@dataclass(frozen=True, slots=True)
class Beats:
    """The metric is better than that of the version in ``stage`` by at least ``by``."""

    stage: str
    by: float = 0


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """Move a new READY version to ``to_stage`` if ``metric`` meets the rule's condition. A rule has exactly one.

    ``at_least``: the metric is at least this value (at most, if lower is better). ``beats``: the metric is better than
    that of the version in a stage, by a margin. Raises InvalidInputError for none or both, or a negative margin.
    """

    metric: str
    to_stage: str
    higher_is_better: bool = True
    at_least: float | None = None
    beats: Beats | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.beats is None):
            raise InvalidInputError("A promotion rule has exactly one of 'at_least' and 'beats'.")
        if self.beats is not None and self.beats.by < 0:
            raise InvalidInputError("The margin 'beats.by' must not be negative.")


def rule_gate(rule: PromotionRule) -> Gate:
    """The gate that a rule adds to the move from the scheme's initial stage to the rule's."""
    if rule.beats is not None:
        return Gate(
            RULE_GATE, CompareGate(rule.metric, f"stage:{rule.beats.stage}", rule.beats.by, rule.higher_is_better)
        )
    if rule.higher_is_better:
        return Gate(RULE_GATE, MetricGate(rule.metric, at_least=rule.at_least))
    return Gate(RULE_GATE, MetricGate(rule.metric, at_most=rule.at_least))


def rule_document(rule: PromotionRule) -> dict[str, Any]:
    """The rule as it is stored, shown and written into events."""
    return {
        "metric": rule.metric,
        "to_stage": rule.to_stage,
        "higher_is_better": rule.higher_is_better,
        "at_least": rule.at_least,
        "beats": None if rule.beats is None else {"stage": rule.beats.stage, "by": rule.beats.by},
    }


def rule_from_document(document: Mapping[str, Any]) -> PromotionRule:
    """The rule that ``rule_document`` wrote."""
    beats = document["beats"]
    return PromotionRule(
        metric=document["metric"],
        to_stage=document["to_stage"],
        higher_is_better=document["higher_is_better"],
        at_least=document["at_least"],
        beats=None if beats is None else Beats(beats["stage"], beats["by"]),
    )
