"""Signatures verified with keys and with certificates of an authority."""

import base64
import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.signing.elliptic import UnfitKeyError, private_key_from, public_key_from
from chalicelib.aws.signing.verification import (
    NotVerifiedError,
    authority_pem,
    identity_of,
    loaded_certificate,
    names_of,
    verify_by_authority,
    verify_by_key,
)
from tests.aws.signing.keys import BEGAN, CURVES, Issued, issued, new_key, private_pem, public_pem, signed


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_what_a_key_signed_verifies_with_it_alone(curve: ec.EllipticCurve) -> None:
    key = new_key(curve)
    envelope = signed(key, b"statement")
    verify_by_key(envelope, public_pem(key))
    with pytest.raises(NotVerifiedError, match="not signed by this key"):
        verify_by_key(envelope, public_pem(new_key(curve)))
    with pytest.raises(NotVerifiedError):
        verify_by_key(replace(envelope, payload=b"statements"), public_pem(key))


def test_a_signature_that_is_no_signature_does_not_verify() -> None:
    key = new_key()
    envelope = signed(key, b"statement")
    with pytest.raises(NotVerifiedError):
        verify_by_key(
            replace(envelope, signatures=(replace(envelope.signatures[0], sig=b"\x30\x00"),)), public_pem(key)
        )


def test_one_of_several_signatures_is_enough() -> None:
    key, other = new_key(), new_key()
    both = replace(signed(key, b"s"), signatures=(*signed(other, b"s").signatures, *signed(key, b"s").signatures))
    verify_by_key(both, public_pem(key))


RSA = rsa.generate_private_key(65537, 2048).public_key()


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "key",
        public_pem(new_key(ec.SECP256K1())),
        RSA.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    ],
    ids=["nothing", "no PEM", "another curve", "RSA"],
)
def test_only_keys_on_the_three_curves_are_taken(pem: str) -> None:
    with pytest.raises(UnfitKeyError):
        public_key_from(pem)


def test_a_private_key_is_not_taken_for_a_public_one_nor_the_other_way() -> None:
    key = new_key()
    with pytest.raises(UnfitKeyError):
        public_key_from(private_pem(key))
    with pytest.raises(UnfitKeyError):
        private_key_from(public_pem(key))


def by(chain: list[Issued], authority: Issued, payload: bytes = b"statement") -> x509.Certificate:
    return verify_by_authority(signed(chain[0].key, payload), [one.der for one in chain], authority.pem)


ROOT = issued("root", authority=True, days=900)
MIDDLE = issued("middle", ROOT, authority=True, days=400)


def test_a_chain_leads_to_the_authority_with_and_without_others_between() -> None:
    assert by([issued("ada", ROOT)], ROOT).subject.rfc4514_string() == "CN=ada"
    by([issued("ada", MIDDLE), MIDDLE], ROOT)
    by([issued("ada", MIDDLE), MIDDLE, ROOT], ROOT)
    by([issued("ada", MIDDLE)], MIDDLE)


def test_a_chain_of_another_authority_of_the_same_name_is_refused() -> None:
    with pytest.raises(NotVerifiedError, match="do not lead to this authority"):
        by([issued("ada", ROOT), ROOT], issued("root", authority=True))


def test_a_certificate_that_has_expired_since_still_verifies() -> None:
    by([issued("ada", ROOT, began=BEGAN, days=1)], ROOT)


@pytest.mark.parametrize(
    ("leaf", "message"),
    [
        ({"began": BEGAN - timedelta(days=1)}, "not valid when"),
        ({"began": BEGAN + timedelta(days=901)}, "not valid when"),
        ({"usage": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])}, "may not be used to sign"),
        ({"extra": x509.InhibitAnyPolicy(0)}, "critical extension"),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused(leaf: dict[str, Any], message: str) -> None:
    with pytest.raises(NotVerifiedError, match=message):
        by([issued("ada", ROOT, **leaf)], ROOT)


def test_who_is_no_authority_issues_nothing() -> None:
    eve = issued("eve", ROOT)
    with pytest.raises(NotVerifiedError, match="do not lead"):
        by([issued("ada", eve), eve], ROOT)


def test_an_authority_issues_no_further_authorities_than_it_may() -> None:
    root = issued("root", authority=True, path_length=0, days=900)
    middle = issued("middle", root, authority=True, days=400)
    by([issued("ada", root)], root)
    with pytest.raises(NotVerifiedError, match="do not lead"):
        by([issued("ada", middle), middle], root)


def test_the_certificates_key_must_have_signed() -> None:
    ada, eve = issued("ada", ROOT), issued("eve", ROOT)
    with pytest.raises(NotVerifiedError, match="not signed by the key"):
        verify_by_authority(signed(eve.key, b"s"), [ada.der], ROOT.pem)


def test_what_is_no_certificate_is_refused() -> None:
    envelope = signed(new_key(), b"s")
    with pytest.raises(NotVerifiedError, match="not a certificate"):
        verify_by_authority(envelope, [b"der"], ROOT.pem)
    with pytest.raises(UnfitKeyError):
        verify_by_authority(envelope, [ROOT.der], "pem")


def test_a_certificate_names_its_subject_and_its_alternative_names() -> None:
    assert names_of(issued("ada", ROOT, email="ada@example.org").certificate) == ("CN=ada", "ada@example.org")


def with_rsa() -> Issued:
    """A certificate that may sign, for a key of another kind, by the root."""
    made = issued("ada", ROOT)
    builder = (
        x509.CertificateBuilder()
        .subject_name(made.certificate.subject)
        .issuer_name(ROOT.certificate.subject)
        .public_key(RSA)
        .serial_number(7)
        .not_valid_before(BEGAN)
        .not_valid_after(BEGAN + timedelta(days=30))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
    )
    return Issued(made.key, builder.sign(ROOT.key, SHA256()))


def test_a_certificate_for_a_key_of_another_kind_does_not_verify() -> None:
    with pytest.raises(NotVerifiedError, match="whose key is not on the curve"):
        by([with_rsa()], ROOT)


ADA = issued("ada", ROOT, email="ada@example.org")


def broken(old: bytes, new: bytes) -> bytes:
    assert ADA.der.count(old) >= 1
    return ADA.der.replace(old, new)


@pytest.mark.parametrize(
    "der",
    [
        broken(bytes.fromhex("a003020102"), bytes.fromhex("a003020113")),
        # The extended usage is called basic constraints, as another extension is.
        broken(bytes.fromhex("0603551d25"), bytes.fromhex("0603551d13")),
        # The name is a BIT STRING, and one that is no UTF-8.
        broken(b"\x0c\x03ada", b"\x03\x03\x00da"),
        broken(b"\x0c\x03ada", b"\x0c\x03\xff\xffa"),
    ],
    ids=["version", "extension twice", "type of a name", "text of a name"],
)
def test_a_certificate_that_breaks_its_own_form_is_refused_wherever_it_stands(der: bytes) -> None:
    with pytest.raises(NotVerifiedError):
        identity_of(der)
    for chain in ([der], [ADA.der, der]):
        with pytest.raises(NotVerifiedError):
            verify_by_authority(signed(ADA.key, b"statement"), chain, ROOT.pem)
    pem = f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n"
    with pytest.raises(UnfitKeyError):
        authority_pem(pem)


@given(st.lists(st.tuples(st.integers(0, len(ADA.der) - 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_whatever_a_certificate_is_nothing_but_a_refusal_comes_of_it(changes: list[tuple[int, int]]) -> None:
    der = bytearray(ADA.der)
    for at, value in changes:
        der[at] = value
    for read in (lambda: identity_of(bytes(der)), lambda: loaded_certificate(bytes(der))):
        with contextlib.suppress(NotVerifiedError):
            read()
    with contextlib.suppress(NotVerifiedError):
        verify_by_authority(signed(ADA.key, b"statement"), [bytes(der)], ROOT.pem)
