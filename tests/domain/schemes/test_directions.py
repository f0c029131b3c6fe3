"""Whether higher or lower values of a metric are better."""

from typing import Any

import pytest

from chalicelib.domain.schemes.directions import Direction, directions
from chalicelib.domain.schemes.promotion_rule import Beats, PromotionRule
from tests.domain.schemes.documents import scheme

UP, DOWN = Direction.UP, Direction.DOWN


def told(*gates: dict[str, Any], rule: PromotionRule | None = None, **metadata: object) -> dict[str, Direction]:
    named = [{"name": f"gate-{index}", **gate} for index, gate in enumerate(gates)]
    moves = [{"from": "draft", "to": "live", "gates": named}, {"from": ["draft", "live"], "to": "gone"}]
    return directions(scheme(transitions=moves), rule, metadata)


@pytest.mark.parametrize(
    ("gate", "direction"),
    [
        ({"kind": "metric", "metric": "m", "at_least": 1}, UP),
        ({"kind": "metric", "metric": "m", "at_most": 1}, DOWN),
        ({"kind": "compare", "metric": "m", "stage": "live"}, UP),
        ({"kind": "compare", "metric": "m", "stage": "live", "higher_is_better": False}, DOWN),
        ({"kind": "evaluation", "evaluation": "e", "metric": "m", "at_most": 1}, DOWN),
    ],
)
def test_a_gate_tells_the_direction_of_its_metric(gate: dict[str, Any], direction: Direction) -> None:
    assert told(gate) == {"m": direction}
    assert told({**gate, "tiers": ["high"]}) == {"m": direction}


@pytest.mark.parametrize(
    "gate",
    [
        {"kind": "metric", "metric": "m", "at_least": 0, "at_most": 1},
        {"kind": "evaluation", "evaluation": "e"},
        {"kind": "check", "check": "m"},
    ],
)
def test_a_gate_that_wants_no_extreme_tells_nothing(gate: dict[str, Any]) -> None:
    assert told(gate) == {}


def test_the_gates_of_a_roll_back_tell_directions_too() -> None:
    gate = {"name": "slow", "kind": "metric", "metric": "latency", "at_most": 9}
    assert directions(scheme(rollback={"gates": [gate]}), None, {}) == {"latency": DOWN}


def test_gates_that_contradict_each_other_tell_nothing() -> None:
    least = {"kind": "metric", "metric": "m", "at_least": 1}
    assert told(least, {"kind": "metric", "metric": "m", "at_most": 1}) == {}
    assert told(least, least) == {"m": UP}


@pytest.mark.parametrize("rule", [{"at_least": 1}, {"beats": Beats("live")}])
def test_the_promotion_rule_comes_before_the_gates(rule: dict[str, Any]) -> None:
    lower = PromotionRule("m", "live", higher_is_better=False, **rule)
    assert told({"kind": "metric", "metric": "m", "at_least": 1}, rule=lower) == {"m": DOWN}


def test_the_metadata_comes_before_the_rule_and_can_say_that_neither_is_better() -> None:
    rule = PromotionRule("m", "live", at_least=1)
    gate = {"kind": "metric", "metric": "n", "at_least": 1}
    said = {"m": "down", "n": "none", "z": "up", "a": {"not": "a word"}}
    assert told(gate, rule=rule, metric_directions=said) == {"m": DOWN, "z": UP}
    assert list(told(gate, rule=rule, metric_directions=said)) == ["m", "z"]


@pytest.mark.parametrize("said", ["down", ["m"], None, {}])
def test_metadata_of_another_form_says_nothing(said: object) -> None:
    assert told({"kind": "metric", "metric": "m", "at_least": 1}, metric_directions=said) == {"m": UP}
