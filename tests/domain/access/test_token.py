"""What an Authorization header carries."""

import base64

import pytest

from chalicelib.domain.access.token import bearer
from chalicelib.domain.errors import CredentialsRefusedError


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
