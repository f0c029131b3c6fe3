"""Standard Webhooks 1.0.0: the secret of a webhook, and the signature of one message.

Secrets are derived, not stored: nothing in the table opens anything, and a create whose answer was lost can
be asked again for the same secret. The key they derive from lies in Secrets Manager; to change it is to
change them all.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant

_PREFIX: Final = "whsec_"


def secret(signing_key: bytes, webhook_id: str, generation: int) -> str:
    """The secret of a webhook in the form its owner gets: ``whsec_`` and 32 bytes in base64."""
    return _PREFIX + base64.b64encode(_secret_bytes(signing_key, webhook_id, generation)).decode()


def signed_headers(
    signing_key: bytes, webhook_id: str, generation: int, message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The headers by which a receiver checks ``body``. ``timestamp``, in seconds, is that of the attempt."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.digest(_secret_bytes(signing_key, webhook_id, generation), content, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def payload(event_type: str, time: Instant, data: Mapping[str, object]) -> bytes:
    """The body of a delivery: the same bytes at every attempt."""
    return canonical_json({"type": event_type, "timestamp": time, "data": data}).encode()


def _secret_bytes(signing_key: bytes, webhook_id: str, generation: int) -> bytes:
    context = f"moorage webhook secret v1:{webhook_id}:{generation}"
    return hmac.new(signing_key, context.encode(), hashlib.sha256).digest()
