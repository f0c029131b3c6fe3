import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.promotion_rule import Beats, PromotionRule, judge, rule_document, rule_from_document

numbers = st.floats(-1e6, 1e6)


@given(numbers, numbers)
def test_a_threshold_holds_exactly_from_its_value_on(value: float, bar: float) -> None:
    assert judge(PromotionRule("m", "staging", at_least=bar), {"m": value}, None).holds == (value >= bar)
    lower = PromotionRule("m", "staging", higher_is_better=False, at_least=bar)
    assert judge(lower, {"m": value}, None).holds == (value <= bar)


@given(numbers, numbers)
def test_of_two_versions_at_most_one_beats_the_other(one: float, other: float) -> None:
    rule = PromotionRule("m", "production", beats=Beats("production"))
    wins = judge(rule, {"m": one}, (1, {"m": other})).holds
    loses = judge(rule, {"m": other}, (1, {"m": one})).holds
    assert not (wins and loses)
    assert wins == (one > other)


def test_a_margin_is_compared_in_decimals_as_written() -> None:
    rule = PromotionRule("auc", "production", beats=Beats("production", by=0.2))
    assert judge(rule, {"auc": 0.3}, (1, {"auc": 0.1})).holds
    assert not judge(rule, {"auc": 0.29}, (1, {"auc": 0.1})).holds


def test_the_first_candidate_has_nobody_to_beat() -> None:
    rule = PromotionRule("auc", "production", beats=Beats("production", by=0.2))
    assert judge(rule, {"auc": 0.1}, None).holds


def test_a_missing_metric_never_promotes() -> None:
    rule = PromotionRule("auc", "production", beats=Beats("production"))
    assert not judge(rule, {"f1": 1.0}, None).holds
    assert not judge(rule, {"auc": 1.0}, (1, {"f1": 0.0})).holds


@pytest.mark.parametrize("conditions", [{}, {"at_least": 1.0, "beats": Beats("production")}])
def test_a_rule_has_exactly_one_condition(conditions: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        PromotionRule("m", "staging", **conditions)


@given(st.booleans(), numbers, st.booleans())
def test_a_rule_survives_being_stored(higher: bool, bar: float, compares: bool) -> None:
    condition = {"beats": Beats("staging", abs(bar))} if compares else {"at_least": bar}
    rule = PromotionRule("m", "production", higher, **condition)
    assert rule_from_document(rule_document(rule)) == rule
