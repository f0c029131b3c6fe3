"""Who is signed in: one's own sessions, and everybody's for administrators."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from tests.api.callers import VIEWER, ok, token
from tests.api.gateway import Caller, granted
from tests.api.sessions.browser import Browser
from tests.conftest import ADMIN_TOKEN


def signed_in(token_text: str | None) -> Browser:
    browser = Browser()
    assert token_text is not None
    assert browser.sign_in(token_text).status == 201
    return browser


def listed(caller: Caller, limit: int = 50) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = None
    while True:
        query: dict[str, Any] = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = ok(caller.get("/v1/sessions", query=query))
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def test_administrators_see_who_is_signed_in_and_by_what(admin: Caller) -> None:
    token_id, ada = token(admin, "ada", VIEWER)
    signed_in(ada._token)
    signed_in(ada._token)
    signed_in(ADMIN_TOKEN)
    sessions = listed(admin, limit=1)
    assert len(sessions) == 3 and sessions == listed(admin)
    of_ada = [one for one in sessions if one["principal"] == "token:ada"]
    assert [one["token_id"] for one in of_ada] == [token_id, token_id]
    assert of_ada[0]["method"] == "token" and of_ada[0]["trust"] is None
    assert ada.get("/v1/sessions").status == 403


def test_an_administrator_ends_a_session_and_the_ledger_says_who(admin: Caller) -> None:
    _, ada = token(admin, "ada", VIEWER)
    browser = signed_in(ada._token)
    caller = browser.access()
    boss = granted(admin, Role.ADMIN, name="boss")
    (session,) = listed(admin)
    assert boss.delete(f"/v1/sessions/{session['id']}").status == 204
    assert caller.get("/v1/whoami").status == 401
    assert browser.send("POST", "/auth/session").code == "session_ended"
    assert listed(admin) == []
    assert boss.delete(f"/v1/sessions/{session['id']}").code == "session_not_found"
    event = ok(admin.get("/v1/events"))["items"][0]
    assert (event["type"], event["actor"], event["subject"]) == ("session.ended", "token:boss", session["id"])
    assert event["before"]["principal"] == "token:ada" and event["after"] is None


@pytest.mark.parametrize("session", ["none", "0" * 48, "x" * 256])
def test_there_is_no_session_by_any_other_id(admin: Caller, session: str) -> None:
    assert admin.delete(f"/v1/sessions/{session}").code == "session_not_found"


def test_everybody_sees_their_own_sessions_and_no_others(admin: Caller) -> None:
    _, ada = token(admin, "ada", VIEWER)
    first, second = signed_in(ada._token), signed_in(ada._token)
    signed_in(ADMIN_TOKEN)
    sessions = ok(second.send("GET", "/auth/sessions"))["items"]
    assert [one["principal"] for one in sessions] == ["token:ada", "token:ada"]
    assert sum(one["current"] for one in sessions) == 1
    page = ok(second.send("GET", "/auth/sessions", query={"limit": 1}))
    rest = ok(first.send("GET", "/auth/sessions", query={"limit": 1, "cursor": page["next_cursor"]}))
    assert {one["id"] for one in page["items"] + rest["items"]} == {one["id"] for one in sessions}
    stranger = signed_in(ADMIN_TOKEN)
    seen = ok(stranger.send("GET", "/auth/sessions", query={"limit": 1, "cursor": page["next_cursor"]}))["items"]
    assert all(one["principal"] == "token:bootstrap" for one in seen)
    assert Browser().send("GET", "/auth/sessions").code == "session_ended"


def test_people_end_their_other_sessions_and_nobody_elses(admin: Caller) -> None:
    _, ada = token(admin, "ada", VIEWER)
    here, lost = signed_in(ada._token), signed_in(ada._token)
    stranger = signed_in(ADMIN_TOKEN)
    sessions = ok(here.send("GET", "/auth/sessions"))["items"]
    (other,) = [one["id"] for one in sessions if not one["current"]]
    for wrong in (stranger.cookies["__Host-moorage"].partition("_")[0], "0" * 48, "none"):
        assert here.send("DELETE", f"/auth/sessions/{wrong}").code == "session_not_found"
    assert stranger.send("DELETE", f"/auth/sessions/{other}").code == "session_not_found"
    assert lost.access().get("/v1/whoami").status == 200
    for _ in range(2):
        assert here.send("DELETE", f"/auth/sessions/{other}").status == 204
    assert lost.send("POST", "/auth/session").code == "session_ended"
    assert here.access().get("/v1/whoami").status == 200
    assert Browser().send("DELETE", f"/auth/sessions/{other}").code == "session_ended"


def test_a_list_leaves_out_an_edited_session_and_names_it_in_the_log(
    admin: Caller, registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in(ADMIN_TOKEN)
    (stored,), _ = registry.table.query(keys.SESSIONS, keys.SESSION_PREFIX, 10)
    registry.table.put({**stored, "body": str(stored["body"]).replace("bootstrap", "somebody")})
    assert listed(admin) == []
    assert "record_refused" in capsys.readouterr().out


def test_nobody_signs_in_more_often_than_the_limit_of_a_day(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(registry.settings, limits=replace(registry.settings.limits, daily_sessions=1))
    monkeypatch.setattr(registry, "settings", small)
    signed_in(ADMIN_TOKEN)
    refused = Browser().sign_in(ADMIN_TOKEN)
    assert refused.code == "quota_exceeded" and "daily_sessions" in refused.document["detail"]
