"""Encrypt the secrets of webhooks that callers choose, and their secret headers, to store them in the table.

Each secret is bound to its webhook, so that a record copied to another webhook cannot be decrypted. If the signing
secret is changed, these secrets are lost and must be set again.
"""

import json
from collections.abc import Mapping
from typing import Final

from chalicelib.aws.cipher import Cipher, UnreadableError
from chalicelib.domain.canonical import canonical_json

_CONTEXT: Final = b"moorage caller secrets v1"
_HEADERS_CONTEXT: Final = b"moorage webhook headers v1"


class SealBrokenError(Exception):
    """A sealed secret cannot be decrypted: the signing secret was changed since, or the record was edited."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the webhook's {what} cannot be read because the signing secret was changed; set it again")


def seal(signing_key: bytes, webhook_id: str, secret: str) -> str:
    """Encrypt ``secret`` for storage. The result differs each time."""
    return Cipher(signing_key, _CONTEXT).encrypted(secret, webhook_id)


def opened(signing_key: bytes, webhook_id: str, sealed: str) -> str:
    """Decrypt what ``seal`` returned. An empty text is an empty secret. Raises SealBrokenError."""
    if not sealed:
        return ""
    return _decrypted(Cipher(signing_key, _CONTEXT), webhook_id, sealed, "secret")


def seal_headers(signing_key: bytes, webhook_id: str, headers: Mapping[str, str]) -> str:
    """Encrypt secret headers for storage; no headers make an empty text."""
    return Cipher(signing_key, _HEADERS_CONTEXT).encrypted(canonical_json(headers), webhook_id) if headers else ""


def opened_headers(signing_key: bytes, webhook_id: str, sealed: str) -> dict[str, str]:
    """Decrypt what ``seal_headers`` returned. Raises SealBrokenError."""
    if not sealed:
        return {}
    text = _decrypted(Cipher(signing_key, _HEADERS_CONTEXT), webhook_id, sealed, "list of secret headers")
    headers: dict[str, str] = json.loads(text)
    return headers


def _decrypted(cipher: Cipher, webhook_id: str, sealed: str, what: str) -> str:
    try:
        return cipher.decrypted(sealed, webhook_id)
    except UnreadableError as error:
        raise SealBrokenError(what) from error
