"""Conditions are evaluated only within bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schemes.condition_cost import MAX_COST, cost, estimate, size_of
from chalicelib.domain.schemes.condition_syntax import NotUnderstoodError, parsed
from chalicelib.registry.schemes.conditions import evaluate, evaluate_within, evaluator, refused

NOW = "2026-11-23T09:30:00.000Z"
# 595 bytes that took the evaluator 4.5 seconds.
BOMB = f"[{'+'.join([repr('x' * 60)] * 2)}]" + "".join(f".map(a, {'+'.join(['a'] * 70)})" for _ in range(3)) + " == []"
VARIABLES = {
    "metrics": {f"m{number}": number / 2 for number in range(8)},
    "tags": {"team": "risk", "long": "x" * 500},
    "metadata": {"list": [1, "two", [3.0]], "nested": {"a": {"b": "c" * 200}}},
    "tier": "low",
}


def test_a_condition_that_cannot_be_bounded_is_refused_when_it_is_saved() -> None:
    fault = refused(BOMB)
    assert fault is not None and "a condition takes at most 2000000" in fault.reason


def test_a_stored_condition_that_costs_too_much_is_not_evaluated() -> None:
    result = evaluate(BOMB, {"now": NOW})
    assert result.holds is None
    assert "a condition takes at most 2000000" in result.problem


def test_what_a_condition_costs_depends_on_the_version_that_it_is_evaluated_for() -> None:
    expression = "metadata.a.all(k, metadata.a[k] == metadata.a[k])"
    for count, holds in ((10, True), (3_000, None)):
        assert evaluate(expression, {"metadata": {"a": {f"k{n}": n for n in range(count)}}, "now": NOW}).holds is holds


def test_conditions_that_share_a_budget_stop_when_it_is_spent() -> None:
    frugal = evaluate_within(20)
    assert frugal("tier == 'low'", {"tier": "low", "now": NOW}).holds is True
    with pytest.raises(InvalidInputError, match="more than 20 steps"):
        frugal("tier == 'low'", {"tier": "low", "now": NOW})


values = st.recursive(
    st.sampled_from(
        ["metrics", "tags", "metadata", "tier", "k", "'text'", "1", "tags.long", "metadata.nested", "tick()"]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" + ".join).map("({})".format),
        st.tuples(inner, inner).map(" == ".join).map("({})".format),
        st.tuples(inner, inner).map(" in ".join).map("({})".format),
        st.lists(inner, max_size=4).map(", ".join).map("[{}]".format),
        st.tuples(inner, inner).map(lambda pair: f"{{'a': {pair[0]}, 'b': {pair[1]}}}"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} == 1 ? {three[1]} : {three[2]})"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}.map(k, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}.filter(k, tick() == 1 && {pair[1]} != 1)"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}.all(k, tick() == 1 || {pair[1]} == 1)"),
        inner.map("size({})".format),
        inner.map("{}.a".format),
        inner.map("{}[0]".format),
    ),
    max_leaves=12,
)


@given(values)
def test_no_evaluation_takes_more_steps_or_makes_more_than_was_computed(expression: str) -> None:
    try:
        tree = parsed(expression)
    except NotUnderstoodError:
        return
    sizes = {name: size_of(value) for name, value in VARIABLES.items()}
    bound, _ = estimate(tree, sizes)
    if cost(tree, sizes) > MAX_COST:
        return
    steps = 0

    def tick() -> int:
        nonlocal steps
        steps += 1
        return 1

    context = evaluator().Context({**VARIABLES, "k": 1}, {"tick": tick})
    try:
        result = evaluator().compile(expression).execute(context)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        result = None
    assert steps <= cost(tree, sizes)
    assert size_of(result).total <= bound.total
