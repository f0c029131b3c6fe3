"""Encrypt the webhook secrets that callers choose, to store them in the table.

AES-256-GCM with a key derived from the signing secret. Each secret is bound to its webhook, so that a record copied to
another webhook cannot be decrypted. If the signing secret is changed, these secrets are lost and must be set again.
"""

import base64
import hmac
import os
from typing import Final

_CONTEXT: Final = b"moorage caller secrets v1"
_NONCE_BYTES: Final = 12


class SealBrokenError(Exception):
    """A sealed secret cannot be decrypted: the signing secret was changed since, or the record was edited."""

    def __init__(self) -> None:
        super().__init__("the webhook's secret cannot be read because the signing secret was changed; set it again")


def seal(signing_key: bytes, webhook_id: str, secret: str) -> str:
    """Encrypt ``secret`` for storage. The result differs each time."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    encrypted = AESGCM(_key(signing_key)).encrypt(nonce, secret.encode(), webhook_id.encode())
    return base64.b64encode(nonce + encrypted).decode()


def opened(signing_key: bytes, webhook_id: str, sealed: str) -> str:
    """Decrypt what ``seal`` returned. An empty text is an empty secret. Raises SealBrokenError."""
    if not sealed:
        return ""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        stored = base64.b64decode(sealed, validate=True)
        nonce, encrypted = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
        secret = AESGCM(_key(signing_key)).decrypt(nonce, encrypted, webhook_id.encode())
    # ValueError: it is not base64, or too short to have a nonce.
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error
    return secret.decode()


def _key(signing_key: bytes) -> bytes:
    return hmac.digest(signing_key, _CONTEXT, "sha256")
