"""Sigstore bundles out of JSON and back."""

import base64
import hashlib

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.signing.bundle import (
    Bundle,
    CertificateMaterial,
    KeylessMaterial,
    KeyMaterial,
    Material,
    bundle_from,
    hint_of,
)
from chalicelib.domain.signing.dsse import Envelope, EnvelopeSignature
from tests.domain.signing.bundles import bundle

ENVELOPE = Envelope(b"{}", (EnvelopeSignature(b"sig"),))
DER = base64.b64encode(b"der").decode()


@pytest.mark.parametrize(
    "material", [KeyMaterial("ab" * 32), KeyMaterial(), CertificateMaterial((b"one", b"two")), KeylessMaterial(b"leaf")]
)
def test_a_bundle_reads_back_from_its_document(material: Material) -> None:
    written = Bundle(material, ENVELOPE)
    assert bundle_from(written.document()) == written


def test_a_bundle_of_the_first_releases_has_no_hint() -> None:
    assert bundle_from(bundle(b"{}", publicKey={})).material == KeyMaterial()


def test_a_bundle_with_a_log_entry_and_one_certificate_is_keyless() -> None:
    found = bundle_from(bundle(b"{}", certificate={"rawBytes": DER}, tlogEntries=[{"logIndex": "1"}]))
    assert found.material == KeylessMaterial(b"der")


@pytest.mark.parametrize(
    ("material", "pointer"),
    [
        ({"tlogEntries": []}, "/verificationMaterial"),
        ({"publicKey": []}, "/verificationMaterial/publicKey"),
        ({"publicKey": {"hint": 1}}, "/verificationMaterial/publicKey"),
        ({"publicKey": {"hint": "a" * 257}}, "/verificationMaterial/publicKey"),
        ({"x509CertificateChain": {"certificates": []}}, "/verificationMaterial/x509CertificateChain/certificates"),
        (
            {"x509CertificateChain": {"certificates": [{"rawBytes": DER}, {}]}},
            "/verificationMaterial/x509CertificateChain/certificates/1/rawBytes",
        ),
        ({"certificate": {"rawBytes": "?"}}, "/verificationMaterial/certificate/rawBytes"),
        ({"publicKey": {}, "certificate": {"rawBytes": DER}}, "/verificationMaterial"),
    ],
)
def test_a_fault_of_the_material_is_named_by_its_place(material: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        bundle_from(bundle(b"{}", **material))
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_only_bundles_of_the_form_that_model_signing_writes_are_read() -> None:
    with pytest.raises(InvalidInputError, match="mediaType"):
        bundle_from({**bundle(b"{}"), "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1"})
    with pytest.raises(InvalidInputError):
        bundle_from("bundle")


def test_the_hint_is_the_hash_of_the_pem() -> None:
    assert hint_of("-----BEGIN") == hashlib.sha256(b"-----BEGIN").hexdigest()
