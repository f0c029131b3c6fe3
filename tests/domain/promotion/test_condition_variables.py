"""The values of the variables that conditions read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.instants import later
from chalicelib.domain.promotion.condition_variables import condition_variables, seen_by
from chalicelib.domain.promotion.facts import Rival
from chalicelib.domain.schemes.conditions import VARIABLES
from chalicelib.domain.schemes.evidence_rules import EvidenceRule
from chalicelib.domain.schemes.gates import Tier
from tests.domain.build import NOW
from tests.domain.schemes.documents import check, evaluation, facts

REPORTED = {"reported_by": "token:ci", "person": "token:ci"}


def test_every_documented_variable_has_a_value_and_no_other() -> None:
    full = facts(checks={"fairness": check()}, evaluations={"holdout": evaluation(auc=1)}, sections={"factors": "x"})
    assert condition_variables(full).keys() == VARIABLES.keys()


def test_the_variables_hold_what_is_known_of_the_version() -> None:
    given = facts(
        Tier.HIGH,
        checks={"fairness": check()},
        evaluations={"holdout": evaluation(auc=0.9)},
        sections={"factors": "age"},
        rivals={"stage:live": Rival(7, {"auc": 0.8})},
        label="1.0.0",
        parameters={"depth": 3},
        metadata={"team": "risk"},
        tags={"kind": "tree"},
        provenance={"run": {"id": "r1"}},
        metrics={"auc": 0.95},
    )
    assert condition_variables(given) == {
        "metrics": {"auc": 0.95},
        "parameters": {"depth": 3},
        "metadata": {"team": "risk"},
        "tags": {"kind": "tree"},
        "provenance": {"run": {"id": "r1"}},
        "version": {
            "number": 1,
            "label": "1.0.0",
            "stage": "development",
            "status": "READY",
            "author": "token:ada",
            "registered_by": "token:ada",
            "people": ["token:ada"],
            "file_count": 1,
            "total_size": 3,
            "ready_at": NOW,
        },
        "checks": {"fairness": {"passed": True, "valid": True, **REPORTED}},
        "evaluations": {"holdout": {"kind": "offline", "metrics": {"auc": 0.9}, "measured_at": NOW, **REPORTED}},
        "attestations": {},
        "card": {"factors": "age"},
        "tier": "high",
        "model": {"name": "fraud", "classification": "unclassified", "personal_data": False},
        "rivals": {"stage:live": {"number": 7, "metrics": {"auc": 0.8}}},
        "now": NOW,
    }


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


@pytest.mark.parametrize("passed", [True, False])
@pytest.mark.parametrize(
    ("expires_in", "expired"),
    [
        (None, False),
        (timedelta(milliseconds=1), False),
        (timedelta(0), True),
        (timedelta(days=-1), True),
    ],
)
def test_a_check_is_valid_only_if_it_passed_and_has_not_expired(
    passed: bool, expires_in: timedelta | None, expired: bool
) -> None:
    expires_at = None if expires_in is None else later(NOW, expires_in)
    variables = condition_variables(facts(checks={"fairness": check(passed, expires_at=expires_at)}))
    assert variables["checks"]["fairness"] == {"passed": passed, "valid": passed and not expired, **REPORTED}


def test_reports_that_do_not_count_by_the_evidence_rules_are_left_out() -> None:
    own, other = {"reported_by": "token:x", "person": "token:ada"}, {"reported_by": "token:y", "person": "eve"}
    given = replace(
        facts(
            checks={"own": {**check(), **own}, "other": {**check(), **other}},
            evaluations={"own": {**evaluation(auc=1), **own}, "other": {**evaluation(auc=1), **other}},
        ),
        rules=(EvidenceRule(checks=("*",), evaluations=("*",), independent=True),),
    )
    variables = condition_variables(given)
    assert (list(variables["checks"]), list(variables["evaluations"])) == (["other"], ["other"])
    assert variables["checks"]["other"]["person"] == "eve"


def test_a_condition_saw_what_it_saw_before_reporters_were_shown_unless_it_names_them() -> None:
    variables = condition_variables(facts(checks={"ci": check()}, evaluations={"e": evaluation(auc=1)}))
    before = seen_by("checks.ci.passed && evaluations.e.metrics.auc > 0.5 && version.number > 0", variables)
    assert before["checks"] == {"ci": {"passed": True, "valid": True}}
    assert before["evaluations"] == {"e": {"kind": "offline", "metrics": {"auc": 1.0}, "measured_at": NOW}}
    assert not {"people", "registered_by"} & before["version"].keys()
    now = seen_by("!(checks.ci.person in version.people)", variables)
    assert now["checks"]["ci"] == {"passed": True, "valid": True, "person": "token:ci"}
    assert now["version"]["people"] == ["token:ada"]
