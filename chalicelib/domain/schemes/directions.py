"""Directions: in which metrics higher values are better, and in which lower ones, as far as anybody has said."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import Final

from chalicelib.domain.schemes.gates import BetterGate, CompareGate, EvaluationGate, Gate, MetricGate
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.schemes.scheme import Scheme

# The key of a model's metadata that says it for each metric. docs/schemes.md documents it.
METADATA_KEY: Final = "metric_directions"


class Direction(StrEnum):
    """UP if higher values of a metric are better, DOWN if lower ones are."""

    UP = "up"
    DOWN = "down"


def directions(scheme: Scheme, rule: PromotionRule | None, metadata: Mapping[str, object]) -> dict[str, Direction]:
    """The direction of each metric of which it is known, by name.

    The model's metadata comes before its promotion rule, and the rule before the gates of its scheme. A metric is left
    out if gates disagree about it, or if the metadata names neither direction for it.
    """
    known = _of_gates(scheme)
    if rule is not None:
        known[rule.metric] = _better(rule.higher_is_better)
    stated = metadata.get(METADATA_KEY)
    for metric, said in stated.items() if isinstance(stated, Mapping) else ():
        known.pop(metric, None)
        if said in tuple(Direction):
            known[metric] = Direction(said)
    return dict(sorted(known.items()))


def _of_gates(scheme: Scheme) -> dict[str, Direction]:
    """What all gates of the scheme agree on, whatever tier they are for."""
    gates = chain(scheme.rollback.gates, *(transition.gates for transition in scheme.transitions.values()))
    told: dict[str, set[Direction]] = {}
    for metric, direction in (told_by for gate in gates for told_by in _told(gate)):
        told.setdefault(metric, set()).add(direction)
    return {metric: next(iter(said)) for metric, said in told.items() if len(said) == 1}


def _told(gate: Gate) -> Iterator[tuple[str, Direction]]:
    """What a gate tells of a metric. One with both bounds wants a value between them, and tells nothing."""
    match gate.condition:
        case CompareGate(metric=metric, higher_is_better=higher) | BetterGate(metric=metric, higher_is_better=higher):
            yield metric, _better(higher)
        case MetricGate(metric=str(metric)) | EvaluationGate(metric=str(metric)) as bounds:
            if bounds.at_most is None and bounds.at_least is not None:
                yield metric, Direction.UP
            elif bounds.at_least is None and bounds.at_most is not None:
                yield metric, Direction.DOWN


def _better(higher: bool) -> Direction:
    return Direction.UP if higher else Direction.DOWN
