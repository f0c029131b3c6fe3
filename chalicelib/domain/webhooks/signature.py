"""Standard Webhooks 1.0.0: the secret of a webhook, and the signature of one message.

Secrets are derived, not stored. So nobody who reads the table learns a secret, and if the answer of a create is lost,
the repeated call returns the same secret. The key that they are derived from is kept in Secrets Manager. Changing the
key changes every secret.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant

_PREFIX: Final = "whsec_"


def derived_secret(signing_key: bytes, webhook_id: str, generation: int) -> str:
    """The secret of a webhook as its owner gets it: ``whsec_`` and 32 bytes in base64."""
    context = f"moorage webhook secret v1:{webhook_id}:{generation}"
    return _PREFIX + base64.b64encode(hmac.digest(signing_key, context.encode(), "sha256")).decode()


def signed_headers(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers with which a receiver verifies ``body``: a signature with each secret, of which it knows one.

    Secrets have the form that their owner gets. ``timestamp`` is the time of the attempt in Unix seconds.
    """
    content = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    digest = hmac.digest(base64.b64decode(secret.removeprefix(_PREFIX)), content, "sha256")
    return "v1," + base64.b64encode(digest).decode()


def payload(event_type: str, time: Instant, data: Mapping[str, object]) -> bytes:
    """The body of a delivery: canonical JSON in UTF-8, the same bytes at every attempt."""
    return canonical_json({"type": event_type, "timestamp": time, "data": data}).encode()
