"""What an Authorization header carries, and which secrets a token accepts."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.token import Previous, Token, bearer, format_token, hash_secret, parse_token
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.instants import later
from tests.domain.build import NOW, stamp


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "header", ["Bearer moor_a_b", "bearer  moor_a_b ", basic("anyone:moor_a_b"), basic(":moor_a_b")]
)
def test_a_token_comes_as_a_bearers_or_as_a_password(header: str) -> None:
    assert bearer(header) == "moor_a_b"


@pytest.mark.parametrize(
    "header",
    ["", "moor_a_b", "Bearer", "Bearer ", "Digest moor_a_b", "Basic", "Basic %%%", basic("moor_a_b"), basic("me:")],
)
def test_anything_else_is_no_credential(header: str) -> None:
    with pytest.raises(CredentialsRefusedError):
        bearer(header)


def test_a_password_that_is_not_text_is_no_credential() -> None:
    with pytest.raises(CredentialsRefusedError):
        bearer("Basic " + base64.b64encode(b"\xff:\xff").decode())


SECRET, OLDER = "s" * 43, "o" * 43
SOON = later(NOW, timedelta(seconds=60))
TOKEN = Token(
    "t1",
    "ci",
    (Grant(Role.VIEWER, "*"),),
    hash_secret(SECRET),
    NOW,
    "token:ada",
    later(NOW, timedelta(days=1)),
    None,
    previous=(Previous(hash_secret(OLDER), SOON),),
)


@pytest.mark.parametrize(("milliseconds", "objection"), [(-1, None), (0, "expired"), (1, "expired")])
def test_a_token_expires_at_the_very_instant(milliseconds: int, objection: str | None) -> None:
    now = later(TOKEN.expires_at, timedelta(milliseconds=milliseconds))
    assert TOKEN.objection(SECRET, now) == objection
    assert TOKEN.is_active(now) == (objection is None)


@pytest.mark.parametrize(("milliseconds", "objection"), [(-1, None), (0, "wrong_secret"), (1, "wrong_secret")])
def test_a_replaced_secret_is_refused_once_its_grace_has_ended(milliseconds: int, objection: str | None) -> None:
    assert TOKEN.objection(OLDER, later(SOON, timedelta(milliseconds=milliseconds))) == objection


def test_a_token_is_refused_for_another_secret_or_once_it_is_revoked() -> None:
    assert TOKEN.objection("x" * 43, NOW) == "wrong_secret"
    revoked = replace(TOKEN, revoked_at=NOW)
    assert (revoked.objection(SECRET, NOW), revoked.is_active(NOW)) == ("revoked", False)
    assert revoked.objection("x" * 43, NOW) == "wrong_secret"


def test_a_token_is_read_back_into_its_id_and_secret() -> None:
    assert parse_token(format_token("t1", SECRET)) == ("t1", SECRET)


@pytest.mark.parametrize("text", ["", "moor_t1_short", f"moor_T1_{SECRET}", f"x_t1_{SECRET}", f"moor_t1_{SECRET} "])
def test_a_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(CredentialsRefusedError):
        parse_token(text)


def test_a_commit_sets_the_revision_of_a_token() -> None:
    assert TOKEN.stamped(TOKEN, stamp(revision=7)).revision == 7
