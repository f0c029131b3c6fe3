"""Attestations: signed statements about a version's bytes, such as build provenance, kept as they were signed.

An attestation is an in-toto statement in a DSSE envelope. The registry checks what the statement is about: every
subject must be a file of the version or the version itself. It does not check who signed; whoever relies on an
attestation verifies the signatures with keys that they trust.

https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, LimitExceededError, NotFoundError, Problem
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
MAX_ATTESTATIONS: Final = 10
MAX_SIGNATURES: Final = 10
# All attestations of a version are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 128 * 1024
MAX_TEXT: Final = 1_024
_NAME: Final = re.compile(r"[a-z0-9_.\-]{1,64}")


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


@dataclass(frozen=True, slots=True)
class Attestation:
    """The latest attestation of one name. ``revision`` is the model's when it was recorded."""

    envelope: Envelope
    predicate_type: str
    recorded_at: Instant
    recorded_by: str
    revision: int = 0

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
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by,
        }


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


def predicate_type(envelope: Envelope, digests: Iterable[str]) -> str:
    """The statement's predicate type, once the statement is found to be about nothing but ``digests``.

    ``digests`` are SHA-256 in lower-case hexadecimal. Raises InvalidInputError.
    """
    if not 1 <= len(envelope.signatures) <= MAX_SIGNATURES:
        raise _invalid("/signatures", f"must hold 1 to {MAX_SIGNATURES} signatures")
    for index, signature in enumerate(envelope.signatures):
        if not _decoded(signature.sig):
            raise _invalid(f"/signatures/{index}/sig", "is not base64")
    statement = _statement(envelope.payload)
    found = statement.get("predicateType")
    if not isinstance(found, str) or not 1 <= len(found) <= MAX_TEXT:
        raise _invalid("/payload", f"its predicateType must be a text of 1 to {MAX_TEXT} characters")
    known = set(digests)
    subjects = statement.get("subject")
    if not isinstance(subjects, list) or not subjects:
        raise _invalid("/payload", "its statement names no subject")
    for index, subject in enumerate(subjects):
        if _sha256(subject) not in known:
            raise _invalid("/payload", f"its subject {index} is neither a file of this version nor the version itself")
    return found


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
        statement = json.loads(content or b"")
    except ValueError:
        raise _invalid("/payload", "is not a statement: base64 of a JSON document") from None
    if not isinstance(statement, dict) or statement.get("_type") != STATEMENT_TYPE:
        raise _invalid("/payload", f"is not a statement of type {STATEMENT_TYPE}")
    return statement


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
