"""Sigstore bundles with DSSE envelopes, as OpenSSF Model Signing writes them to ``model.sig``.

https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
# Of a thousand files with the longest paths.
_MAX_BYTES: Final = 16 * 1024**2
# As the registry takes. Each takes some hundredths of a second to verify.
MAX_SIGNATURES: Final = 10
_MAX_CERTIFICATES: Final = 10
# The kinds of what a verifier needs, of which a bundle has one.
_MATERIALS: Final = ("publicKey", "x509CertificateChain", "certificate")


def pae(payload: bytes) -> bytes:
    """What the signatures of an envelope are over: DSSE's Pre-Authentication Encoding."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def json_of(payload: bytes) -> Any:
    """The JSON that was signed: in UTF-8, and with every name once, since of a repeated one readers take another value.

    Raises SignatureError.
    """
    try:
        return json.loads(payload.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise SignatureError("what was signed is not JSON in UTF-8 with every name once") from error


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read, not verified.

    ``payload`` is what was signed, as bytes. ``hint`` names a public key; it is empty if the bundle names none.
    ``chain`` are certificates in DER, the signer's first; none if a key signed. ``keyless``: it was signed without a
    key of one's own, so it takes sigstore's log to verify it.
    """

    payload: bytes
    signatures: tuple[bytes, ...]
    hint: str = ""
    chain: tuple[bytes, ...] = ()
    keyless: bool = False

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a bundle from a file. Raises SignatureError if it is none."""
        try:
            with file.open("rb") as opened:
                content = opened.read(_MAX_BYTES + 1)
        except OSError as error:
            raise SignatureError(f"the signature {file} cannot be read: {error}") from error
        if len(content) > _MAX_BYTES:
            raise SignatureError(f"{file} has more than {_MAX_BYTES} bytes, so it is not a signature")
        try:
            given = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise SignatureError(f"{file} is not a signature: it is not JSON") from error
        return cls.from_document(given)

    @classmethod
    def from_document(cls, given: object) -> Self:
        """The bundle that a JSON document is. Raises SignatureError."""
        if not isinstance(given, Mapping) or given.get("mediaType") != MEDIA_TYPE:
            raise SignatureError(f"this is not a sigstore bundle of the type {MEDIA_TYPE}")
        envelope, material = given.get("dsseEnvelope"), given.get("verificationMaterial")
        if not isinstance(envelope, Mapping) or not isinstance(material, Mapping):
            raise SignatureError("the bundle has no dsseEnvelope or no verificationMaterial")
        if envelope.get("payloadType") != PAYLOAD_TYPE:
            raise SignatureError(f"the bundle's payload is not of the type {PAYLOAD_TYPE}")
        signatures = envelope.get("signatures")
        if not isinstance(signatures, list) or not 1 <= len(signatures) <= MAX_SIGNATURES:
            raise SignatureError(f"the bundle must have 1 to {MAX_SIGNATURES} signatures")
        found = tuple(_decoded(one, "sig") for one in signatures)
        return cls(_decoded(envelope, "payload"), found, *_material(material))

    def is_signed_by(self, key: PublicKey) -> bool:
        """Whether one of the signatures is the key's."""
        return any(key.verifies(signature, pae(self.payload)) for signature in self.signatures)


def bundle_document(payload: bytes, signature: bytes, hint: str) -> dict[str, Any]:
    """The JSON of a bundle that a key signed."""
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"sig": base64.b64encode(signature).decode()}],
        },
    }


def _material(given: Mapping[str, Any]) -> tuple[str, tuple[bytes, ...], bool]:
    key, chain, certificate = (given.get(name) for name in _MATERIALS)
    if sum(one is not None for one in (key, chain, certificate)) != 1:
        raise SignatureError(f"the bundle's verificationMaterial must have one of {', '.join(_MATERIALS)}")
    if isinstance(key, Mapping):
        return str(key.get("hint") or ""), (), False
    if isinstance(chain, Mapping) and isinstance(chain.get("certificates"), list) and chain["certificates"]:
        if len(chain["certificates"]) > _MAX_CERTIFICATES:
            raise SignatureError(f"the bundle has more than {_MAX_CERTIFICATES} certificates")
        return "", tuple(_decoded(one, "rawBytes") for one in chain["certificates"]), False
    if certificate is not None:
        return "", (_decoded(certificate, "rawBytes"),), True
    raise SignatureError("the bundle says neither with which key nor with which certificate it was signed")


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return named


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _decoded(given: object, field: str) -> bytes:
    text = given.get(field) if isinstance(given, Mapping) else None
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError as error:
        raise SignatureError(f"the bundle's {field} is not base64") from error
