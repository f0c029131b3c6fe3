"""The terms of trust: what can be stored, and which ARN they admit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.trust import ALGORITHMS, Iam, Oidc, Trust, admits, judge, normal_arn
from chalicelib.domain.errors import InvalidInputError, InvalidNameError
from tests.domain.build import NOW
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
