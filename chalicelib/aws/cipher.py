"""Encrypts short secrets with a key derived from the signing secret, for the table or for a browser to keep.

AES-256-GCM. Each text is bound to its owner, so that one copied to another owner cannot be decrypted. If the signing
secret is changed, no text encrypted before can be read.
"""

import base64
import hmac
import os
from typing import Final

_NONCE_BYTES: Final = 12


class UnreadableError(Exception):
    """The text was not encrypted here for this owner, or the signing secret was changed since."""

    def __init__(self) -> None:
        super().__init__("an encrypted text cannot be read: the signing secret was changed, or the text was edited")


class Cipher:
    """``context`` says what is encrypted; a text of one context cannot be decrypted in another."""

    def __init__(self, signing_key: bytes, context: bytes) -> None:
        self._key = hmac.digest(signing_key, context, "sha256")

    def encrypted(self, text: str, owner: str) -> str:
        """The text, encrypted and in base64. The result differs each time."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE_BYTES)
        return base64.b64encode(nonce + AESGCM(self._key).encrypt(nonce, text.encode(), owner.encode())).decode()

    def decrypted(self, given: str, owner: str) -> str:
        """What ``encrypted`` was given. Raises UnreadableError."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            stored = base64.b64decode(given, validate=True)
            nonce, encrypted = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
            text = AESGCM(self._key).decrypt(nonce, encrypted, owner.encode())
        # ValueError: it is not base64, or too short to have a nonce.
        except (InvalidTag, ValueError) as error:
            raise UnreadableError from error
        return text.decode()
