"""The key with which the registry signs: in KMS, which it never leaves, or in a secret as PEM."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, Protocol

from chalicelib.aws.signing.elliptic import algorithm_of, pem_of, private_key_from

# https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
_ALGORITHM: Final = "ECDSA_SHA_256"


class SigningKey(Protocol):
    """A private key on an elliptic curve. There are two: one in KMS, and one in a secret."""

    @property
    def public_pem(self) -> str:
        """The public key: PEM of SubjectPublicKeyInfo."""

    def sign(self, content: bytes) -> bytes:
        """The ECDSA signature, in DER, over ``content``."""


class KmsKey:
    """An asymmetric key of KMS on the curve P-256. KMS gets the SHA-256 only, so what is signed may be of any size."""

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    @cached_property
    def public_pem(self) -> str:
        from cryptography.hazmat.primitives.serialization import load_der_public_key

        from chalicelib.aws.signing.elliptic import fit

        answer = self._client.get_public_key(KeyId=self._key_id)
        return pem_of(fit(load_der_public_key(answer["PublicKey"])))

    def sign(self, content: bytes) -> bytes:
        signature: bytes = self._client.sign(
            KeyId=self._key_id,
            Message=hashlib.sha256(content).digest(),
            MessageType="DIGEST",
            SigningAlgorithm=_ALGORITHM,
        )["Signature"]
        return signature


class PemKey:
    """A key in PEM, on the curve P-256, P-384 or P-521. ``read`` gets the text; it raises UnfitKeyError if unfit."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    @property
    def public_pem(self) -> str:
        return pem_of(private_key_from(self._read()).public_key())

    def sign(self, content: bytes) -> bytes:
        key = private_key_from(self._read())
        return key.sign(content, algorithm_of(key.public_key()))
