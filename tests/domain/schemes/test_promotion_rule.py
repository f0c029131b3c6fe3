import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.gate_results import judge
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.promotion_rule import Beats, PromotionRule, rule_document, rule_from_document, rule_gate
from tests.domain.build import NOW, ready

numbers = st.floats(-1e6, 1e6)


def holds(rule: PromotionRule, candidate: dict[str, float], rival: dict[str, float] | None) -> bool:
    """Whether the rule's gate holds for a version with these metrics against one that stands in its stage."""
    _, version = ready(Model("fraud"), metrics=candidate)
    against = None if rival is None else Rival(1, rival)
    facts = Facts(version, Tier.LOW, NOW, rivals={"stage:production": against})
    (result,) = judge([rule_gate(rule)], facts)
    return result.holds


@given(numbers, numbers)
def test_a_threshold_holds_exactly_from_its_value_on(value: float, bar: float) -> None:
    assert holds(PromotionRule("m", "staging", at_least=bar), {"m": value}, None) == (value >= bar)
    lower = PromotionRule("m", "staging", higher_is_better=False, at_least=bar)
    assert holds(lower, {"m": value}, None) == (value <= bar)


@given(numbers, numbers)
def test_of_two_versions_at_most_one_beats_the_other(one: float, other: float) -> None:
    rule = PromotionRule("m", "production", beats=Beats("production"))
    wins = holds(rule, {"m": one}, {"m": other})
    loses = holds(rule, {"m": other}, {"m": one})
    assert not (wins and loses)
    assert wins == (one > other)


def test_a_margin_is_compared_in_decimals_as_written() -> None:
    rule = PromotionRule("auc", "production", beats=Beats("production", by=0.2))
    assert holds(rule, {"auc": 0.3}, {"auc": 0.1})
    assert not holds(rule, {"auc": 0.29}, {"auc": 0.1})


def test_the_first_candidate_has_nobody_to_beat() -> None:
    assert holds(PromotionRule("auc", "production", beats=Beats("production", by=0.2)), {"auc": 0.1}, None)


def test_a_missing_metric_never_promotes() -> None:
    rule = PromotionRule("auc", "production", beats=Beats("production"))
    assert not holds(rule, {"f1": 1.0}, None)
    assert not holds(rule, {"auc": 1.0}, {"f1": 0.0})


@pytest.mark.parametrize("conditions", [{}, {"at_least": 1.0, "beats": Beats("production")}])
def test_a_rule_has_exactly_one_condition(conditions: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        PromotionRule("m", "staging", **conditions)


@given(st.booleans(), numbers, st.booleans())
def test_a_rule_survives_being_stored(higher: bool, bar: float, compares: bool) -> None:
    condition = {"beats": Beats("staging", abs(bar))} if compares else {"at_least": bar}
    rule = PromotionRule("m", "production", higher, **condition)
    assert rule_from_document(rule_document(rule)) == rule
