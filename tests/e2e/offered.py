"""A trust by which people sign in to the web interface, at an issuer of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.e2e.stack import SLOW, Stack, eventually
from tests.registry.access.issuer import AUDIENCE, Issuer


@contextmanager
def offered(stack: Stack, issuer: Issuer) -> Iterator[str]:
    """The name of a trust by which people sign in, once the API offers it; withdrawn afterwards."""
    name = stack.fresh_name("people")
    terms = {
        "kind": "oidc",
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "conditions": {"sub": ["ada"]},
        "grants": [{"role": "viewer", "models": "*"}],
        "sign_in": {"label": f"Sign in with {name}", "client_id": "moorage-ui", "client_secret": "hush"},
    }
    issuer.clients["moorage-ui"] = "hush"
    with stack.http() as http:
        made = http.put(f"/v1/trust/{name}", json=terms)
        assert made.status_code == 200, made.text

        def known() -> bool:
            listed = httpx.get(f"{stack.url}/auth/methods", timeout=SLOW, trust_env=False).json()
            return {"trust": name, "label": f"Sign in with {name}"} in listed["oidc"]

        try:
            eventually(known, "the trust's being offered")
            yield name
        finally:
            assert http.delete(f"/v1/trust/{name}").status_code == 204
