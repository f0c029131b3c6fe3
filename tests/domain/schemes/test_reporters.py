"""Who may report a check or an evaluation, as the gates of a scheme name them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.reporter import Reporter, people
from chalicelib.domain.errors import ReporterRefusedError, SeparationOfDutiesError
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.reporters import (
    Expected,
    accepts,
    expected_of_check,
    expected_of_evaluation,
    objection,
)
from chalicelib.domain.schemes.scheme import Scheme
from tests.domain.schemes.documents import scheme

CI = "oidc:github:repo:acme/fraud:*"


def gated(*gates: dict[str, Any], rollback: tuple[dict[str, Any], ...] = ()) -> Scheme:
    moves = [{"from": "draft", "to": "live", "gates": list(gates)}, {"from": ["draft", "live"], "to": "gone"}]
    return scheme(transitions=moves, rollback={"gates": list(rollback)})


def test_the_reporters_of_all_gates_that_want_the_check_may_report_it() -> None:
    one = {"name": "one", "kind": "check", "check": "ci", "reporters": [CI, "token:ops"]}
    back = {"name": "back", "kind": "check", "check": "ci", "reporters": ["token:night", CI]}
    anybody = {"name": "any", "kind": "check", "check": "ci"}
    found = gated(one, anybody, rollback=(back,))
    assert expected_of_check(found, Tier.LOW, "ci").patterns == (CI, "token:ops", "token:night")
    assert expected_of_check(found, Tier.LOW, "bias").patterns == ()


def test_reporters_are_those_of_the_models_tier() -> None:
    found = gated({"name": "ci", "kind": "check", "check": "ci", "reporters": [CI], "tiers": ["high"]})
    assert expected_of_check(found, Tier.HIGH, "ci").patterns == (CI,)
    assert expected_of_check(found, Tier.LOW, "ci").patterns == ()


def test_a_scan_and_an_evaluation_have_reporters_of_their_own() -> None:
    found = gated(
        {"name": "scan", "kind": "scan", "reporters": ["token:scanner"]},
        {"name": "held", "kind": "evaluation", "evaluation": "scan", "reporters": [CI]},
    )
    assert expected_of_check(found, Tier.LOW, "scan").patterns == ("token:scanner",)
    assert expected_of_evaluation(found, Tier.LOW, "scan").patterns == (CI,)


@pytest.mark.parametrize(
    ("principal", "accepted"),
    [
        ("oidc:github:repo:acme/fraud:ref:refs/heads/main", True),
        ("oidc:github:repo:acme/fraud-fork:ref:refs/heads/main", False),
        ("oidc:gitlab:repo:acme/fraud:ref:refs/heads/main", False),
        ("token:oidc:github:repo:acme/fraud:", False),
        (None, False),
    ],
)
def test_a_pattern_means_the_whole_name(principal: str | None, accepted: bool) -> None:
    assert accepts((CI,), principal) is accepted


@given(st.lists(st.text(min_size=1, max_size=20), max_size=4), st.text(min_size=1, max_size=20))
def test_whoever_is_not_accepted_is_refused(reporters: list[str], principal: str) -> None:
    reporter = Reporter(principal, principal)
    if accepts(reporters, principal):
        Expected(tuple(reporters)).check("the check 'ci'", 1, reporter, ())
    else:
        with pytest.raises(ReporterRefusedError):
            Expected(tuple(reporters)).check("the check 'ci'", 1, reporter, ())
    assert accepts((), principal) and accepts((*reporters, "*"), principal)


AUTHORS = people(["token:ci", "ben"])
INDEPENDENT = {"checks": ["*"], "evaluations": ["*"], "independent": True}
VALIDATORS = {"checks": ["valid*"], "reporters": [{"roles": ["validator"]}, {"claims": {"workflow": ["acme/val/*"]}}]}


def ruled(*rules: dict[str, Any]) -> Scheme:
    return scheme(evidence=list(rules))


def counts(found: Expected, reporter: Reporter) -> bool:
    """Whether a report counts. That it is refused when made and found not to count later is the same."""
    try:
        found.check("the check", 1, reporter, AUTHORS)
    except (ReporterRefusedError, SeparationOfDutiesError):
        assert objection(found.rules, reporter, AUTHORS) is not None
        return False
    assert objection(found.rules, reporter, AUTHORS) is None
    return True


@pytest.mark.parametrize(
    ("reporter", "independent"),
    [
        (Reporter("token:ci", "token:ci"), False),
        (Reporter("token:other", "ben"), False),
        (Reporter("token:ben", "token:ben"), True),
        (Reporter("token:ada", "ada"), True),
    ],
)
def test_independent_is_who_is_none_of_the_persons_behind_the_version(reporter: Reporter, independent: bool) -> None:
    assert counts(expected_of_check(ruled(INDEPENDENT), Tier.LOW, "bias"), reporter) is independent
    assert counts(expected_of_evaluation(ruled(INDEPENDENT), Tier.LOW, "holdout"), reporter) is independent


def test_an_oidc_subject_is_one_person_whatever_trust_it_comes_by() -> None:
    found = expected_of_check(ruled(INDEPENDENT), Tier.LOW, "bias")
    with pytest.raises(SeparationOfDutiesError):
        found.check("the check", 1, Reporter("oidc:b:alice", "oidc:b:alice"), people(["oidc:a:alice"]))


def test_a_report_of_nobody_known_does_not_count_as_independent() -> None:
    rules = expected_of_check(ruled(INDEPENDENT), Tier.LOW, "bias").rules
    assert (
        objection(rules, Reporter("token:ada"), AUTHORS) == "and it is not known which person that was; report it again"
    )


@pytest.mark.parametrize(
    ("reporter", "accepted"),
    [
        (Reporter("token:ada", "ada", ("validator", "viewer")), True),
        (Reporter("token:ada", "ada", ("viewer",)), False),
        (Reporter("oidc:github:x", "oidc:github:x", claims={"workflow": ("acme/val/a.yml",)}), True),
        (Reporter("oidc:github:x", "oidc:github:x", claims={"workflow": ("acme/train/a.yml",)}), False),
        (Reporter("oidc:github:x", "oidc:github:x", claims={"ref": ("acme/val/a.yml",)}), False),
    ],
)
def test_one_of_the_alternatives_must_hold_with_all_its_parts(reporter: Reporter, accepted: bool) -> None:
    assert counts(expected_of_check(ruled(VALIDATORS), Tier.LOW, "validation"), reporter) is accepted
    assert counts(expected_of_check(ruled(VALIDATORS), Tier.LOW, "bias"), reporter)


def test_every_rule_that_names_a_check_must_be_met() -> None:
    found = expected_of_check(ruled(INDEPENDENT, VALIDATORS), Tier.LOW, "validation")
    assert counts(found, Reporter("token:ada", "ada", ("validator",)))
    assert not counts(found, Reporter("token:ada", "ada"))
    assert not counts(found, Reporter("token:ben", "ben", ("validator",)))
    assert found.claims == {"workflow"}


def test_a_rule_for_some_tiers_leaves_the_others_alone() -> None:
    high = ruled({**INDEPENDENT, "tiers": ["high"]})
    assert not counts(expected_of_check(high, Tier.HIGH, "bias"), Reporter("token:ci", "token:ci"))
    assert counts(expected_of_check(high, Tier.LOW, "bias"), Reporter("token:ci", "token:ci"))
