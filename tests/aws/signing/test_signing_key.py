"""The keys with which the registry signs."""

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.aws.signing.elliptic import UnfitKeyError, is_signed, public_key_from
from chalicelib.aws.signing.signing_key import KmsKey, PemKey
from tests.aws.signing.keys import CURVES, new_key, private_pem, public_pem


class FakeKms:
    """A key of KMS. moto's is no use here: it hashes a digest once more, so its signatures do not verify."""

    def __init__(self) -> None:
        self.key = new_key()

    def get_public_key(self, KeyId: str) -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
        assert KeyId == "arn:key"
        return {"PublicKey": self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}

    def sign(self, KeyId: str, Message: bytes, MessageType: str, SigningAlgorithm: str) -> dict[str, Any]:  # noqa: N803
        assert (KeyId, MessageType, SigningAlgorithm) == ("arn:key", "DIGEST", "ECDSA_SHA_256")
        assert len(Message) == hashlib.sha256().digest_size
        return {"Signature": self.key.sign(Message, ec.ECDSA(Prehashed(SHA256())))}


def test_kms_signs_content_of_any_size() -> None:
    key = KmsKey(FakeKms(), "arn:key")
    content = b"x" * 100_000
    signature, public = key.sign(content)
    assert is_signed(public_key_from(public), signature, content)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_a_key_in_a_secret_signs(curve: ec.EllipticCurve) -> None:
    private = new_key(curve)
    key = PemKey(lambda: private_pem(private))
    signature, public = key.sign(b"content")
    assert public == public_pem(private)
    assert is_signed(private.public_key(), signature, b"content")


def test_a_signature_comes_with_its_own_key_although_another_is_in_the_secret_by_then() -> None:
    changing = PemKey(lambda: private_pem(new_key()))
    signature, public = changing.sign(b"content")
    assert is_signed(public_key_from(public), signature, b"content")


@pytest.mark.parametrize("text", ["", "generated", private_pem(new_key(ec.SECP256K1()))])
def test_a_secret_without_a_fit_key_says_so(text: str) -> None:
    with pytest.raises(UnfitKeyError):
        PemKey(lambda: text).sign(b"content")
