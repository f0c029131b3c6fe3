"""A pipeline comes with its issuer's JWT and needs no stored secret, through gateway and authorizer."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.e2e.stack import Stack, eventually
from tests.registry.access.issuer import AUDIENCE, OTHER_RSA_KEY, RSA_KEY, SUB, Issuer, issuing


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@contextmanager
def trusted(stack: Stack, issuer: Issuer, model: str) -> Iterator[str]:
    """The name of a trust in the issuer for a contributor to ``model``, withdrawn afterwards."""
    name = stack.fresh_name("ci")
    terms = {
        "kind": "oidc",
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "algorithms": ["RS256", "ES256"],
        "conditions": {"sub": ["repo:acme/fraud:*"]},
        "grants": [{"role": "contributor", "models": model}],
    }
    with stack.http() as http:
        made = http.put(f"/v1/trust/{name}", json=terms)
        assert made.status_code == 200, made.text
        yield name
        assert http.delete(f"/v1/trust/{name}").status_code == 204


def whoami(stack: Stack, token: str) -> httpx.Response:
    with stack.http(token) as http:
        return http.get("/v1/whoami")


def known(stack: Stack, token: str) -> httpx.Response:
    """The answer once the authorizer has heard of the trust, which a running process does within 20 seconds."""

    def accepted() -> httpx.Response | None:
        answer = whoami(stack, token)
        return answer if answer.status_code == 200 else None

    return eventually(accepted, "the trust's being known")


def test_a_token_of_a_trusted_issuer_registers_and_a_forged_one_does_not(stack: Stack, issuer: Issuer) -> None:
    model = stack.fresh_name("oidc")
    with trusted(stack, issuer, model) as name:
        for key_id, algorithm in (("first", "RS256"), ("curve", "ES256")):
            answer = known(stack, issuer.token(key_id, algorithm))
            assert answer.json()["principal"] == f"oidc:{name}:{SUB}"
        token = issuer.token()
        known(stack, token)
        with stack.http(token) as http:
            assert http.post("/v1/models", json={"name": model}).status_code == 201
            assert http.post("/v1/models", json={"name": f"{model}-other"}).status_code == 403
        with stack.http() as http:
            (event,) = http.get(f"/v1/models/{model}/events").json()["items"]
            assert event["actor"] == f"oidc:{name}:{SUB}"
        for forged in (
            issuer.token(key=OTHER_RSA_KEY),
            issuer.token(aud="https://elsewhere.example"),
            issuer.token(sub="repo:evil/fraud:ref:refs/heads/main"),
            issuer.token(exp=1),
            issuer.token()[:-20],
        ):
            assert whoami(stack, forged).status_code == 401


def test_the_issuer_may_change_its_keys(stack: Stack, issuer: Issuer) -> None:
    issuer.keys = {"second": OTHER_RSA_KEY}
    with trusted(stack, issuer, "*"):
        assert known(stack, issuer.token("second")).status_code == 200
        assert whoami(stack, issuer.token("first", key=RSA_KEY)).status_code == 401
