"""Verifying that a webhook request comes from the registry (Standard Webhooks 1.0, signature v1)."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, Final

from moorage.errors import WebhookVerificationError

TOLERANCE_SECONDS: Final = 5 * 60
_SECRET_PREFIX: Final = "whsec_"


def verify_webhook(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> dict[str, Any]:
    """Verify a webhook request and return its payload.

    ``body`` is the raw body of the request. Raises WebhookVerificationError if a header is missing, if the timestamp is
    more than five minutes from now, or if no signature matches.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        identifier = given["webhook-id"]
        timestamp = given["webhook-timestamp"]
        signatures = given["webhook-signature"]
    except KeyError as missing:
        raise WebhookVerificationError(f"the request has no {missing.args[0]} header") from missing
    _check_age(timestamp, time.time() if now is None else now)
    signed = b".".join((identifier.encode(), timestamp.encode(), body))
    expected = base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256))
    # Every candidate is compared, each in constant time, so that the duration reveals nothing.
    matches = [
        hmac.compare_digest(expected, signature.encode())
        for version, _, signature in (entry.partition(",") for entry in signatures.split())
        if version == "v1"
    ]
    if not any(matches):
        raise WebhookVerificationError("no signature of the request matches the secret")
    payload = json.loads(body)
    if not isinstance(payload, dict):
        raise WebhookVerificationError("the request's body is not a JSON object")
    return payload


def _check_age(timestamp: str, now: float) -> None:
    if not timestamp.isascii() or not timestamp.isdigit():
        raise WebhookVerificationError("the webhook-timestamp header is not a number of seconds")
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise WebhookVerificationError("the request was signed more than five minutes from now")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise WebhookVerificationError("the secret is not valid: it must be 'whsec_' followed by base64") from error
