"""Signatures of a version: the registry's own, and those that somebody brought."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.signing.unproven import doubt_of_unproven

if TYPE_CHECKING:
    from chalicelib.domain.signing.bundle import Bundle
    from chalicelib.domain.signing.trusted_signer import TrustedSigners

MAX_SIGNATURES: Final = 10
# All signatures that were brought for a version are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 256 * 1024


class SignatureNotFoundError(NotFoundError):
    """The version has no signature of this name."""

    code = "signature_not_found"
    title = "Signature not found"


class SignerNotTrustedError(ConflictError):
    """No trusted signer signed the bundle. Save its signer first, or sign with a key that is trusted."""

    code = "signer_not_trusted"
    title = "Signer not trusted"


class SignedWith(StrEnum):
    """With what a bundle was signed.

    KEYLESS ones carry a certificate of some minutes; whether it was valid when it signed only a transparency log
    proves, which the registry does not ask. So nobody has verified them.
    """

    KEY = "key"
    CERTIFICATE = "certificate"
    KEYLESS = "keyless"


@dataclass(frozen=True, slots=True)
class BroughtSignature:
    """A bundle that somebody brought.

    ``packed`` is the bundle. ``signer`` is the trusted signer that verified it, and ``trust`` what was trusted then;
    both are empty if nobody has. ``identity`` is whom the certificate names. ``unproven`` is a file whose SHA-256 only
    its uploader states, if there is one. ``revision`` is the model's when it was recorded.
    """

    packed: str
    signed_with: SignedWith
    signer: str
    trust: str
    identity: str
    recorded_at: Instant
    recorded_by: str
    revision: int = 0
    unproven: str = ""

    @property
    def bundle(self) -> dict[str, Any]:
        """The bundle as it was brought."""
        return unpacked(self.packed)

    def doubt(self, signers: "TrustedSigners", read: bool) -> str | None:
        """Why the signature does not count now; None if it does. ``read``: the registry has read the files itself."""
        if not self.signer:
            return "it was signed without a key of its own, which the registry does not verify"
        standing = signers.by_name.get(self.signer)
        if standing is None:
            return f"the signer {self.signer} is trusted no longer"
        if standing.trust != self.trust:
            return f"the signer {self.signer} was changed since it was verified; bring the signature again"
        return doubt_of_unproven(self.unproven) if self.unproven and not read else None

    def summary(self) -> dict[str, Any]:
        """What lists and events show: everything but the bundle."""
        return {
            "signed_with": self.signed_with.value,
            "signer": self.signer or None,
            "identity": self.identity or None,
            "digest": sha256_hex(canonical_json(self.bundle)),
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by,
        }


@dataclass(frozen=True, slots=True)
class BroughtSignatures(Record, kind="signatures"):
    """The latest signature of each name that was brought for a version."""

    version: int
    by_name: Mapping[str, BroughtSignature] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return (BroughtSignatures, self.version)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        former: Mapping[str, BroughtSignature] = {} if before is None else before.by_name
        by_name = {
            name: one if one == former.get(name) else replace(one, revision=stamp.revision)
            for name, one in self.by_name.items()
        }
        return replace(self, by_name=by_name)


@dataclass(frozen=True, slots=True)
class RegistrySignature(Record, kind="registry_signature"):
    """The registry's signature of a version, in base64. What it is over follows from the version and its files."""

    version: int
    sig: str
    public_key: str
    digest: str
    signed_at: Instant
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (RegistrySignature, self.version)

    @property
    def key(self) -> str:
        """What bundles call the key: the SHA-256 of its PEM."""
        from chalicelib.domain.signing.bundle import hint_of

        return hint_of(self.public_key)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return self if self == before else replace(self, revision=stamp.revision)

    def bundle(self, payload: bytes) -> "Bundle":
        """The bundle around the statement that was signed."""
        # Late, as below: every function that changes a model knows this record, and few make a bundle.
        from chalicelib.domain.signing.bundle import Bundle, KeyMaterial
        from chalicelib.domain.signing.dsse import Envelope, EnvelopeSignature

        signature = EnvelopeSignature(base64.b64decode(self.sig))
        return Bundle(KeyMaterial(self.key), Envelope(payload, (signature,)))


def doubts(brought: Iterable[BroughtSignature], signers: "TrustedSigners", read: bool) -> dict[str, str | None]:
    """The trusted signers who signed, with why their signature does not count now; None if it does.

    ``read``: the registry has read the files itself.
    """
    found: dict[str, str | None] = {}
    for one in brought:
        # A signer may have signed under two names; one that counts is enough.
        if one.signer and found.get(one.signer, "") is not None:
            found[one.signer] = one.doubt(signers, read)
    return found


def packed(bundle: Mapping[str, Any]) -> str:
    """A bundle's canonical JSON, compressed, in base64: digests in hexadecimal take half of the space so."""
    return base64.b64encode(zlib.compress(canonical_json(bundle).encode(), 9)).decode()


def unpacked(text: str) -> dict[str, Any]:
    """The bundle that was packed."""
    document: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(text)))
    return document
