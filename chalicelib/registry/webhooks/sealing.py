"""Encrypt the webhook secrets that callers choose, to store them in the table.

Each secret is bound to its webhook, so that a record copied to another webhook cannot be decrypted. If the signing
secret is changed, these secrets are lost and must be set again.
"""

from typing import Final

from chalicelib.aws.cipher import Cipher, UnreadableError

_CONTEXT: Final = b"moorage caller secrets v1"


class SealBrokenError(Exception):
    """A sealed secret cannot be decrypted: the signing secret was changed since, or the record was edited."""

    def __init__(self) -> None:
        super().__init__("the webhook's secret cannot be read because the signing secret was changed; set it again")


def seal(signing_key: bytes, webhook_id: str, secret: str) -> str:
    """Encrypt ``secret`` for storage. The result differs each time."""
    return Cipher(signing_key, _CONTEXT).encrypted(secret, webhook_id)


def opened(signing_key: bytes, webhook_id: str, sealed: str) -> str:
    """Decrypt what ``seal`` returned. An empty text is an empty secret. Raises SealBrokenError."""
    if not sealed:
        return ""
    try:
        return Cipher(signing_key, _CONTEXT).decrypted(sealed, webhook_id)
    except UnreadableError as error:
        raise SealBrokenError from error
