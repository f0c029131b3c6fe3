"""Sigstore bundles: an envelope, and what a verifier needs to know of the key that signed it.

Signed with a key of one's own, a bundle carries a hint of the public key or a chain of certificates. Signed without a
key of one's own, it carries a certificate of a few minutes and the entries of a transparency log.
https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.signing.dsse import Envelope, decoded, encoded, envelope_from, invalid

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
MAX_CERTIFICATES: Final = 10
_HINT: Final = 256
# The kinds of what a verifier needs, of which a bundle has one.
_MATERIALS: Final = ("publicKey", "x509CertificateChain", "certificate")


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """The envelope was signed with a key. ``hint`` is empty in bundles of the first releases of ``model_signing``."""

    hint: str = ""


@dataclass(frozen=True, slots=True)
class CertificateMaterial:
    """The envelope was signed with the key of the first certificate. All are in DER, each issued by the next."""

    chain: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class KeylessMaterial:
    """The envelope was signed with a short-lived key. ``certificate``, in DER, says whose identity it was made for.

    Whether it was valid then only the transparency log proves, which is not asked here.
    """

    certificate: bytes


Material = KeyMaterial | CertificateMaterial | KeylessMaterial


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle of the form 0.3 around a DSSE envelope."""

    material: Material
    envelope: Envelope

    def document(self) -> dict[str, Any]:
        """The bundle as JSON, without the entries of a transparency log."""
        return {
            "mediaType": MEDIA_TYPE,
            "verificationMaterial": {**_material_document(self.material), "tlogEntries": []},
            "dsseEnvelope": self.envelope.document(),
        }


def bundle_from(given: object) -> Bundle:
    """Read a bundle out of its JSON. Nothing is verified. Raises InvalidInputError."""
    if not isinstance(given, Mapping):
        raise invalid("/", "must be an object: a sigstore bundle")
    if given.get("mediaType") != MEDIA_TYPE:
        raise invalid("/mediaType", f"must be {MEDIA_TYPE}")
    envelope = envelope_from(given.get("dsseEnvelope"), "/dsseEnvelope")
    return Bundle(_material(given.get("verificationMaterial")), envelope)


def hint_of(public_pem: str) -> str:
    """The hint of a public key: SHA-256, in hexadecimal, of its PEM as SubjectPublicKeyInfo."""
    return hashlib.sha256(public_pem.encode()).hexdigest()


def _material(given: object) -> Material:
    pointer = "/verificationMaterial"
    if not isinstance(given, Mapping):
        raise invalid(pointer, "must be an object")
    if sum(given.get(kind) is not None for kind in _MATERIALS) != 1:
        raise invalid(pointer, f"must have one of {', '.join(_MATERIALS)}")
    if given.get("publicKey") is not None:
        return _key_material(given["publicKey"], f"{pointer}/publicKey")
    if given.get("x509CertificateChain") is not None:
        return CertificateMaterial(_chain(given["x509CertificateChain"], f"{pointer}/x509CertificateChain"))
    return KeylessMaterial(_certificate(given["certificate"], f"{pointer}/certificate"))


def _key_material(given: object, pointer: str) -> KeyMaterial:
    hint = given.get("hint") if isinstance(given, Mapping) else 0
    if not isinstance(hint, str | None) or len(hint or "") > _HINT:
        raise invalid(pointer, f"must be an object whose 'hint' is a text of at most {_HINT} characters")
    return KeyMaterial(hint or "")


def _chain(given: object, pointer: str) -> tuple[bytes, ...]:
    listed = given.get("certificates") if isinstance(given, Mapping) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_CERTIFICATES:
        raise invalid(f"{pointer}/certificates", f"must be a list of 1 to {MAX_CERTIFICATES} certificates")
    return tuple(_certificate(one, f"{pointer}/certificates/{index}") for index, one in enumerate(listed))


def _certificate(given: object, pointer: str) -> bytes:
    raw = given.get("rawBytes") if isinstance(given, Mapping) else None
    return decoded(raw, f"{pointer}/rawBytes")


def _material_document(material: Material) -> dict[str, Any]:
    match material:
        case KeyMaterial(hint):
            return {"publicKey": {"hint": hint}}
        case CertificateMaterial(chain):
            return {"x509CertificateChain": {"certificates": [{"rawBytes": encoded(one)} for one in chain]}}
        case KeylessMaterial(certificate):
            return {"certificate": {"rawBytes": encoded(certificate)}}
