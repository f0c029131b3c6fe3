"""People sign in to the web interface through gateway, function and authorizer: with a token, and at an OIDC issuer."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.offered import offered
from tests.e2e.stack import SLOW, Stack, eventually
from tests.registry.access.issuer import Issuer, issuing

PAGE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
SESSION = "__Host-moorage"


class Browser:
    """Keeps the cookies that the registry sets. httpx itself would not send them without TLS."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._cookies: dict[str, str] = {}

    def send(self, method: str, url: str, body: object = None, headers: dict[str, str] = PAGE) -> httpx.Response:
        """One request, to a path of the API or to a whole URL."""
        kept = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        address = url if url.startswith("http") else self._stack.url + url
        with httpx.Client(timeout=SLOW, trust_env=False) as http:
            answer = http.request(method, address, json=body, headers={**headers, "Cookie": kept})
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies.pop(name, None)
            if "Max-Age=0" not in cookie:
                self._cookies[name] = value
        return answer

    def whoami(self) -> Any:
        """Who the API takes the holder of a fresh access token for."""
        granted = self.send("POST", "/auth/session")
        assert granted.status_code == 200, granted.text
        return bearer(self._stack, granted.json()["access_token"]).json()["principal"]


def bearer(stack: Stack, token: str) -> httpx.Response:
    with stack.http(token) as http:
        return http.get("/v1/whoami")


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


def test_a_token_opens_a_session_that_an_administrator_ends(stack: Stack) -> None:
    browser = Browser(stack)
    refused = browser.send("POST", "/auth/token", {"token": stack.token}, {"Sec-Fetch-Site": "cross-site"})
    assert refused.json()["code"] == "cross_site_request"
    signed_in = browser.send("POST", "/auth/token", {"token": stack.token})
    assert signed_in.status_code == 201, signed_in.text
    assert "access-control-allow-origin" not in signed_in.headers
    assert browser.whoami() == signed_in.json()["whoami"]["principal"]
    token = browser.send("POST", "/auth/session").json()["access_token"]
    (mine,) = [one for one in browser.send("GET", "/auth/sessions").json()["items"] if one["current"]]
    with stack.http() as http:
        assert http.delete(f"/v1/sessions/{mine['id']}").status_code == 204
    assert browser.send("POST", "/auth/session").json()["code"] == "session_ended"
    eventually(lambda: bearer(stack, token).status_code == 401, "the end of the access token")


def test_a_person_signs_in_at_an_issuer_and_signs_out(stack: Stack, issuer: Issuer) -> None:
    with offered(stack, issuer) as trust:
        browser = Browser(stack)
        there = browser.send("GET", f"/auth/oidc/{trust}/start?return_to=/ui/models", headers={})
        assert there.status_code == 302 and there.headers["location"].startswith(f"{issuer.url}/authorize?")
        back = browser.send("GET", there.headers["location"], headers={}).headers["location"]
        assert back.startswith(f"{stack.url}/auth/oidc/{trust}/callback?")
        home = browser.send("GET", back, headers={})
        assert home.status_code == 302, home.text
        assert home.headers["location"] == f"{urlsplit(stack.url).path}/ui/models"
        assert browser.whoami() == f"oidc:{trust}:ada"
        again = Browser(stack).send("GET", back, headers={})
        assert again.headers["location"] == f"{urlsplit(stack.url).path}/ui/sign-in?error=sign_in_expired"
        assert browser.send("DELETE", "/auth/session").status_code == 204
        assert browser.send("POST", "/auth/session").json()["code"] == "session_ended"
