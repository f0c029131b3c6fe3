"""What conditions cost at most."""

import pytest

from chalicelib.domain.schemes.condition_cost import ASSUMED, MAX_COST, Size, cost, size_of
from chalicelib.domain.schemes.condition_syntax import parsed
from chalicelib.domain.schemes.conditions import VARIABLES

THOUSAND = {"metrics": size_of({f"m{number}": 0.5 for number in range(1_000)})}


@pytest.mark.parametrize(
    "expression",
    [
        "metrics.auc > 0.9 && tags.team == 'risk'",
        "metrics.all(k, metrics[k] >= 0.0 && metrics[k] <= 1.0)",
        "metrics.filter(k, metrics[k] < 0.5).size() == 0",
        "metadata.exists(k, metadata[k] == 'gdpr')",
        "parameters.exists(p, parameters[p] == 'adam')",
        "evaluations.all(e, evaluations[e].kind == 'offline' || evaluations[e].metrics.auc > 0.9)",
        "rivals['stage:production'] == null || metrics.auc > rivals['stage:production'].metrics.auc",
        "card.exists(s, card[s].contains('TODO'))",
    ],
)
def test_conditions_as_people_write_them_are_cheap_enough(expression: str) -> None:
    assert cost(parsed(expression), ASSUMED) <= MAX_COST


@pytest.mark.parametrize(
    "expression",
    [
        "metrics.map(k, [k, k, k, k, k, k]).map(k, [k, k, k, k, k, k]).map(k, [k, k, k, k, k, k]) == []",
        "['" + "a" * 300 + "'].map(k, " + "+".join(["k"] * 100) + ").map(k, " + "+".join(["k"] * 100) + ") == []",
        "metrics.map(k, card) == []",
        "metrics.all(k, rivals == rivals)",
        "+".join(["card"] * 150) + " == card",
    ],
)
def test_conditions_that_multiply_what_they_copy_cost_too_much(expression: str) -> None:
    assert cost(parsed(expression), ASSUMED) > MAX_COST


def test_the_cost_grows_with_the_variables_that_a_condition_reads() -> None:
    expression = parsed("metrics.all(k, metrics[k] > 0.0)")
    one = cost(expression, {"metrics": size_of({"auc": 0.5})})
    assert one < 100 < 10_000 < cost(expression, THOUSAND)
    assert cost(parsed("tier == 'low'"), {**THOUSAND, "tier": size_of("low")}) < 100


def test_sizes_count_elements_and_long_texts() -> None:
    assert size_of({"a": 1, "b": [1, 2, 3]}) == Size(2, 5, 8)
    assert size_of("x" * 1_280) == Size(11, 11, 11)
    assert size_of(None) == Size(1, 1, 1)
    assert size_of({}) == Size(0, 1, 1)


def test_every_variable_has_a_size_to_be_held_against_when_a_scheme_is_saved() -> None:
    assert ASSUMED.keys() == VARIABLES.keys()
