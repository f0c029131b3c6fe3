"""Signatures verified with the standard library, beside those of the package cryptography."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from moorage.signing.elliptic import P256, PublicKey
from moorage.signing.errors import UnfitKeyError

from chalicelib.aws.signing.elliptic import algorithm_of, is_signed, public_key_from
from tests.aws.signing.keys import CURVES, new_key, private_pem, public_pem

KEYS = {curve.name: new_key(curve) for curve in CURVES}
SIGNED = {name: key.sign(b"content", algorithm_of(key.public_key())) for name, key in KEYS.items()}
each_curve = pytest.mark.parametrize("name", KEYS)


@each_curve
@settings(max_examples=8)
@given(content=st.binary(max_size=200))
def test_what_cryptography_signs_verifies_and_nothing_else(name: str, content: bytes) -> None:
    private = KEYS[name]
    key = PublicKey.from_pem(public_pem(private))
    signature = private.sign(content, algorithm_of(private.public_key()))
    assert key.verifies(signature, content)
    assert not key.verifies(signature, content + b"!")


@each_curve
@settings(max_examples=30)
@given(data=st.data())
def test_a_changed_signature_is_judged_as_cryptography_judges_it(name: str, data: st.DataObject) -> None:
    signature = bytearray(SIGNED[name])
    at = data.draw(st.integers(0, len(signature) - 1))
    signature[at] = data.draw(st.integers(0, 255))
    pem = public_pem(KEYS[name])
    expected = is_signed(public_key_from(pem), bytes(signature), b"content")
    assert PublicKey.from_pem(pem).verifies(bytes(signature), b"content") == expected


@each_curve
def test_numbers_out_of_range_are_no_signature(name: str) -> None:
    key = PublicKey.from_pem(public_pem(KEYS[name]))
    for numbers in ((0, 1), (1, 0), (key.curve.n, 1), (1, key.curve.n), (0, 0)):
        assert not key.verifies(encode_dss_signature(*numbers), b"content")


@pytest.mark.parametrize("signature", [b"", b"\x30", b"\x30\x00", b"\x30\x81", b"\x30\x81\x06\x02\x01\x01\x02\x01\x01"])
def test_what_is_not_der_is_no_signature(signature: bytes) -> None:
    assert not PublicKey.from_pem(public_pem(KEYS["secp256r1"])).verifies(signature, b"content")


def test_a_second_signature_of_the_same_numbers_verifies_as_ecdsa_has_it() -> None:
    private = KEYS["secp256r1"]
    r, s = decode_dss_signature(private.sign(b"content", algorithm_of(private.public_key())))
    assert PublicKey.from_pem(public_pem(private)).verifies(encode_dss_signature(r, P256.n - s), b"content")


@each_curve
def test_the_hint_is_the_hash_of_the_pem_whatever_its_line_ends(name: str) -> None:
    pem = public_pem(KEYS[name])
    key = PublicKey.from_pem("a comment\n" + pem.replace("\n", "\r\n"))
    assert key.pem == pem
    assert key.hint == hashlib.sha256(pem.encode()).hexdigest()


RSA = rsa.generate_private_key(65537, 2048).public_key()


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "-----BEGIN PUBLIC KEY-----\nAAA\n-----END PUBLIC KEY-----",
        private_pem(KEYS["secp256r1"]),
        public_pem(new_key(ec.SECP256K1())),
        RSA.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        public_pem(KEYS["secp256r1"]).replace("E", "F"),
    ],
    ids=["nothing", "no base64", "private", "another curve", "RSA", "not on the curve"],
)
def test_what_is_no_key_on_the_three_curves_is_refused(pem: str) -> None:
    with pytest.raises(UnfitKeyError):
        PublicKey.from_pem(pem)
