"""What an access token costs the authorizer."""

import pytest

from chalicelib.aws import names
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.sign_in import SignIn
from chalicelib.domain.access.token import hash_secret, parse_token
from chalicelib.domain.access.trust import Oidc
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.sessions.session import Credential, TokenCredential, TrustCredential
from chalicelib.registry.access import tokens, trusts
from chalicelib.registry.access.authentication import principal_of
from chalicelib.registry.sessions.authentication import authenticate
from chalicelib.registry.sessions.sessions import granted, open_session
from tests.conftest import ADMIN_TOKEN
from tests.registry.build import request
from tests.registry.faults import Calls

ISSUER = "https://93.184.216.34"


def opened(registry: Services, principal_text: str, credential: Credential) -> str:
    principal = principal_of(registry, principal_text)
    session = open_session(registry, principal, credential).session
    return f"Bearer {granted(registry, session, principal).access_token}"


def test_a_session_of_a_token_costs_one_read_more_than_the_token(registry: Services) -> None:
    plain = tokens.create_token(registry, request(), "ci", [Grant(Role.VIEWER, "fraud")], 7).result.plain
    assert plain is not None
    token_id, secret = parse_token(plain)
    bearer = opened(registry, plain, TokenCredential(token_id, hash_secret(secret)))
    calls = Calls(registry.client("dynamodb"))
    assert authenticate(registry, bearer).name == "token:ci"
    assert calls.operations == ["GetItem", "GetItem", "BatchGetItem"]


def test_a_session_of_a_trust_reads_the_trusts_only_when_they_are_forgotten(registry: Services) -> None:
    terms = Oidc(ISSUER, "a", ("RS256",), {"sub": ("ada",)}, sign_in=SignIn("Okta", "ui"))
    trusts.set_trust(registry, request(), "okta", terms, [Grant(Role.VIEWER, "*")])
    claims = {"iss": ISSUER, "aud": "ui", "sub": "ada"}
    bearer = opened(registry, ADMIN_TOKEN, TrustCredential("okta", "RS256", claims))
    calls = Calls(registry.client("dynamodb"))
    for _ in range(2):
        assert authenticate(registry, bearer).name == "oidc:okta:ada"
    assert calls.operations == ["GetItem", "Query", "BatchGetItem", "GetItem", "BatchGetItem"]


def test_a_forged_access_token_costs_no_read(registry: Services) -> None:
    calls = Calls(registry.client("dynamodb"))
    for forged in ("moos_", f"moos_{'0' * 48}_1796000000-{'0' * 64}"):
        with pytest.raises(CredentialsRefusedError):
            authenticate(registry, f"Bearer {forged}")
    assert calls.operations == []


def test_a_changed_signing_secret_ends_every_session(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = parse_token(ADMIN_TOKEN)
    bearer = opened(registry, ADMIN_TOKEN, TokenCredential("bootstrap", hash_secret(secret)))
    registry.client("secretsmanager").put_secret_value(
        SecretId=registry.settings.signing_secret, SecretString="another" * 8
    )
    monkeypatch.setenv(names.OUTBOUND_ALLOW_VARIABLE, "")
    reset_services()
    with pytest.raises(CredentialsRefusedError) as refused:
        authenticate(services(), bearer)
    assert refused.value.reason == "bad_signature"
