"""ID tokens on the terms of a trust, and the claims that a session keeps."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.sign_in import SignIn
from chalicelib.domain.access.trust import Iam, Oidc, Trust
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import Instant, epoch_seconds
from chalicelib.domain.sessions.id_token import judge_id_token, judge_kept, kept_claims, sign_in_terms

NOW = Instant("2026-11-28T09:00:00.000Z")
TERMS = Oidc(
    "https://issuer.example", "api://moorage", ("RS256",), {"sub": ("a*",)}, "groups", SignIn("Okta", "moorage-ui")
)
TRUST = Trust("okta", TERMS, (Grant(Role.VIEWER, "*"),), NOW, "token:ada")
CLAIMS = {
    "iss": TERMS.issuer,
    "aud": "moorage-ui",
    "sub": "ada",
    "nonce": "n",
    "exp": epoch_seconds(NOW) + 60,
    "email": "ada@acme.example",
    "groups": ["risk"],
}


def reason(**claims: Any) -> str | None:
    terms = sign_in_terms(TRUST)
    assert terms is not None
    given = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    refusal = judge_id_token(terms, "RS256", given, "n", NOW)
    return None if refusal is None else refusal.reason


def test_an_id_token_for_the_registry_as_a_client_is_accepted() -> None:
    assert reason() is None
    assert reason(azp="moorage-ui") is None
    assert reason(aud=["moorage-ui", "other"], azp="moorage-ui") is None


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"nonce": "m"}, "wrong_nonce"),
        ({"nonce": None}, "wrong_nonce"),
        ({"aud": "api://moorage"}, "wrong_audience"),
        ({"aud": ["moorage-ui", "other"]}, "no_authorized_party"),
        ({"aud": ["moorage-ui", "other"], "azp": "other"}, "wrong_authorized_party"),
        ({"azp": "other"}, "wrong_authorized_party"),
        ({"exp": 1}, "expired"),
        ({"sub": "bob"}, "condition_not_met"),
        ({"iss": "https://other.example"}, "wrong_issuer"),
    ],
)
def test_any_other_id_token_is_refused(claims: dict[str, Any], expected: str) -> None:
    assert reason(**claims) == expected


def test_nobody_signs_in_by_a_trust_without_that_part() -> None:
    assert sign_in_terms(replace(TRUST, terms=replace(TERMS, sign_in=None))) is None
    assert sign_in_terms(replace(TRUST, terms=Iam(("arn:aws:iam::123456789012:role/x",)))) is None


def test_a_session_keeps_what_the_terms_look_at_and_nothing_else() -> None:
    assert kept_claims(TERMS, CLAIMS) == {name: CLAIMS[name] for name in ("aud", "groups", "iss", "sub")}


def test_kept_claims_are_held_against_the_terms_as_they_are() -> None:
    kept = kept_claims(TERMS, CLAIMS)
    terms = replace(TERMS, audience="moorage-ui")
    assert judge_kept(terms, "RS256", kept) is None, "whatever the time"
    for changed in (
        replace(terms, conditions={"sub": ("b*",)}),
        replace(terms, conditions={"email": ("*",), "sub": ("a*",)}),
        replace(terms, algorithms=("ES256",)),
        replace(terms, issuer="https://other.example"),
        replace(terms, audience="another-client"),
    ):
        assert judge_kept(changed, "RS256", kept) is not None


@pytest.mark.parametrize(("label", "client"), [("", "c"), ("l", " "), ("l" * 65, "c"), ("l", "c" * 257), ("l\n", "c")])
def test_the_button_and_the_client_have_printable_names(label: str, client: str) -> None:
    with pytest.raises(InvalidInputError):
        SignIn(label, client)
