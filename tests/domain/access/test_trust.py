"""The terms of trust: what can be stored, and which ARN they admit."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.subjects import MAX_GROUPS
from chalicelib.domain.access.trust import (
    ALGORITHMS,
    Iam,
    Oidc,
    Trust,
    admits,
    carried_claims,
    groups_of,
    judge,
    normal_arn,
)
from chalicelib.domain.errors import InvalidInputError, InvalidNameError
from chalicelib.domain.instants import moment
from tests.domain.build import NOW, stamp
from tests.domain.stored import read_back

OIDC = {"issuer": "https://ci.example", "audience": "registry", "algorithms": ("RS256",), "conditions": {"sub": ("x",)}}
ROLE = "arn:aws:iam::123456789012:role/deploy"


@pytest.mark.parametrize(
    "terms",
    [
        {"issuer": "ftp://ci.example"},
        {"issuer": "https://user@ci.example"},
        {"issuer": "https://ci.example?a=b"},
        {"issuer": "https://ci.example#a"},
        {"issuer": "https:///path"},
        {"issuer": "https://[x"},
        {"issuer": "https://ci.example:99999"},
        {"issuer": "https://ci.example:x"},
        {"issuer": "https://ci.example:0"},
        {"issuer": "https://ü.example"},
        {"issuer": "https://ci.example\\x"},
        {"issuer": ""},
        {"audience": ""},
        {"algorithms": ()},
        {"algorithms": ("none",)},
        {"algorithms": ("RS256", "HS256")},
        {"conditions": {}},
        {"conditions": {"sub": ()}},
        {"conditions": {"sub": ("*",)}},
        {"conditions": {"sub": ("**",), "email": ("*",)}},
        {"conditions": {"a claim": ("x",)}},
        {"conditions": {"sub": ("",)}},
        {"groups_claim": "a claim"},
    ],
)
def test_terms_that_would_trust_too_much_or_nobody_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        Oidc(**{**OIDC, **terms})


def test_only_signatures_that_the_issuer_alone_can_make_are_known() -> None:
    assert not [name for name in ALGORITHMS if name.startswith("HS") or name.lower() == "none"]


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "arn:aws:iam::*:role/deploy",
        "arn:aws:iam::12345678901:role/deploy",
        "arn:aws:iam::123456789012:root",
        "arn:aws:sts::123456789012:assumed-role/deploy/session",
        "arn:aws:s3:::bucket",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:*",
    ],
)
def test_a_pattern_of_arns_names_account_and_kind_in_full(arn: str) -> None:
    with pytest.raises(InvalidInputError):
        Iam((arn,))


def test_a_session_counts_as_its_role() -> None:
    session = "arn:aws:sts::123456789012:assumed-role/deploy/ci-run-7"
    assert normal_arn(session) == ROLE
    assert normal_arn("arn:aws:iam::123456789012:user/ada") == "arn:aws:iam::123456789012:user/ada"
    assert admits(Iam(("arn:aws:iam::123456789012:role/dep*",)), normal_arn(session))


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::210987654321:role/deploy",
        "arn:aws:iam::123456789012:user/deploy",
        "arn:aws:iam::123456789012:root",
        "arn:aws:sts::123456789012:federated-user/deploy",
        "arn:aws:iam::123456789012:role/*",
        "",
    ],
)
def test_another_account_kind_or_the_root_is_not_admitted(arn: str) -> None:
    assert not admits(Iam(("arn:aws:iam::123456789012:role/*",)), normal_arn(arn))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["iss", "aud", "sub", "exp", "nbf", "iat", "email"]), JSON))
def test_claims_of_any_form_are_judged_without_an_error(claims: dict[str, Any]) -> None:
    assert judge(Oidc(**{**OIDC, "groups_claim": "email"}), "RS256", claims, NOW) is not None


@pytest.mark.parametrize(("sub", "reason"), [("é" * 127, None), ("é" * 128, "no_subject"), ("\ud800", "no_subject")])
def test_a_subject_has_as_many_bytes_as_a_key_can_hold(sub: str, reason: str | None) -> None:
    given: dict[str, Any] = {**OIDC, "conditions": {"aud": ("registry",)}}
    terms = Oidc(**given)
    claims = {"iss": terms.issuer, "aud": "registry", "exp": 2**40, "sub": sub}
    refusal = judge(terms, "RS256", claims, NOW)
    assert (None if refusal is None else refusal.reason) == reason


@pytest.mark.parametrize("terms", [Oidc(**OIDC), Oidc(**{**OIDC, "groups_claim": "groups"}), Iam((ROLE,))])
def test_a_trust_is_kept_as_it_is(terms: Oidc | Iam) -> None:
    trust = Trust("ci", terms, (Grant(Role.VIEWER, "*"), Grant("curator", "fraud*")), NOW, "token:ada", NOW, 3)
    assert read_back(trust) == trust


@pytest.mark.parametrize("name", ["", "CI", "a:b", "a/b", "1", "a" * 65])
def test_a_trust_has_a_plain_name(name: str) -> None:
    with pytest.raises(InvalidNameError):
        Trust(name, Iam((ROLE,)), (Grant(Role.VIEWER, "*"),), NOW, "token:ada", NOW, 1)


SECONDS = int(moment(NOW).timestamp())
CLAIMS: dict[str, Any] = {"iss": "https://ci.example", "aud": "registry", "exp": SECONDS + 60, "sub": "x"}


def refusal(claims: dict[str, Any], algorithm: str = "RS256", **terms: Any) -> str | None:
    refused = judge(Oidc(**{**OIDC, **terms}), algorithm, {**CLAIMS, **claims}, NOW)
    return None if refused is None else refused.reason


def test_claims_that_meet_the_terms_are_accepted() -> None:
    assert refusal({}) is None


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example"}, "wrong_issuer"),
        ({"aud": "other"}, "wrong_audience"),
        ({"aud": "other-registry"}, "wrong_audience"),
        ({"aud": []}, "wrong_audience"),
        ({"aud": ["other", "registry"]}, None),
        ({"exp": None}, "no_expiry"),
        ({"exp": True}, "no_expiry"),
        ({"exp": -1}, "no_expiry"),
        ({"exp": 2**53}, "no_expiry"),
        ({"exp": 2**53 - 1}, None),
        # A clock may be a minute off.
        ({"exp": SECONDS - 59}, None),
        ({"exp": SECONDS - 60}, "expired"),
        ({"nbf": SECONDS + 60}, None),
        ({"nbf": SECONDS + 61}, "not_yet_valid"),
        ({"iat": SECONDS + 60}, None),
        ({"iat": SECONDS + 61}, "not_yet_valid"),
        ({"nbf": "soon"}, "malformed"),
        ({"iat": None}, "malformed"),
        ({"sub": ""}, "no_subject"),
        ({"sub": 7}, "no_subject"),
        ({"sub": "a\nb"}, "no_subject"),
        ({"sub": "y"}, "condition_not_met"),
    ],
)
def test_claims_that_do_not_meet_the_terms_are_refused(claims: dict[str, Any], reason: str | None) -> None:
    assert refusal(claims) == reason


def test_a_signature_of_another_algorithm_is_refused() -> None:
    assert refusal({}, algorithm="ES256") == "algorithm_not_allowed"
    assert refusal({}, algorithm="ES256", algorithms=("RS256", "ES256")) is None


@pytest.mark.parametrize(
    ("patterns", "value", "met"),
    [
        (("refs/*",), "refs/heads/main", True),
        (("refs/*",), "main", False),
        (("a", "b"), "b", True),
        (("b",), ["a", "b"], True),
        (("b",), [], False),
        (("b",), None, False),
        (("true",), True, True),
        (("false",), False, True),
        (("1",), True, False),
        (("7",), 7, True),
        (("7.0",), 7.0, False),
    ],
)
def test_a_condition_holds_if_one_of_its_patterns_matches_a_value_of_the_claim(
    patterns: tuple[str, ...], value: Any, met: bool
) -> None:
    reason = refusal({"claim": value}, conditions={"sub": ("x",), "claim": patterns})
    assert reason == (None if met else "condition_not_met")


def test_a_caller_is_in_at_most_twenty_groups() -> None:
    named = [f"g{number}" for number in range(MAX_GROUPS)]
    assert refusal({"groups": named}, groups_claim="groups") is None
    assert refusal({"groups": [*named, "more"]}, groups_claim="groups") == "too_many_groups"
    assert refusal({"groups": [*named, "more"]}) is None


def test_the_groups_of_a_caller_bear_the_name_of_the_trust() -> None:
    terms = Oidc(**{**OIDC, "groups_claim": "groups"})
    trust = Trust("ci", terms, (Grant(Role.VIEWER, "*"),), NOW, "token:ada")
    assert groups_of(trust, {"groups": ["risk", "audit", 7, "bad\ngroup", "risk"]}) == ("ci/audit", "ci/risk")
    assert groups_of(trust, {"groups": "risk"}) == ("ci/risk",)
    assert groups_of(trust, {}) == ()
    for other in (Oidc(**OIDC), Iam((ROLE,))):
        assert groups_of(replace(trust, terms=other), {"groups": ["risk"]}) == ()


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        ({"issuer": "https://" + "x" * 505}, "/issuer"),
        ({"audience": "x" * 257}, "/audience"),
        ({"algorithms": ("none",)}, "/algorithms"),
        ({"conditions": {f"c{number}": ("x",) for number in range(21)}}, "/conditions"),
        ({"conditions": {"sub": ("x",) * 51}}, "/conditions/sub"),
        ({"conditions": {"sub": ("x" * 513,)}}, "/conditions/sub"),
        ({"conditions": {"sub": ("**",)}}, "/conditions"),
        ({"conditions": {"a claim": ("x",)}}, "/conditions/a claim"),
        ({"groups_claim": "a claim"}, "/groups_claim"),
    ],
)
def test_terms_out_of_bounds_are_refused_with_their_place(terms: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Oidc(**{**OIDC, **terms})
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_terms_at_their_bounds_are_taken() -> None:
    conditions = {f"c{number}": ("*",) for number in range(19)} | {"sub": ("x" * 512,) * 50}
    terms = {"issuer": "http://" + "x" * 505, "audience": "x" * 256, "conditions": conditions}
    assert Oidc(**{**OIDC, **terms}).conditions == conditions
    assert Iam((ROLE,) * 20).arns == (ROLE,) * 20
    for arns in ((), (ROLE,) * 21):
        with pytest.raises(InvalidInputError):
            Iam(arns)


def test_a_trust_has_one_to_twenty_grants_and_is_revised_when_it_changes() -> None:
    viewer = Grant(Role.VIEWER, "*")
    trust = Trust("ci", Iam((ROLE,)), (viewer,) * 20, NOW, "token:ada")
    for grants in ((), (viewer,) * 21):
        with pytest.raises(InvalidInputError):
            replace(trust, grants=grants)
    assert trust.stamped(trust, stamp(revision=7)) == trust
    saved = replace(trust, grants=(viewer,)).stamped(trust, stamp(revision=7))
    assert (saved.updated_at, saved.revision) == (NOW, 7)


def test_the_claims_that_go_along_are_those_with_a_condition_as_text() -> None:
    anything = dict.fromkeys(("workflow", "run", "groups", "deep", "absent"), ("*",))
    conditions = {"sub": ("repo:*",), **anything}
    trust = Trust("ci", Oidc(**{**OIDC, "conditions": conditions}), (Grant(Role.VIEWER, "*"),), NOW, "token:ada")
    claims = {"sub": "repo:x", "workflow": True, "run": 7, "groups": ["a", 1, {}], "deep": {"a": 1}, "email": "a@b"}
    assert carried_claims(trust, claims) == {
        "sub": ("repo:x",),
        "workflow": ("true",),
        "run": ("7",),
        "groups": ("a", "1"),
    }
    role = Trust("aws", Iam(("arn:aws:iam::123456789012:role/dep*",)), (Grant(Role.VIEWER, "*"),), NOW, "token:ada")
    assert carried_claims(role, claims) == {}
