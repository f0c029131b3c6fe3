"""Custom headers: what may be added to a delivery, and what may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.webhooks.custom_headers import (
    MAX_HEADER_VALUE,
    MAX_HEADERS,
    merged,
    plain_headers,
    secret_headers,
)

REFUSED = [
    "Host",
    "content-length",
    "Content-Type",
    "Connection",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Proxy-Authorization",
    "Proxy-Connection",
    "User-Agent",
    "webhook-signature",
    "Webhook-Id",
    "X-MLflow-Signature",
    "X-Hub-Signature-256",
    "X-Forwarded-For",
    "Moorage-Event-Id",
    "moorage-delivery-id",
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_header_that_frames_the_message_or_is_set_by_the_registry_is_refused(name: str) -> None:
    for check in (plain_headers, secret_headers):
        with pytest.raises(InvalidInputError):
            check({name: "x"})


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-Api-Key", "X-Auth", "Gitlab-Token", "X-My-Password"])
def test_a_credential_is_taken_only_as_a_secret_header(name: str) -> None:
    with pytest.raises(InvalidInputError, match="secret_headers"):
        plain_headers({name: "x"})
    assert secret_headers({name: "Bearer x"}) == {name: "Bearer x"}


@pytest.mark.parametrize("name", ["", "X Y", "X:Y", "X\r\nY", "Ü", "x" * 65, "(x)"])
def test_a_name_that_is_no_token_of_http_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        plain_headers({name: "x"})


@given(st.text(max_size=40))
def test_no_value_gets_through_that_could_begin_another_header(value: str) -> None:
    try:
        (taken,) = plain_headers({"X-Env": value}).values()
    except InvalidInputError:
        return
    assert taken == value == value.strip()
    assert all(" " <= character <= "~" for character in value)


def test_headers_are_bounded_in_number_and_length() -> None:
    assert len(plain_headers({f"X-{number}": "v" for number in range(MAX_HEADERS)})) == MAX_HEADERS
    with pytest.raises(InvalidInputError):
        plain_headers({f"X-{number}": "v" for number in range(MAX_HEADERS + 1)})
    with pytest.raises(InvalidInputError):
        plain_headers({"X-A": "v" * (MAX_HEADER_VALUE + 1)})


def test_a_name_given_twice_in_another_case_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="twice"):
        plain_headers({"X-A": "1", "x-a": "2"})


def test_a_refused_secret_is_not_in_the_error() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        secret_headers({"X-Api-Key": "hush\n"})
    assert "hush" not in str(refusal.value) + str(refusal.value.problems)


def test_headers_of_the_format_win_over_custom_ones_in_any_case() -> None:
    own = {"Authorization": "Bearer format", "Content-Type": "application/json"}
    assert merged(own, {"authorization": "Bearer other", "X-Env": "prod"}) == {**own, "X-Env": "prod"}
