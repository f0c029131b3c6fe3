"""Signing in with a token, access tokens, signing out, and requests that other sites make a browser send."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant, later
from tests.api.callers import ADMIN, VIEWER, forget, ok, token
from tests.api.gateway import Caller, Function
from tests.api.sessions.browser import JSON, SAME_ORIGIN, Browser
from tests.conftest import ADMIN_TOKEN

COOKIE = "__Host-moorage"


@pytest.fixture
def browser(registry: Services) -> Browser:
    return Browser()


def moved(registry: Services, patch: pytest.MonkeyPatch, by: timedelta) -> Instant:
    now = later(registry.clock(), by)
    patch.setattr(registry, "clock", lambda: now)
    return now


def plain(caller: Caller) -> str:
    assert caller._token is not None
    return caller._token


def test_a_token_opens_a_session_whose_access_token_calls_the_api(admin: Caller, browser: Browser) -> None:
    _, ada = token(admin, "ada", person="oidc:okta:ada")
    signed_in = browser.sign_in(plain(ada))
    assert signed_in.status == 201 and signed_in.headers["Cache-Control"] == "no-store"
    document = signed_in.document
    assert document["expires_in"] == 600 and document["whoami"]["principal"] == "token:ada"
    assert Caller(document["access_token"]).get("/v1/whoami").document == ok(ada.get("/v1/whoami"))
    again = ok(browser.send("POST", "/auth/session"))
    assert again["whoami"] == document["whoami"] and again["session_ends_at"] >= document["session_ends_at"]


def test_the_cookie_is_for_this_host_over_tls_and_out_of_reach_of_scripts(admin: Caller, browser: Browser) -> None:
    browser.sign_in(ADMIN_TOKEN)
    (cookie,) = browser.set
    name, _, rest = cookie.partition("=")
    _, *attributes = rest.split("; ")
    assert name == COOKIE
    assert attributes == ["Path=/", "Max-Age=43200", "Secure", "HttpOnly", "SameSite=Strict"]


def test_the_bootstrap_token_signs_in_too(browser: Browser) -> None:
    assert browser.sign_in(ADMIN_TOKEN).document["whoami"]["principal"] == "token:bootstrap"
    assert browser.access().get("/v1/tokens").status == 200


def test_the_registry_keeps_neither_the_secret_of_a_session_nor_that_of_its_token(
    admin: Caller, browser: Browser, registry: Services
) -> None:
    _, ada = token(admin, "ada")
    browser.sign_in(plain(ada))
    stored, _ = registry.table.query(keys.SESSIONS, keys.SESSION_PREFIX, 10)
    text = json.dumps(stored)
    assert browser.cookies[COOKIE].partition("_")[2] not in text
    assert plain(ada).rpartition("_")[2] not in text


@pytest.mark.parametrize("wrong", ["moor_none_" + "x" * 64, "nonsense", "moos_" + "0" * 48 + "_1-" + "0" * 64])
def test_what_the_authorizer_refuses_opens_no_session(
    browser: Browser, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = browser.sign_in(wrong)
    assert reply.code == "unauthenticated" and not browser.cookies
    printed = capsys.readouterr().out
    line = next(line for line in map(json.loads, printed.splitlines()) if line["log"] == "authentication_failed")
    assert line["ip"] == "203.0.113.9" and line["reason"]
    assert wrong not in printed


def test_a_sign_in_is_logged_without_any_secret(
    admin: Caller, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    token_id, ada = token(admin, "ada")
    capsys.readouterr()
    reply = browser.sign_in(plain(ada))
    printed = capsys.readouterr().out
    line = next(line for line in map(json.loads, printed.splitlines()) if line["log"] == "signed_in")
    assert (line["principal"], line["token"], line["request_id"]) == ("token:ada", token_id, "request-1")
    for secret in (plain(ada), reply.document["access_token"], browser.cookies[COOKIE]):
        assert secret.rpartition("_")[2] not in printed


def test_revoking_the_token_ends_its_sessions(admin: Caller, browser: Browser) -> None:
    token_id, ada = token(admin, "ada")
    browser.sign_in(plain(ada))
    caller = browser.access()
    assert admin.delete(f"/v1/tokens/{token_id}").status == 204
    assert caller.get("/v1/whoami").status == 401
    assert browser.send("POST", "/auth/session").code == "session_ended"


def test_rotating_the_token_ends_the_sessions_of_its_old_secret(admin: Caller, browser: Browser) -> None:
    token_id, ada = token(admin, "ada")
    browser.sign_in(plain(ada))
    caller = browser.access()
    ok(admin.post(f"/v1/tokens/{token_id}/rotate", {"grace_seconds": 0}))
    assert caller.get("/v1/whoami").status == 401
    assert browser.send("POST", "/auth/session").code == "session_ended"


def test_a_new_administrators_secret_ends_the_sessions_of_the_old_one(
    admin: Caller, browser: Browser, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(ADMIN_TOKEN)
    caller = browser.access()
    registry.client("secretsmanager").put_secret_value(SecretId=registry.settings.admin_secret, SecretString="n" * 64)
    forget(monkeypatch)
    assert caller.get("/v1/whoami").status == 401


def test_grants_count_as_they_are_when_the_access_token_is_used(admin: Caller, browser: Browser) -> None:
    _, ada = token(admin, "ada", VIEWER)
    browser.sign_in(plain(ada))
    caller = browser.access()
    assert caller.get("/v1/tokens").status == 403
    given = ok(admin.put("/v1/grants", {"subject": "token:ada", "grants": ADMIN}))
    assert caller.get("/v1/tokens").status == 200
    assert admin.delete(f"/v1/grants/{given['id']}").status == 204
    assert caller.get("/v1/tokens").status == 403


def test_an_access_token_lasts_ten_minutes(
    browser: Browser, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(ADMIN_TOKEN)
    caller = browser.access()
    moved(registry, monkeypatch, timedelta(minutes=9, seconds=58))
    assert caller.get("/v1/whoami").status == 200
    moved(registry, monkeypatch, timedelta(seconds=3))
    assert caller.get("/v1/whoami").status == 401
    assert browser.access().get("/v1/whoami").status == 200


def test_a_session_ends_after_eight_idle_hours_and_after_twelve_in_any_case(
    browser: Browser, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(ADMIN_TOKEN)
    for _ in range(2):
        moved(registry, monkeypatch, timedelta(hours=5, minutes=50))
        assert browser.send("POST", "/auth/session").status == 200
    moved(registry, monkeypatch, timedelta(minutes=21))
    assert browser.send("POST", "/auth/session").code == "session_ended"
    browser.sign_in(ADMIN_TOKEN)
    moved(registry, monkeypatch, timedelta(hours=8, seconds=1))
    assert browser.send("POST", "/auth/session").code == "session_ended"


def test_signing_out_ends_the_session_and_clears_the_cookie(browser: Browser) -> None:
    browser.sign_in(ADMIN_TOKEN)
    caller, held = browser.access(), dict(browser.cookies)
    assert browser.send("DELETE", "/auth/session").status == 204
    assert not browser.cookies
    assert caller.get("/v1/whoami").status == 401
    browser.cookies = held
    assert browser.send("POST", "/auth/session").code == "session_ended"
    assert browser.send("DELETE", "/auth/session").status == 204, "signing out twice"


def test_each_sign_in_has_a_new_session_and_ends_the_one_before(admin: Caller, browser: Browser) -> None:
    """So nobody can give a victim a session that they hold themselves and have it become the victim's."""
    _, mallory = token(admin, "mallory")
    _, ada = token(admin, "ada")
    browser.sign_in(plain(mallory))
    planted = dict(browser.cookies)
    browser.sign_in(plain(ada))
    assert browser.cookies[COOKIE] != planted[COOKIE]
    assert browser.access().get("/v1/whoami").document["principal"] == "token:ada"
    browser.cookies = planted
    assert browser.send("POST", "/auth/session").code == "session_ended"


def test_a_session_that_is_ended_while_it_is_used_stays_ended(
    browser: Browser, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(ADMIN_TOKEN)
    (stored,), _ = registry.table.query(keys.SESSIONS, keys.SESSION_PREFIX, 10)
    moved(registry, monkeypatch, timedelta(minutes=5))

    def overtake(**_: Any) -> None:
        registry.client("dynamodb").meta.events.unregister("before-call.dynamodb.PutItem", overtake)
        registry.table.transact([registry.table.drop_write(keys.Key(keys.SESSIONS, str(stored["SK"])))])

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.PutItem", overtake)
    assert browser.send("POST", "/auth/session").code == "session_ended"
    assert registry.table.query(keys.SESSIONS, keys.SESSION_PREFIX, 10) == ([], None)


@pytest.mark.parametrize("edited", ["principal", "credential", "created_at", "used_at", "secret_hash"])
def test_a_session_that_was_edited_in_the_table_is_refused(
    admin: Caller, browser: Browser, registry: Services, edited: str
) -> None:
    _, ada = token(admin, "ada")
    browser.sign_in(plain(ada))
    caller = browser.access()
    other = Browser()
    other.sign_in(ADMIN_TOKEN)
    mine, theirs = browser.cookies[COOKIE].partition("_")[0], other.cookies[COOKIE].partition("_")[0]
    stored, foreign = (registry.table.get(keys.session(one)) for one in (mine, theirs))
    assert stored is not None and foreign is not None
    body = json.loads(str(stored["body"])) | {edited: json.loads(str(foreign["body"]))[edited]}
    if edited in ("created_at", "used_at"):
        body[edited] = "2100-01-01T00:00:00.000Z"
    registry.table.put({**stored, "body": json.dumps(body, sort_keys=True, separators=(",", ":"))})
    assert caller.get("/v1/whoami").status == 401
    assert browser.send("POST", "/auth/session").code == "session_ended"


def test_an_access_token_cannot_be_made_for_another_session_or_a_later_time(browser: Browser) -> None:
    browser.sign_in(ADMIN_TOKEN)
    other = Browser()
    other.sign_in(ADMIN_TOKEN)
    made = browser.send("POST", "/auth/session").document["access_token"]
    head, session_id, rest = made.split("_")
    until, seal = rest.split("-")
    foreign = other.cookies[COOKIE].partition("_")[0]
    for forged in (
        f"{head}_{foreign}_{rest}",
        f"{head}_{session_id}_{int(until) + 1}-{seal}",
        f"{head}_{session_id}_{until}-{'0' * 64}",
        f"{head}_{browser.cookies[COOKIE]}",
    ):
        assert Caller(forged).get("/v1/whoami").status == 401
    assert Caller(made).get("/v1/whoami").status == 200


def test_the_api_never_looks_at_cookies(browser: Browser) -> None:
    browser.sign_in(ADMIN_TOKEN)
    cookie = f"{COOKIE}={browser.cookies[COOKIE]}"
    for caller in (Caller(None), Function(None)):
        assert caller.request("GET", "/v1/whoami", headers={**SAME_ORIGIN, "Cookie": cookie}).status == 401


CHANGES = [
    ("POST", "/auth/token"),
    ("POST", "/auth/session"),
    ("DELETE", "/auth/session"),
    ("DELETE", f"/auth/sessions/{'0' * 48}"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        JSON,
        {**JSON, "Sec-Fetch-Site": "cross-site"},
        {**JSON, "Sec-Fetch-Site": "same-site"},
        {**JSON, "Sec-Fetch-Site": "none"},
        {**JSON, "Sec-Fetch-Site": "cross-site", "Origin": "https://registry.example"},
        {**JSON, "Origin": "https://evil.example"},
        {**JSON, "Origin": "null"},
        {**JSON, "Origin": "https://registry.example.evil.example"},
    ],
)
def test_a_request_that_another_site_makes_the_browser_send_is_refused(
    browser: Browser, method: str, path: str, headers: dict[str, str]
) -> None:
    browser.sign_in(ADMIN_TOKEN)
    body = {"token": ADMIN_TOKEN} if path == "/auth/token" else None
    assert browser.send(method, path, body, headers).code == "cross_site_request"
    assert browser.access().get("/v1/whoami").status == 200, "the session goes on"


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_form_of_another_site_is_refused_by_its_content_type(browser: Browser, method: str, path: str) -> None:
    for content_type in ({}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}):
        reply = browser.send(method, path, None, {"Sec-Fetch-Site": "same-origin", **content_type})
        assert reply.code == "unsupported_media_type"


def test_an_older_browser_proves_its_page_by_origin(browser: Browser) -> None:
    headers = {**JSON, "Origin": "https://registry.example"}
    assert browser.send("POST", "/auth/token", {"token": ADMIN_TOKEN}, headers).status == 201
    assert browser.send("POST", "/auth/session", None, headers).status == 200


@pytest.mark.parametrize("cookie", ["", "x", "0" * 48, "0" * 48 + "_" + "0" * 64, "a" * 20_000])
def test_any_other_cookie_is_no_session(browser: Browser, cookie: str) -> None:
    browser.cookies[COOKIE] = cookie
    assert browser.send("POST", "/auth/session").code == "session_ended"


def test_the_right_session_with_a_wrong_secret_is_no_session(browser: Browser) -> None:
    browser.sign_in(ADMIN_TOKEN)
    browser.cookies[COOKIE] = browser.cookies[COOKIE].partition("_")[0] + "_" + "0" * 64
    assert browser.send("POST", "/auth/session").code == "session_ended"
