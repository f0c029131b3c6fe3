"""The automatic rule of a model: when a new READY version's metric is good enough, move it to a stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.domain.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Beats:
    """Better than the version in ``stage`` by at least ``by``."""

    stage: str
    by: float = 0


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """Move a new READY version to ``to_stage`` when ``metric`` satisfies exactly one of two conditions.

    ``at_least``: the metric reaches this value (is at most this value where lower is better).
    ``beats``: the metric is better than that of the version in a stage by a margin.
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule holds, and why."""

    holds: bool
    reason: str


def judge(
    rule: PromotionRule, candidate: Mapping[str, float], holder: tuple[int, Mapping[str, float]] | None
) -> Verdict:
    """Whether ``rule`` holds for a version with the metrics ``candidate``.

    ``holder`` is the number and the metrics of the version in ``rule.beats.stage``, or None if that stage is
    empty: then there is nobody to beat and the rule holds for any version that has the metric.
    """
    value = candidate.get(rule.metric)
    if value is None:
        return Verdict(False, f"the version has no metric {rule.metric}")
    if rule.at_least is not None:
        return _compare(rule, value, rule.at_least, Decimal(0), f"the threshold {rule.at_least}")
    assert rule.beats is not None  # noqa: S101 - exactly one of the two is set, by construction
    if holder is None:
        return Verdict(True, f"{rule.metric} is {value} and {rule.beats.stage} is empty")
    number, metrics = holder
    rival = metrics.get(rule.metric)
    if rival is None:
        return Verdict(False, f"version {number} in {rule.beats.stage} has no metric {rule.metric}")
    whom = f"version {number} in {rule.beats.stage} with {rival}"
    return _compare(rule, value, rival, _exact(rule.beats.by), whom, strictly=rule.beats.by == 0)


def _compare(
    rule: PromotionRule, value: float, bar: float, margin: Decimal, whom: str, strictly: bool = False
) -> Verdict:
    gain = _exact(value) - _exact(bar)
    if not rule.higher_is_better:
        gain = -gain
    holds = gain > margin if strictly else gain >= margin
    by = f" by {margin}" if margin else ""
    yes, no = ("reaches", "does not reach") if rule.beats is None else ("beats", "does not beat")
    return Verdict(holds, f"{rule.metric} {value} {yes if holds else no} {whom}{by}")


def _exact(number: float) -> Decimal:
    # The shortest decimal of a double is what the user wrote: 0.3 - 0.1 must reach a margin of 0.2.
    return Decimal(repr(number))


def rule_document(rule: PromotionRule) -> dict[str, Any]:
    """The rule as it is stored, shown and told in events."""
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
