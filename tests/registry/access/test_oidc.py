"""JWTs of trusted issuers: what is accepted, and everything that is not."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.aws import names
from chalicelib.aws.services import MEMORY_SECONDS, Services, reset_services, services
from chalicelib.domain.access.principal import Action, Grant, Role
from chalicelib.domain.access.trust import LEEWAY_SECONDS, Oidc
from chalicelib.domain.errors import CredentialsRefusedError, InvalidInputError
from chalicelib.domain.instants import Instant
from chalicelib.registry.access import grants, trusts
from chalicelib.registry.access.authentication import authenticate
from chalicelib.registry.access.issuer_keys import ASK_AGAIN_SECONDS, FRESH_SECONDS, STALE_SECONDS
from chalicelib.registry.access.oidc import MAX_JWT
from tests.registry.access.issuer import AUDIENCE, EC_KEY, OTHER_RSA_KEY, RSA_KEY, SUB, Issuer, issuing, unsigned
from tests.registry.build import request

Later = Callable[[float], None]


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture
def trusting(registry: Services, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Services:
    """A registry that may reach loopback and trusts the issuer for one repository."""
    monkeypatch.setenv(names.OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
    reset_services()
    trust(services(), issuer)
    return services()


@pytest.fixture
def later(trusting: Services, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets time pass for what the process remembers."""
    passed = 0.0

    def pass_by(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(trusting, "monotonic", lambda: 1_000.0 + passed)
    trusting._memory.clear()
    return pass_by


def trust(registry: Services, issuer: Issuer, name: str = "ci", **terms: Any) -> None:
    given = {
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "algorithms": ("RS256", "ES256"),
        "conditions": {"sub": ("repo:acme/fraud:*",)},
        **terms,
    }
    trusts.set_trust(registry, request(), name, Oidc(**given), [Grant(Role.CONTRIBUTOR, "fraud*")])


def accepted(registry: Services, token: str) -> str:
    return authenticate(registry, f"Bearer {token}").name


def refused(registry: Services, token: str) -> str:
    """The reason that the log gives."""
    with pytest.raises(CredentialsRefusedError) as caught:
        authenticate(registry, f"Bearer {token}")
    assert token not in str(caught.value) and token not in str(caught.value.about)
    return caught.value.reason


@pytest.mark.parametrize(("key_id", "algorithm"), [("first", "RS256"), ("curve", "ES256")])
def test_a_trusted_token_brings_the_grants_of_its_trust(
    trusting: Services, issuer: Issuer, key_id: str, algorithm: str
) -> None:
    principal = authenticate(trusting, f"Bearer {issuer.token(key_id, algorithm)}")
    assert principal.name == f"oidc:ci:{SUB}"
    assert principal.may(Action.REGISTER, "fraud-eu") and not principal.may(Action.READ, "credit")


def test_grants_recorded_for_the_principal_and_its_groups_count_too(trusting: Services, issuer: Issuer) -> None:
    trust(trusting, issuer, "people", conditions={"email": ("*@acme.example",)}, groups_claim="groups")
    grants.set_grants(trusting, request(), "group:people/risk", [Grant(Role.REVIEWER, "credit")])
    grants.set_grants(trusting, request(), "group:risk", [Grant(Role.ADMIN, "*")])
    grants.set_grants(trusting, request(), "oidc:people:ada", [Grant(Role.AUDITOR, "*")])
    principal = authenticate(
        trusting, f"Bearer {issuer.token(sub='ada', email='ada@acme.example', groups=['risk', 'x y', '?'])}"
    )
    assert principal.groups == ("people/risk", "people/x y")
    assert principal.may(Action.APPROVE, "credit") and principal.may(Action.AUDIT, "any")
    # An issuer cannot make anybody a member of the registry's own groups.
    assert not principal.may_registry(Action.ADMINISTER)


def test_a_token_without_signature_is_refused(trusting: Services, issuer: Issuer) -> None:
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": SUB, "exp": int(time.time()) + 300}
    for algorithm in ("none", "None", "NONE", "", None):
        assert refused(trusting, unsigned({"alg": algorithm, "kid": "first"}, claims)) == "algorithm_not_allowed"


def test_the_public_key_does_not_count_as_a_shared_secret(trusting: Services, issuer: Issuer) -> None:
    pem = RSA_KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": SUB, "exp": int(time.time()) + 300}
    for algorithm in ("HS256", "RS256"):
        text = unsigned({"alg": algorithm, "kid": "first"}, claims)[:-1]
        mac = base64.urlsafe_b64encode(hmac.new(pem, text.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
        expected = {"HS256": "algorithm_not_allowed", "RS256": "bad_signature"}[algorithm]
        assert refused(trusting, f"{text}.{mac}") == expected


def test_a_token_signed_by_another_key_or_changed_is_refused(trusting: Services, issuer: Issuer) -> None:
    assert refused(trusting, issuer.token(key=OTHER_RSA_KEY)) == "bad_signature"
    header, _, signature = issuer.token().split(".")
    _, other, _ = issuer.token(sub="repo:acme/fraud:ref:refs/heads/evil").split(".")
    assert refused(trusting, f"{header}.{other}.{signature}") == "bad_signature"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "https://elsewhere.example"}, "wrong_audience"),
        ({"aud": None}, "wrong_audience"),
        ({"aud": []}, "wrong_audience"),
        ({"iss": "https://elsewhere.example"}, "unknown_issuer"),
        ({"iss": None}, "unknown_issuer"),
        ({"exp": None}, "no_expiry"),
        ({"exp": "soon"}, "no_expiry"),
        ({"exp": 10**400}, "no_expiry"),
        ({"nbf": "soon"}, "malformed"),
        ({"sub": None}, "no_subject"),
        ({"sub": "a" * 256}, "no_subject"),
        ({"sub": "repo:acme/other:ref:refs/heads/main"}, "condition_not_met"),
        ({"sub": "repo:acme/fraudulent"}, "condition_not_met"),
    ],
)
def test_a_token_that_does_not_meet_the_terms_is_refused(
    trusting: Services, issuer: Issuer, claims: dict[str, Any], reason: str
) -> None:
    assert refused(trusting, issuer.token(**claims)) == reason


def test_an_audience_may_be_one_of_several(trusting: Services, issuer: Issuer) -> None:
    assert accepted(trusting, issuer.token(aud=["other", AUDIENCE]))


@pytest.mark.parametrize(("claim", "reason"), [("exp", "expired"), ("nbf", "not_yet_valid"), ("iat", "not_yet_valid")])
def test_clocks_may_differ_by_a_minute_and_no_more(
    trusting: Services, issuer: Issuer, monkeypatch: pytest.MonkeyPatch, claim: str, reason: str
) -> None:
    monkeypatch.setattr(trusting, "clock", lambda: Instant("2026-11-23T09:30:00.000Z"))
    now = 1_795_426_200
    into_the_past = -1 if claim == "exp" else 1
    times = {"iat": now, "exp": now + 300}
    inside = times | {claim: now + into_the_past * (LEEWAY_SECONDS - 1)}
    outside = times | {claim: now + into_the_past * (LEEWAY_SECONDS + 1)}
    assert accepted(trusting, issuer.token(**inside))
    assert refused(trusting, issuer.token(**outside)) == reason


def test_critical_extensions_are_refused(trusting: Services, issuer: Issuer) -> None:
    claims = {"iss": issuer.url}
    assert refused(trusting, unsigned({"alg": "RS256", "kid": "first", "crit": ["b64"]}, claims)) == "critical_header"


@pytest.mark.parametrize("token", ["eyJ", "eyJ.eyJ.x", "eyJ.e.e.e", "eyJ\u00e9.eyJ.x", "eyJbXQ.eyJ9.x"])
def test_a_malformed_token_is_refused(trusting: Services, token: str) -> None:
    assert refused(trusting, token) == "malformed"


def test_an_oversized_token_is_refused_unread(trusting: Services, issuer: Issuer) -> None:
    assert refused(trusting, issuer.token(padding="x" * MAX_JWT)) == "oversized"
    assert issuer.asked == 0


def test_a_key_serves_only_the_algorithm_that_it_is_for(trusting: Services, issuer: Issuer) -> None:
    issuer.keys["curve"] = RSA_KEY
    assert refused(trusting, issuer.token("curve", "ES256", key=EC_KEY)) == "key_mismatch"


def test_an_algorithm_that_is_not_pinned_is_refused_though_the_key_is_good(
    trusting: Services, issuer: Issuer, later: Later
) -> None:
    trust(trusting, issuer, algorithms=("ES256",))
    assert refused(trusting, issuer.token()) == "algorithm_not_allowed"
    assert refused(trusting, issuer.token(algorithm="RS512")) == "algorithm_not_allowed"


def test_a_short_key_is_refused(trusting: Services, issuer: Issuer) -> None:
    issuer.keys["short"] = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.warns(Warning, match="key"):
        token = issuer.token("short")
    assert refused(trusting, token) in ("weak_key", "bad_signature")


def test_an_issuer_that_nobody_trusts_is_never_called(trusting: Services) -> None:
    with issuing() as stranger:
        assert refused(trusting, stranger.token()) == "unknown_issuer"
        assert stranger.asked == 0


def test_keys_are_fetched_once_for_many_tokens(trusting: Services, issuer: Issuer, later: Later) -> None:
    for _ in range(3):
        accepted(trusting, issuer.token())
    assert issuer.asked == 1
    later(FRESH_SECONDS + 1)
    accepted(trusting, issuer.token())
    assert issuer.asked == 2


def test_a_rotated_key_is_found(trusting: Services, issuer: Issuer, later: Later) -> None:
    accepted(trusting, issuer.token())
    issuer.keys = {"second": OTHER_RSA_KEY}
    later(ASK_AGAIN_SECONDS)
    assert accepted(trusting, issuer.token("second"))
    assert refused(trusting, issuer.token("first", key=RSA_KEY)) == "unknown_key"


def test_forged_key_ids_do_not_hammer_the_issuer(trusting: Services, issuer: Issuer, later: Later) -> None:
    accepted(trusting, issuer.token())
    later(ASK_AGAIN_SECONDS)
    for number in range(10):
        assert refused(trusting, issuer.token(f"forged-{number}", key=RSA_KEY)) == "unknown_key"
    assert issuer.asked == 2


def test_the_last_keys_serve_an_hour_while_the_issuer_is_down_and_no_longer(
    trusting: Services, issuer: Issuer, later: Later
) -> None:
    token = issuer.token()
    accepted(trusting, token)
    issuer.down = True
    later(FRESH_SECONDS + STALE_SECONDS)
    assert accepted(trusting, token)
    later(1)
    assert refused(trusting, token) == "issuer_unavailable"
    issuer.down = False
    later(ASK_AGAIN_SECONDS)
    assert accepted(trusting, token)


@pytest.mark.parametrize(
    ("path", "document"),
    [
        (
            "/.well-known/openid-configuration",
            {"issuer": "https://other.example", "jwks_uri": "https://other.example/j"},
        ),
        ("/.well-known/openid-configuration", {"jwks_uri": 7}),
        ("/.well-known/openid-configuration", []),
        ("/.well-known/openid-configuration", {"jwks_uri": "https://127.0.0.1:99999/jwks"}),
        ("/.well-known/openid-configuration", {"jwks_uri": "https://127.0.0.1/\u00e9"}),
        ("/.well-known/openid-configuration", {"jwks_uri": "https://[x"}),
        ("/jwks", {"keys": "none"}),
        ("/jwks", {"keys": [{}] * 101}),
        ("/jwks", {"keys": [], "padding": "x" * 200_000}),
    ],
)
def test_an_issuer_that_answers_nonsense_counts_as_down(
    trusting: Services, issuer: Issuer, path: str, document: Any
) -> None:
    own = {"issuer": issuer.url} if "jwks_uri" in document else {}
    issuer.documents[path] = {**own, **document} if own else document
    assert refused(trusting, issuer.token()) == "issuer_unavailable"


def test_keys_on_another_host_must_come_over_https(trusting: Services, issuer: Issuer) -> None:
    with issuing() as other:
        issuer.documents["/.well-known/openid-configuration"] = {"issuer": issuer.url, "jwks_uri": f"{other.url}/jwks"}
        assert refused(trusting, issuer.token()) == "issuer_unavailable"
        assert other.asked == 0


def test_an_issuer_inside_is_not_trusted_unless_the_operator_allows_its_network(
    registry: Services, issuer: Issuer
) -> None:
    with pytest.raises(InvalidInputError, match="https"):
        trust(registry, issuer)


def test_distrust_takes_effect_when_the_process_has_forgotten(trusting: Services, issuer: Issuer, later: Later) -> None:
    token = issuer.token()
    accepted(trusting, token)
    trusts.delete_trust(trusting, request(), "ci")
    later(MEMORY_SECONDS + 1)
    assert refused(trusting, token) == "unknown_issuer"
