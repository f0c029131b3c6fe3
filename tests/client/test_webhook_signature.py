"""Signatures of webhooks, made by the Standard Webhooks reference library."""

import base64
from datetime import UTC, datetime

import pytest
from moorage import WebhookVerificationError, verify_webhook
from standardwebhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
NOW = 1_795_426_200
BODY = '{"type":"version.ready","data":{"model":"größe"}}'


def signed(body: str = BODY, at: int = NOW, secret: str = SECRET) -> dict[str, str]:
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": Webhook(secret).sign("msg_1", datetime.fromtimestamp(at, UTC), body),
    }


def test_a_signed_request_gives_its_payload() -> None:
    payload = verify_webhook(SECRET, signed(), BODY.encode(), now=NOW)
    assert payload == {"type": "version.ready", "data": {"model": "größe"}}


def test_one_good_signature_among_several_is_enough() -> None:
    headers = signed()
    headers["Webhook-Signature"] = f"v1,b3RoZXI= v1a,x {headers['Webhook-Signature']}"
    assert verify_webhook(SECRET, headers, BODY.encode(), now=NOW)


@pytest.mark.parametrize("away", [-301, 301])
def test_a_request_signed_long_ago_or_ahead_is_refused(away: int) -> None:
    with pytest.raises(WebhookVerificationError, match="five minutes"):
        verify_webhook(SECRET, signed(at=NOW + away), BODY.encode(), now=NOW)


@pytest.mark.parametrize("away", [-300, 300])
def test_clocks_may_differ_a_little(away: int) -> None:
    assert verify_webhook(SECRET, signed(at=NOW + away), BODY.encode(), now=NOW)


def test_another_body_id_time_or_secret_is_refused() -> None:
    other = "whsec_" + base64.b64encode(b"another secret").decode()
    for secret, headers, body in (
        (SECRET, signed(), BODY + " "),
        (SECRET, signed() | {"Webhook-Id": "msg_2"}, BODY),
        (SECRET, signed() | {"Webhook-Timestamp": str(NOW + 1)}, BODY),
        (other, signed(), BODY),
        (SECRET, signed() | {"Webhook-Signature": "v2," + signed()["Webhook-Signature"][3:]}, BODY),
        (SECRET, signed() | {"Webhook-Signature": "é"}, BODY),
    ):
        with pytest.raises(WebhookVerificationError):
            verify_webhook(secret, headers, body.encode(), now=NOW)


@pytest.mark.parametrize("header", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
def test_a_missing_header_is_named(header: str) -> None:
    headers = signed()
    del headers[header]
    with pytest.raises(WebhookVerificationError, match=header.lower()):
        verify_webhook(SECRET, headers, BODY.encode(), now=NOW)


def test_a_timestamp_that_is_no_number_is_refused() -> None:
    with pytest.raises(WebhookVerificationError, match="number"):
        verify_webhook(SECRET, signed() | {"Webhook-Timestamp": "today"}, BODY.encode(), now=NOW)


def test_a_secret_that_is_no_secret_is_said_to_be_so() -> None:
    with pytest.raises(WebhookVerificationError, match="whsec_"):
        verify_webhook("whsec_%%%", signed(), BODY.encode(), now=NOW)
