"""Signatures by keys on elliptic curves, with the hash that belongs to the size of the curve.

``cryptography`` is imported where it is used: it is slow to import, and few requests need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey, EllipticCurvePublicKey

# The curves of OpenSSF Model Signing: P-256, P-384, P-521.
CURVES: Final = ("secp256r1", "secp384r1", "secp521r1")


class UnfitKeyError(Exception):
    """The text is no key in PEM, is encrypted, or is not on one of the three curves. The message says which."""


def public_key_from(pem: str) -> EllipticCurvePublicKey:
    """The public key of a PEM. Raises UnfitKeyError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnfitKeyError("is not a public key in PEM") from error
    return fit(key)


def private_key_from(pem: str) -> EllipticCurvePrivateKey:
    """The private key of a PEM that is not encrypted. Raises UnfitKeyError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    # A TypeError says that the key is encrypted.
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnfitKeyError("is not a private key in PEM, or is encrypted") from error
    if not isinstance(key, EllipticCurvePrivateKey):
        raise UnfitKeyError("is not a key on an elliptic curve")
    fit(key.public_key())
    return key


def fit(key: object) -> EllipticCurvePublicKey:
    """The public key, if it is on one of the three curves. Raises UnfitKeyError."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name not in CURVES:
        raise UnfitKeyError("is not on the curve P-256, P-384 or P-521")
    return key


def pem_of(key: EllipticCurvePublicKey) -> str:
    """The public key in the one form whose SHA-256 is a bundle's hint: PEM of SubjectPublicKeyInfo."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def algorithm_of(key: EllipticCurvePublicKey) -> ECDSA:
    """ECDSA with SHA-256 for P-256, SHA-384 for P-384 and SHA-512 for P-521."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    by_size = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
    return ECDSA(by_size[key.curve.key_size])


def is_signed(key: EllipticCurvePublicKey, signature: bytes, content: bytes) -> bool:
    """Whether ``signature``, in DER, is the key's over ``content``."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, content, algorithm_of(key))
    except InvalidSignature:
        return False
    return True
