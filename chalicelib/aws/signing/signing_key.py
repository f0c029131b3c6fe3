"""The key with which the registry signs: in KMS, which it never leaves, or in a secret as PEM."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, NamedTuple, Protocol

from chalicelib.aws.signing.elliptic import algorithm_of, pem_of, private_key_from

# https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
_ALGORITHM: Final = "ECDSA_SHA_256"


class Signed(NamedTuple):
    """An ECDSA signature in DER, and the public key that verifies it: PEM of SubjectPublicKeyInfo."""

    signature: bytes
    public_pem: str


class SigningKey(Protocol):
    """A private key on an elliptic curve. There are two: one in KMS, and one in a secret."""

    def sign(self, content: bytes) -> Signed:
        """Sign ``content``. Signature and public key come together, because the key may be changed at any time."""


class KmsKey:
    """An asymmetric key of KMS on the curve P-256. KMS gets the SHA-256 only, so what is signed may be of any size."""

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    @cached_property
    def _public_pem(self) -> str:
        from cryptography.hazmat.primitives.serialization import load_der_public_key

        from chalicelib.aws.signing.elliptic import fit

        answer = self._client.get_public_key(KeyId=self._key_id)
        return pem_of(fit(load_der_public_key(answer["PublicKey"])))

    def sign(self, content: bytes) -> Signed:
        answer = self._client.sign(
            KeyId=self._key_id,
            Message=hashlib.sha256(content).digest(),
            MessageType="DIGEST",
            SigningAlgorithm=_ALGORITHM,
        )
        return Signed(answer["Signature"], self._public_pem)


class PemKey:
    """A key in PEM, on the curve P-256, P-384 or P-521. ``read`` gets its text; any other text is an UnfitKeyError.

    The text is read once for a signature, so a key that is replaced meanwhile does not come with another's. It signs
    without random numbers (RFC 6979), which betray the key if they ever repeat.
    """

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    def sign(self, content: bytes) -> Signed:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

        key = private_key_from(self._read())
        public = key.public_key()
        signature = key.sign(content, ECDSA(algorithm_of(public).algorithm, deterministic_signing=True))
        return Signed(signature, pem_of(public))
