"""Who may report a check or an evaluation, as the gates of a scheme name them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import ReporterRefusedError
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.reporters import accepts, check_reporter, check_reporters, evaluation_reporters
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
    assert check_reporters(found, Tier.LOW, "ci") == (CI, "token:ops", "token:night")
    assert check_reporters(found, Tier.LOW, "bias") == ()


def test_reporters_are_those_of_the_models_tier() -> None:
    found = gated({"name": "ci", "kind": "check", "check": "ci", "reporters": [CI], "tiers": ["high"]})
    assert check_reporters(found, Tier.HIGH, "ci") == (CI,)
    assert check_reporters(found, Tier.LOW, "ci") == ()


def test_a_scan_and_an_evaluation_have_reporters_of_their_own() -> None:
    found = gated(
        {"name": "scan", "kind": "scan", "reporters": ["token:scanner"]},
        {"name": "held", "kind": "evaluation", "evaluation": "scan", "reporters": [CI]},
    )
    assert check_reporters(found, Tier.LOW, "scan") == ("token:scanner",)
    assert evaluation_reporters(found, Tier.LOW, "scan") == (CI,)


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
    if accepts(reporters, principal):
        check_reporter("the check 'ci'", reporters, principal)
    else:
        with pytest.raises(ReporterRefusedError):
            check_reporter("the check 'ci'", reporters, principal)
    assert accepts((), principal) and accepts((*reporters, "*"), principal)
