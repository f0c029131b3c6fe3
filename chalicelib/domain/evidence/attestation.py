"""Attestations: signed statements about a version's bytes, such as build provenance, kept as they were signed.

An attestation is an in-toto statement in a DSSE envelope. The registry checks what the statement is about: every
subject must be a file of the version or the version itself. It also verifies the signatures with the keys of trusted
signers, and keeps whose verified; one that nobody trusted has signed is kept as well, and counts for nothing.

https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, LimitExceededError, NotFoundError, Problem
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant
from chalicelib.domain.signing import dsse
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, STATEMENT_TYPE
from chalicelib.domain.signing.unproven import doubt_of_unproven

if TYPE_CHECKING:
    from chalicelib.domain.evidence.attested import Attested
    from chalicelib.domain.signing.provenance import Provenance
    from chalicelib.domain.signing.trusted_signer import TrustedSigners

MAX_ATTESTATIONS: Final = 10
MAX_SIGNATURES: Final = 10
# All attestations of a version are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 128 * 1024
MAX_TEXT: Final = 1_024
_NAME: Final = re.compile(r"[a-z0-9_.\-]{1,64}")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class AttestationNotFoundError(NotFoundError):
    """The version has no attestation of this name."""

    code = "attestation_not_found"
    title = "Attestation not found"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of the envelope, in base64. ``keyid`` is what the signer calls the key; it proves nothing."""

    keyid: str
    sig: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A DSSE envelope: the statement in base64, and the signatures over it."""

    payload: str
    signatures: tuple[Signature, ...]

    def document(self) -> dict[str, Any]:
        return {
            "payloadType": PAYLOAD_TYPE,
            "payload": self.payload,
            "signatures": [{"keyid": one.keyid, "sig": one.sig} for one in self.signatures],
        }

    def signed(self) -> dsse.Envelope:
        """The envelope as the bytes that were signed. What is not base64 counts as empty."""
        signatures = (dsse.EnvelopeSignature(_decoded(one.sig) or b"", one.keyid) for one in self.signatures)
        return dsse.Envelope(_decoded(self.payload) or b"", tuple(signatures))


@dataclass(frozen=True, slots=True)
class Verification:
    """Whose signature of an attestation was verified: that of the trusted signer ``signer``, who was trusted as the
    hash ``trust`` says. Both are empty if nobody's was; ``reason`` then says why. ``unproven`` is a file that the
    statement is about and whose SHA-256 only its uploader states, if there is one.
    """

    signer: str = ""
    trust: str = ""
    reason: str = ""
    unproven: str = ""

    def doubt(self, signers: "TrustedSigners", read: bool) -> str | None:
        """Why the verification does not count now; None if it does. ``read``: the registry has read the files."""
        if not self.signer:
            return self.reason or "it was recorded before the registry verified signatures; record it again"
        standing = signers.by_name.get(self.signer)
        if standing is None:
            return f"the signer {self.signer} is trusted no longer"
        if standing.trust != self.trust:
            return f"the signer {self.signer} was changed since it was verified; record the attestation again"
        return doubt_of_unproven(self.unproven) if self.unproven and not read else None


@dataclass(frozen=True, slots=True)
class Attestation:
    """The latest attestation of one name. ``revision`` is the model's when it was recorded.

    ``whole``: it is about the version itself or about all of its files, not only about some.
    """

    envelope: Envelope
    predicate_type: str
    recorded_at: Instant
    recorded_by: str
    revision: int = 0
    whole: bool = False
    verification: Verification = Verification()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the envelope."""
        return sha256_hex(canonical_json(self.envelope.document()))

    def summary(self) -> dict[str, Any]:
        """What lists and events show: everything but the envelope."""
        return {
            "predicate_type": self.predicate_type,
            "key_ids": [one.keyid for one in self.envelope.signatures],
            "digest": self.digest,
            "whole": self.whole,
            "verified_by": self.verification.signer or None,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by,
        }

    @property
    def provenance(self) -> "Provenance | None":
        """What the statement says of the build; None if it is no SLSA provenance. Worth as much as its signature."""
        # Late, as below: most functions only know that there are attestations.
        from chalicelib.domain.signing.provenance import provenance_of

        return provenance_of(_statement(self.envelope.payload))

    def attested(self, signers: "TrustedSigners", read: bool) -> "Attested":
        """What it is worth to gates while ``signers`` are trusted. ``read``: the registry has read the files itself."""
        from chalicelib.domain.evidence.attested import Attested

        verification = self.verification
        return Attested(
            predicate_type=self.predicate_type,
            digest=self.digest,
            whole=self.whole,
            signer=verification.signer,
            doubt=verification.doubt(signers, read),
            provenance=self.provenance,
        )

    def is_like(self, other: "Attestation") -> bool:
        """Whether the other one says nothing new: the same envelope, which was verified with the same result."""
        return (self.envelope, self.whole, self.verification) == (other.envelope, other.whole, other.verification)


@dataclass(frozen=True, slots=True)
class Attestations(Latest[Attestation], kind="attestations"):
    """The latest attestation of each name of a version."""


def attestation_name(name: str) -> str:
    """``name``, if it may be an attestation's: 1 to 64 of ``a-z 0-9 _ . -``, not ``.`` or ``..``."""
    if not _NAME.fullmatch(name) or name in (".", ".."):
        raise InvalidNameError(
            f"The attestation's name {name!r} must be 1 to 64 lower-case letters, digits, '_', '.' or '-'."
        )
    return name


def checked(envelope: Envelope, version: str, files: Iterable[str]) -> tuple[str, bool]:
    """The statement's predicate type, and whether the statement is about the whole version.

    ``version`` is the digest of the version, ``files`` are those of its files, as SHA-256 in lower-case hexadecimal.
    Raises InvalidInputError if the statement is about anything else.
    """
    if not 1 <= len(envelope.signatures) <= MAX_SIGNATURES:
        raise _invalid("/signatures", f"must hold 1 to {MAX_SIGNATURES} signatures")
    for index, signature in enumerate(envelope.signatures):
        if not _decoded(signature.sig):
            raise _invalid(f"/signatures/{index}/sig", "is not base64")
    statement = _statement(envelope.payload)
    # JSON can escape what UTF-8 does not have, and no answer could show it.
    if any(map(_SURROGATE.search, _texts(statement))):
        raise _invalid("/payload", "has text that is no Unicode: half of a surrogate pair")
    found = statement.get("predicateType")
    if not isinstance(found, str) or not 1 <= len(found) <= MAX_TEXT:
        raise _invalid("/payload", f"its predicateType must be a text of 1 to {MAX_TEXT} characters")
    of_files, attested = set(files), subjects_of(envelope)
    for index, digest in enumerate(attested):
        if digest != version and digest not in of_files:
            raise _invalid("/payload", f"its subject {index} is neither a file of this version nor the version itself")
    return found, version in attested or of_files <= set(attested)


def subjects_of(envelope: Envelope) -> list[str | None]:
    """The SHA-256s that the statement is about; None for a subject without one. Raises InvalidInputError."""
    subjects = _statement(envelope.payload).get("subject")
    if not isinstance(subjects, list) or not subjects:
        raise _invalid("/payload", "its statement names no subject")
    return [_sha256(subject) for subject in subjects]


def bounded(attestations: Mapping[str, Attestation]) -> dict[str, Attestation]:
    """The attestations of a version, unless they are too many or too large. Raises LimitExceededError."""
    if len(attestations) > MAX_ATTESTATIONS:
        raise LimitExceededError(f"A version has at most {MAX_ATTESTATIONS} attestations; withdraw one first.")
    size = sum(len(canonical_json(one.envelope.document()).encode()) for one in attestations.values())
    if size > MAX_BYTES:
        raise LimitExceededError(
            f"The attestations of a version would take {size} bytes of at most {MAX_BYTES}; withdraw one first."
        )
    return dict(attestations)


def _statement(payload: str) -> Mapping[str, Any]:
    content = _decoded(payload)
    try:
        statement = dsse.json_of(content or b"")
    except ValueError:
        raise _invalid("/payload", "is not a statement: base64 of JSON in UTF-8 with every name once") from None
    if not isinstance(statement, dict) or statement.get("_type") != STATEMENT_TYPE:
        raise _invalid("/payload", f"is not a statement of type {STATEMENT_TYPE}")
    return statement


def _texts(statement: Mapping[str, Any]) -> Iterator[str]:
    """Every name and text of a statement, however deep it is nested."""
    found: list[Any] = [statement]
    while found:
        one = found.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            found += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            found += one


def _decoded(text: str) -> bytes | None:
    """The bytes of standard or URL-safe base64; None if it is neither, or empty."""
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _sha256(subject: object) -> str | None:
    digest = subject.get("digest") if isinstance(subject, dict) else None
    found = digest.get("sha256") if isinstance(digest, dict) else None
    return found if isinstance(found, str) else None


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"The envelope's {pointer[1:]} {message}.", [Problem(pointer, message)])
