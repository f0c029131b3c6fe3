"""Signing in at an OIDC issuer: there and back, and everything that must not open a session."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.aws import keys, names
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.instants import later
from tests.api.callers import VIEWER, forget, ok
from tests.api.gateway import Caller, Reply
from tests.api.sessions.browser import HOST, Browser
from tests.conftest import ADMIN_TOKEN
from tests.registry.access.issuer import AUDIENCE, OTHER_RSA_KEY, Issuer, issuing

START, CALLBACK = "/auth/oidc/okta/start", "/auth/oidc/okta/callback"
SESSION, STATE = "__Host-moorage", "__Host-moorage-sign-in"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture
def reaching(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """A registry that may reach loopback."""
    monkeypatch.setenv(names.OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
    reset_services()
    return services()


@pytest.fixture
def browser(reaching: Services, issuer: Issuer) -> Browser:
    trusted(issuer)
    return Browser()


def trusted(issuer: Issuer, sign_in: object = {"label": "Okta", "client_id": "moorage-ui"}, **more: Any) -> Any:
    terms = {
        "kind": "oidc",
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "conditions": {"sub": ["a*"]},
        "grants": VIEWER,
        "sign_in": sign_in,
        **more,
    }
    return ok(Caller(ADMIN_TOKEN).put("/v1/trust/okta", terms))


def started(browser: Browser, return_to: str | None = None) -> dict[str, str]:
    """What the browser asks the issuer."""
    reply = browser.send("GET", START, query={} if return_to is None else {"return_to": return_to})
    assert reply.status == 302, reply.text
    return dict(parse_qsl(urlsplit(reply.headers["Location"]).query))


def came_back(browser: Browser, url: str) -> Reply:
    return browser.send("GET", CALLBACK, query=dict(parse_qsl(urlsplit(url).query)))


def signed_in(browser: Browser, issuer: Issuer, return_to: str | None = None) -> Reply:
    return came_back(browser, issuer.authorize(started(browser, return_to)))


def failed(reply: Reply, browser: Browser) -> str:
    """The code that the interface is shown, of a sign-in that opened no session."""
    assert reply.status == 302 and SESSION not in browser.cookies
    where, _, query = reply.headers["Location"].partition("?")
    assert where == "/api/ui/sign-in"
    return dict(parse_qsl(query))["error"]


def reasons(printed: str) -> list[str]:
    lines = map(json.loads, printed.splitlines())
    return [line["reason"] for line in lines if line["log"] == "authentication_failed"]


def test_an_issuer_is_offered_once_its_trust_lets_people_sign_in(browser: Browser, issuer: Issuer) -> None:
    assert ok(browser.send("GET", "/auth/methods")) == {"token": True, "oidc": [{"trust": "okta", "label": "Okta"}]}


def test_a_person_signs_in_at_the_issuer_and_comes_back_to_where_they_were(browser: Browser, issuer: Issuer) -> None:
    reply = signed_in(browser, issuer, "/ui/models?q=fraud")
    assert reply.headers["Location"] == "/api/ui/models?q=fraud"
    assert reply.headers["Cache-Control"] == "no-store"
    assert browser.access().get("/v1/whoami").document["principal"] == "oidc:okta:ada"
    assert not browser.set, "only signing in sets the cookie"


def test_the_issuer_is_asked_with_state_nonce_and_a_challenge(browser: Browser, issuer: Issuer) -> None:
    asked = started(browser)
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["client_id"] == "moorage-ui" and asked["scope"] == "openid email"
    assert asked["redirect_uri"] == f"https://{HOST}/api{CALLBACK}"
    (cookie,) = browser.set
    assert cookie.endswith("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax")
    for secret in (asked["state"], asked["nonce"]):
        assert len(secret) >= 43 and secret not in cookie
    again = started(browser)
    assert all(again[name] != asked[name] for name in ("state", "nonce", "code_challenge"))


def test_the_cookie_of_the_session_is_strict_and_that_of_the_sign_in_is_gone(browser: Browser, issuer: Issuer) -> None:
    reply = signed_in(browser, issuer)
    session, state = reply.cookies
    assert session.startswith(f"{SESSION}=") and session.endswith("Secure; HttpOnly; SameSite=Strict")
    assert state.startswith(f"{STATE}=;") and "Max-Age=0" in state


def test_a_callback_counts_once(browser: Browser, issuer: Issuer) -> None:
    back = issuer.authorize(started(browser))
    came_back(browser, back)
    browser.cookies.pop(SESSION)
    assert failed(came_back(browser, back), browser) == "sign_in_expired"


def test_a_code_counts_once_even_with_the_cookie_kept(browser: Browser, issuer: Issuer) -> None:
    back = issuer.authorize(started(browser))
    kept = dict(browser.cookies)
    came_back(browser, back)
    browser.cookies = kept
    assert failed(came_back(browser, back), browser) == "sign_in_refused"


def test_nobody_can_finish_their_own_sign_in_in_the_browser_of_somebody_else(browser: Browser, issuer: Issuer) -> None:
    mallory = Browser()
    back = issuer.authorize(started(mallory))
    assert failed(came_back(browser, back), browser) == "sign_in_expired", "a browser that began none"
    started(browser)
    assert failed(came_back(browser, back), browser) == "sign_in_expired", "a browser that began another"


def test_a_stolen_code_is_worth_nothing_without_the_verifier(browser: Browser, issuer: Issuer) -> None:
    stolen = dict(parse_qsl(urlsplit(issuer.authorize(started(browser))).query))["code"]
    thief = Browser()
    asked = started(thief)
    reply = thief.send("GET", CALLBACK, query={"code": stolen, "state": asked["state"]})
    assert failed(reply, thief) == "sign_in_refused"


def test_a_sign_in_must_end_within_ten_minutes(
    browser: Browser, issuer: Issuer, reaching: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = issuer.authorize(started(browser))
    now = later(reaching.clock(), timedelta(minutes=10, seconds=1))
    monkeypatch.setattr(reaching, "clock", lambda: now)
    assert failed(came_back(browser, back), browser) == "sign_in_expired"


@pytest.mark.parametrize("kept", ["", "x", "AAAA", "A" * 400])
def test_what_a_browser_kept_cannot_be_made_up(browser: Browser, issuer: Issuer, kept: str) -> None:
    back = issuer.authorize(started(browser))
    browser.cookies[STATE] = kept
    assert failed(came_back(browser, back), browser) == "sign_in_expired"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "other"}, "wrong_nonce"),
        ({"nonce": None}, "wrong_nonce"),
        ({"aud": AUDIENCE}, "wrong_audience"),
        ({"aud": ["moorage-ui", "other"]}, "no_authorized_party"),
        ({"azp": "other"}, "wrong_authorized_party"),
        ({"iss": "https://other.example"}, "wrong_issuer"),
        ({"sub": "mallory"}, "condition_not_met"),
        ({"sub": None}, "no_subject"),
        ({"exp": 1}, "expired"),
    ],
)
def test_an_id_token_must_be_for_this_sign_in_at_this_registry(
    browser: Browser, issuer: Issuer, claims: dict[str, Any], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    issuer.person |= claims
    assert failed(signed_in(browser, issuer), browser) == "sign_in_refused"
    assert reasons(capsys.readouterr().out) == [reason]


def test_an_id_token_of_another_key_opens_no_session(browser: Browser, issuer: Issuer) -> None:
    back = issuer.authorize(started(browser))
    issuer.person = {"sub": "ada"}
    issuer.token = lambda **claims: Issuer.token(issuer, key=OTHER_RSA_KEY, **claims)  # type: ignore[method-assign]  # a forger
    assert failed(came_back(browser, back), browser) == "sign_in_refused"


@pytest.mark.parametrize(
    "query", [{"error": "access_denied"}, {"error": "x", "code": "y"}, {}, {"iss": "https://other.example"}]
)
def test_an_issuer_that_refuses_opens_no_session(browser: Browser, issuer: Issuer, query: dict[str, str]) -> None:
    asked = started(browser)
    reply = browser.send("GET", CALLBACK, query={"state": asked["state"], **query})
    assert failed(reply, browser) == "sign_in_refused"


def test_parameters_that_an_issuer_adds_are_ignored(browser: Browser, issuer: Issuer) -> None:
    back = issuer.authorize(started(browser)) + "&session_state=1&scope=openid"
    assert came_back(browser, back).headers["Location"] == "/api/ui/"


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example/ui/",
        "/\\evil.example",
        "/ui/\\evil.example",
        "/ui//evil.example",
        "/ui/../v1/tokens",
        "/ui/%2e%2e/auth",
        "/ui/%252e%252e/auth",
        "/v1/tokens",
        "/uix",
        "ui/",
        "javascript:alert(1)",
        "/ui/\r\nSet-Cookie: a=b",
        "/ui/ä",
        "/ui/" + "a" * 1_100,
    ],
)
def test_nobody_is_sent_anywhere_but_to_the_interface(browser: Browser, goal: str) -> None:
    assert failed(browser.send("GET", START, query={"return_to": goal}), browser) == "invalid_input"


def test_an_unknown_trust_and_one_without_sign_in_lead_back(browser: Browser, issuer: Issuer) -> None:
    assert failed(browser.send("GET", "/auth/oidc/none/start"), browser) == "trust_not_found"
    with pytest.MonkeyPatch.context() as patch:
        trusted(issuer, sign_in=None)
        forget(patch)
        assert failed(browser.send("GET", START), browser) == "trust_not_found"
        assert ok(browser.send("GET", "/auth/methods"))["oidc"] == []


def test_an_issuer_that_is_down_or_wrong_leads_back(browser: Browser, issuer: Issuer) -> None:
    back = issuer.authorize(started(browser))
    issuer.down = True
    assert failed(came_back(browser, back), browser) == "issuer_unavailable"
    issuer.down = False
    with pytest.MonkeyPatch.context() as patch:
        forget(patch)
        services()._memory.clear()
        issuer.documents["/.well-known/openid-configuration"] = {
            "issuer": issuer.url,
            "authorization_endpoint": "http://evil.example/authorize",
        }
        assert failed(browser.send("GET", START), browser) == "issuer_unavailable"


def test_an_issuer_that_does_not_answer_is_not_asked_by_everybody_who_begins(
    browser: Browser, issuer: Issuer, reaching: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.down = True
    assert failed(browser.send("GET", START), browser) == "issuer_unavailable"
    issuer.down = False
    assert failed(browser.send("GET", START), browser) == "issuer_unavailable"
    soon = reaching.monotonic() + 31
    monkeypatch.setattr(reaching, "monotonic", lambda: soon)
    assert started(browser)["client_id"] == "moorage-ui"


def test_an_issuer_is_asked_within_the_outbound_policy(
    registry: Services, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was reachable when the trust was set may not be any more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(names.OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
        reset_services()
        trusted(issuer)
    reset_services()
    browser = Browser()
    assert failed(browser.send("GET", START), browser) == "issuer_unavailable"


@pytest.mark.parametrize("methods", [None, ["client_secret_basic"], ["client_secret_post"]])
def test_a_client_with_a_secret_proves_itself_in_the_way_that_the_issuer_takes(
    reaching: Services, issuer: Issuer, methods: list[str] | None
) -> None:
    issuer.clients["moorage-ui"] = "hush"
    document = issuer.answer("/.well-known/openid-configuration")
    assert document is not None
    if methods is not None:
        issuer.documents["/.well-known/openid-configuration"] = {
            **document,
            "token_endpoint_auth_methods_supported": methods,
        }
    trusted(issuer, sign_in={"label": "Okta", "client_id": "moorage-ui", "client_secret": "hush"})
    browser = Browser()
    assert signed_in(browser, issuer).headers["Location"] == "/api/ui/"


def test_the_clients_secret_is_stored_encrypted_and_never_shown(
    reaching: Services, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in = {"label": "Okta", "client_id": "moorage-ui", "client_secret": "hush-hush"}
    shown = trusted(issuer, sign_in=sign_in)
    assert shown["sign_in"] == {"label": "Okta", "client_id": "moorage-ui", "has_secret": True}
    everything = json.dumps(shown)
    stored = reaching.table.get(keys.trust("okta"))
    events, _ = reaching.table.query(keys.REGISTRY, "EVENT#", 100)
    everything += json.dumps([stored, events]) + capsys.readouterr().out
    assert "hush-hush" not in everything


def test_a_trust_keeps_the_secret_of_the_same_client_only(reaching: Services, issuer: Issuer) -> None:
    client = {"label": "Okta", "client_id": "moorage-ui"}
    first = trusted(issuer, sign_in={**client, "client_secret": "hush"})
    assert trusted(issuer, sign_in={**client, "client_secret": "hush"}) == first, "the same again is no change"
    assert trusted(issuer, sign_in={**client, "label": "Sign in"})["sign_in"]["has_secret"]
    assert not trusted(issuer, sign_in={**client, "client_id": "other"})["sign_in"]["has_secret"]
    trusted(issuer, sign_in={**client, "client_secret": "hush"})
    with issuing() as other:
        assert not trusted(other, sign_in=client)["sign_in"]["has_secret"], "a new issuer must not be sent it"
    trusted(issuer, sign_in={**client, "client_secret": "hush"})
    assert not trusted(issuer, sign_in={**client, "client_secret": ""})["sign_in"]["has_secret"]


@pytest.mark.parametrize(
    "change",
    [
        {"conditions": {"sub": ["b*"]}},
        {"conditions": {"email": ["*@acme.example"]}},
        {"sign_in": None},
        {"sign_in": {"label": "Okta", "client_id": "another"}},
        {"algorithms": ["ES256"]},
    ],
)
def test_what_the_trust_no_longer_accepts_ends_the_session(
    browser: Browser, issuer: Issuer, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(browser, issuer)
    caller = browser.access()
    trusted(issuer, **change)
    forget(monkeypatch)
    assert caller.get("/v1/whoami").status == 401
    assert browser.send("POST", "/auth/session").code == "session_ended"


def test_ending_the_trust_ends_its_sessions(browser: Browser, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(browser, issuer)
    caller = browser.access()
    assert Caller(ADMIN_TOKEN).delete("/v1/trust/okta").status == 204
    forget(monkeypatch)
    assert caller.get("/v1/whoami").status == 401


def test_grants_and_groups_of_the_trust_count_as_they_are_now(
    reaching: Services, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.person |= {"groups": ["risk"], "email": "ada@acme.example", "picture": "x"}
    trusted(issuer, groups_claim="groups")
    browser = Browser()
    signed_in(browser, issuer)
    shown = browser.access().get("/v1/whoami").document
    assert shown["groups"] == ["okta/risk"] and [grant["role"] for grant in shown["grants"]] == ["viewer"]
    trusted(issuer, groups_claim="groups", grants=[{"role": "auditor", "models": "*"}])
    forget(monkeypatch)
    assert [grant["role"] for grant in browser.access().get("/v1/whoami").document["grants"]] == ["auditor"]
    (stored,), _ = reaching.table.query(keys.SESSIONS, keys.SESSION_PREFIX, 10)
    kept = json.loads(str(stored["body"]))["credential"]["claims"]
    assert set(kept) == {"iss", "aud", "sub", "groups"}, "nothing that nobody looks at"


def test_a_session_outlives_the_id_token(
    browser: Browser, issuer: Issuer, reaching: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(browser, issuer)
    now = later(reaching.clock(), timedelta(hours=7))
    monkeypatch.setattr(reaching, "clock", lambda: now)
    assert browser.access().get("/v1/whoami").status == 200


def test_signing_in_at_an_issuer_ends_the_session_before(browser: Browser, issuer: Issuer) -> None:
    browser.sign_in(ADMIN_TOKEN)
    planted = dict(browser.cookies)
    signed_in(browser, issuer)
    other = Browser()
    other.cookies = planted
    assert other.send("POST", "/auth/session").code == "session_ended"
