"""How long a session lasts, and what its cookie says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.token import hash_secret
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.sessions.session import (
    IDLE,
    LONGEST,
    Session,
    TokenCredential,
    cookie_value,
    is_session_id,
    owner_part,
    parse_cookie,
    session_id,
)

NOW = Instant("2026-11-28T09:00:00.000Z")
SECRET = "ab" * 32
ID = session_id("token:ada", "0" * 32)
SESSION = Session(ID, hash_secret(SECRET), "token:ada", TokenCredential("t1", "0" * 64), NOW, NOW)


@given(st.lists(st.timedeltas(timedelta(0), timedelta(hours=13)), max_size=6))
def test_a_session_never_lasts_longer_than_twelve_hours_nor_eight_after_its_last_use(uses: list[timedelta]) -> None:
    session = SESSION
    for use in uses:
        at = later(NOW, use)
        if session.is_live(at):
            session = session.used(at)
    assert session.ends_at <= later(NOW, LONGEST)
    assert session.ends_at <= later(session.used_at, IDLE)
    assert not session.is_live(session.ends_at)
    assert session.is_live(later(session.ends_at, -timedelta(milliseconds=1)))


def test_a_use_by_a_clock_that_is_behind_does_not_shorten_a_session() -> None:
    assert SESSION.used(later(NOW, -timedelta(minutes=1))) == SESSION


def test_only_its_own_secret_is_a_sessions() -> None:
    assert SESSION.has_secret(SECRET)
    assert not SESSION.has_secret("cd" * 32)
    assert not replace(SESSION, secret_hash="0" * 64).has_secret(SECRET)


def test_sessions_of_one_principal_lie_together() -> None:
    assert is_session_id(ID) and ID.startswith(owner_part("token:ada"))
    assert owner_part("token:ada") != owner_part("token:bob")


def test_a_cookie_says_the_session_and_its_secret() -> None:
    assert parse_cookie(cookie_value(SESSION, SECRET)) == (ID, SECRET)


@pytest.mark.parametrize("text", ["", ID, f"{ID}_", f"{ID}_{SECRET}x", f"{ID[1:]}_{SECRET}", f"{ID}_{SECRET}\n"])
def test_a_cookie_of_another_form_says_nothing(text: str) -> None:
    assert parse_cookie(text) is None
