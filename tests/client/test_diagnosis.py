"""Why a call failed before the registry could say so, in sentences that name the address and what to do."""

import base64
import json
import socket
import ssl
from datetime import UTC, datetime

import httpx
import pytest
from moorage import Client, RetryPolicy, ServerError, UnauthenticatedError, UnreachableError
from moorage.diagnosis import clock_skew, not_the_registry, notes_on_refused_token, unreachable

from tests.client.lines import Line

URL = "https://registry.example/prod"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def caused_by(error: httpx.TransportError, cause: BaseException) -> httpx.TransportError:
    error.__cause__ = cause
    return error


def token(**claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


@pytest.mark.parametrize(
    ("address", "error", "said", "retryable"),
    [
        (URL, caused_by(httpx.ConnectError("x"), socket.gaierror(-2, "unknown")), "no host has this name", True),
        ("http://localhost:4566", httpx.ConnectError("refused"), "Start the local stack", True),
        (URL, httpx.ReadTimeout("slow"), "took too long", True),
        (URL, httpx.ConnectError("No route to host"), "No route to host. Check the address", True),
        (URL, caused_by(httpx.ConnectError("x"), ssl.SSLCertVerificationError("self-signed")), "SSL_CERT_FILE", False),
        (URL, caused_by(httpx.ConnectError("x"), ssl.SSLError("wrong version")), "does not speak TLS", False),
    ],
)
def test_a_lost_call_names_the_address_and_the_likely_cause(
    address: str, error: httpx.TransportError, said: str, retryable: bool
) -> None:
    lost = unreachable(address, error)
    assert address in lost.message and said in lost.message
    assert lost.retryable is retryable


def test_a_certificate_that_is_not_trusted_is_not_tried_again() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("verify failed") from ssl.SSLCertVerificationError("self-signed")

    line = Line(refuse)
    with (
        Client(URL, "t", transport=line, retry=RetryPolicy(sleep=lambda _: None)) as client,
        pytest.raises(UnreachableError, match="certificate"),
    ):
        client.whoami()
    assert len(line.requests) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(302, headers={"Location": "https://sso.example"}), "redirects to https://sso.example"),
        (httpx.Response(403, json={"message": "Missing Authentication Token"}), "no registry at this path"),
        (httpx.Response(404, json={"message": "Not Found"}), "no registry at this path"),
        (httpx.Response(404, html="<p>Nothing here</p>"), "404 with a web page"),
        (httpx.Response(200, html="<p>Welcome</p>"), "200 with a web page"),
    ],
)
def test_an_answer_of_something_else_says_to_check_the_address(answer: httpx.Response, said: str) -> None:
    with Client(URL, "t", transport=Line(lambda _: answer)) as client, pytest.raises(ServerError) as refused:
        client.whoami()
    assert said in refused.value.message and URL in refused.value.message
    assert "the stage at its end" in refused.value.message


def test_the_answers_of_a_registry_are_not_taken_for_those_of_something_else() -> None:
    answer = httpx.Response(404, request=httpx.Request("GET", f"{URL}/v1/models/x"))
    assert not_the_registry(answer, {"code": "model_not_found", "message": "Not Found"}) is None
    assert not_the_registry(answer, {"message": "Too Many Requests"}) is None
    busy = httpx.Response(503, html="<p>busy</p>", request=answer.request)
    assert not_the_registry(busy, None) is None


def test_a_refused_token_that_has_expired_or_comes_with_a_wrong_clock_says_so() -> None:
    def notes(date: str | None, secret: str) -> list[str]:
        answer = httpx.Response(401, headers={} if date is None else {"Date": date})
        return list(notes_on_refused_token(answer, secret, NOW))

    assert notes("Mon, 23 Nov 2026 09:31:00 GMT", "moor_x_y") == []
    (expired,) = notes(None, token(exp=NOW.timestamp() - 1))
    assert "expired at 2026-11-23 09:29 UTC" in expired
    assert notes(None, token(exp=NOW.timestamp() + 60)) == []
    (skewed,) = notes("Mon, 23 Nov 2026 09:40:00 GMT", "moor_x_y")
    assert "says 2026-11-23 09:30 UTC and that of the registry 2026-11-23 09:40 UTC" in skewed


def test_an_error_of_a_refused_token_carries_what_is_known() -> None:
    refused = httpx.Response(401, json={"code": "unauthenticated", "detail": "no"})
    expired = token(exp=NOW.timestamp() - 400 * 86_400)
    with (
        Client(URL, expired, transport=Line(lambda _: refused)) as client,
        pytest.raises(UnauthenticatedError) as error,
    ):
        client.whoami()
    assert any("expired" in note for note in error.value.__notes__)


def test_a_date_that_is_none_tells_no_skew() -> None:
    assert clock_skew(httpx.Response(200), NOW) is None
    assert clock_skew(httpx.Response(200, headers={"Date": "yesterday"}), NOW) is None
    assert clock_skew(httpx.Response(200, headers={"Date": "Mon, 23 Nov 2026 09:29:00 GMT"}), NOW) == 60.0
