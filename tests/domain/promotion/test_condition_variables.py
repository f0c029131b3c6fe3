"""The values of the variables that conditions read."""

from datetime import timedelta

from chalicelib.domain.instants import later
from chalicelib.domain.promotion.condition_variables import condition_variables
from chalicelib.domain.promotion.facts import Rival
from chalicelib.domain.schemes.conditions import VARIABLES
from tests.domain.build import NOW
from tests.domain.schemes.documents import check, evaluation, facts


def test_every_documented_variable_has_a_value_and_no_other() -> None:
    full = facts(checks={"fairness": check()}, evaluations={"holdout": evaluation(auc=1)}, sections={"factors": "x"})
    assert condition_variables(full).keys() == VARIABLES.keys()


def test_metrics_are_doubles_wherever_they_come_from() -> None:
    given = facts(metrics={"n": 1}, evaluations={"e": evaluation(n=2)}, rivals={"stage:live": Rival(7, {"n": 3})})
    variables = condition_variables(given)
    measured = [
        variables["metrics"],
        variables["evaluations"]["e"]["metrics"],
        variables["rivals"]["stage:live"]["metrics"],
    ]
    assert [repr(metrics["n"]) for metrics in measured] == ["1.0", "2.0", "3.0"]


def test_a_rival_that_is_not_there_is_null() -> None:
    assert condition_variables(facts(rivals={"alias:champion": None}))["rivals"] == {"alias:champion": None}


def test_a_check_is_valid_only_if_it_passed_and_has_not_expired() -> None:
    past, soon = later(NOW, -timedelta(days=1)), later(NOW, timedelta(days=1))
    checks = {"a": check(expires_at=soon), "b": check(expires_at=past), "c": check(passed=False), "d": check()}
    variables = condition_variables(facts(checks=checks))
    assert {name: found["valid"] for name, found in variables["checks"].items()} == {
        "a": True,
        "b": False,
        "c": False,
        "d": True,
    }
