"""Secrets that callers bring along, enciphered for the table.

AES-256-GCM under a key derived from the signing secret, each bound to its webhook, so that a record copied to another
webhook opens nothing. To change the signing secret is to lose them: whoever set one sets it again.
"""

import base64
import hmac
import os
from typing import Final

_CONTEXT: Final = b"moorage caller secrets v1"
_NONCE_BYTES: Final = 12


class SealBrokenError(Exception):
    """A sealed secret does not open: the signing secret was changed since, or the record is not whole."""

    def __init__(self) -> None:
        super().__init__("the webhook's secret cannot be read since the signing secret was changed; set it again")


def seal(signing_key: bytes, webhook_id: str, secret: str) -> str:
    """``secret`` as it may be kept. Twice the same secret gives two texts."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    enciphered = AESGCM(_key(signing_key)).encrypt(nonce, secret.encode(), webhook_id.encode())
    return base64.b64encode(nonce + enciphered).decode()


def opened(signing_key: bytes, webhook_id: str, sealed: str) -> str:
    """The secret of ``seal``; none, which is empty, of nothing. Raises SealBrokenError."""
    if not sealed:
        return ""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    kept = base64.b64decode(sealed)
    try:
        secret = AESGCM(_key(signing_key)).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], webhook_id.encode())
    except InvalidTag as error:
        raise SealBrokenError from error
    return secret.decode()


def _key(signing_key: bytes) -> bytes:
    return hmac.digest(signing_key, _CONTEXT, "sha256")
