"""Recording signatures of a version."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.errors import LimitExceededError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.signing.signature import (
    MAX_BYTES,
    MAX_SIGNATURES,
    BroughtSignature,
    BroughtSignatures,
    RegistrySignature,
    SignatureNotFoundError,
    SignedWith,
    packed,
)
from chalicelib.domain.signing.trusted_signer import REGISTRY_NAME, signer_name
from chalicelib.domain.signing.unproven import first_unproven
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File, Proof
from chalicelib.domain.versions.version import Version

# The registry reads files whose SHA-256 S3 has not proven, to sign them. More than this it cannot in a function's time.
MAX_UNPROVEN_BYTES: Final = 40 * 1024**3


@dataclass(frozen=True, slots=True)
class Verified:
    """What the verification of a bundle found. ``signer`` and ``trust`` are empty if nobody verified it."""

    signed_with: SignedWith
    signer: str = ""
    trust: str = ""
    identity: str = ""


def bring(
    model: Model,
    version: Version,
    files: Sequence[File],
    present: BroughtSignatures,
    name: str,
    bundle: Mapping[str, Any],
    verified: Verified,
    stamp: Stamp,
) -> Outcome[BroughtSignature]:
    """Record the bundle ``name`` in place of the one before, once it was found to be about the version's files.

    The same bundle, verified by the same signer, changes nothing. READY versions only. Raises InvalidNameError,
    LimitExceededError.
    """
    check_not_locked(model, ready(version).number)
    before = present.by_name.get(signer_name(name))
    brought = BroughtSignature(
        packed(bundle),
        verified.signed_with,
        verified.signer,
        verified.trust,
        verified.identity,
        stamp.time,
        stamp.actor,
        unproven=first_unproven(files),
    )
    if before is not None and _same(before, brought):
        return NoChange(before, str(version.number))
    latest = BroughtSignatures(version.number, {**present.by_name, name: brought})
    _check_bounded(latest)
    event = EventDraft(
        event_types.VERSION_SIGNED,
        None if before is None else {"signature": name, **before.summary()},
        {"signature": name, **brought.summary()},
        version=version.number,
    )
    decision = decided(latest, model, event, Put(latest), subject=str(version.number))
    return decision.map(lambda saved: saved.by_name[name])


def sign(
    model: Model, version: Version, present: RegistrySignature | None, public_key: str, sig: bytes, stamp: Stamp
) -> Outcome[RegistrySignature]:
    """Record the registry's signature of a version. One that it has already stays."""
    if present is not None:
        return NoChange(present)
    signature = RegistrySignature(
        version.number, base64.b64encode(sig).decode(), public_key, version.digest, stamp.time
    )
    after = {"signature": REGISTRY_NAME, "key": signature.key, "digest": version.digest, "recorded_at": stamp.time}
    event = EventDraft(event_types.VERSION_SIGNED, None, after, version=version.number, trigger=Trigger.RULE)
    return decided(signature, model, event, Put(signature))


def unsignable(files: Sequence[File]) -> str | None:
    """Why the registry cannot sign these files; None if it can, after it has read those that are not proven."""
    if not files:
        return "it has no files"
    referred = next((file for file in files if file.uri is not None), None)
    if referred is not None:
        return f"{referred.path!r} is a reference: the registry does not have its bytes"
    unproven = sum(file.size for file in to_hash(files))
    if unproven > MAX_UNPROVEN_BYTES:
        return f"{unproven} bytes would have to be read to prove their SHA-256; at most {MAX_UNPROVEN_BYTES} are"
    return None


def to_hash(files: Sequence[File]) -> list[File]:
    """The files whose SHA-256 S3 has not proven: they were uploaded in parts."""
    return [file for file in files if file.verified is not Proof.SHA256]


def existing(model: str, present: BroughtSignatures, name: str) -> BroughtSignature:
    """The signature ``name``. Raises SignatureNotFoundError."""
    found = present.by_name.get(name)
    if found is None:
        raise missing(model, present.version, name)
    return found


def missing(model: str, number: int, name: str) -> SignatureNotFoundError:
    """The error of a signature that a version does not have."""
    return SignatureNotFoundError(f"Version {number} of {model!r} has no signature {name!r}.")


def _same(before: BroughtSignature, brought: BroughtSignature) -> bool:
    return (before.packed, before.signed_with, before.signer, before.trust, before.unproven) == (
        brought.packed,
        brought.signed_with,
        brought.signer,
        brought.trust,
        brought.unproven,
    )


def _check_bounded(signatures: BroughtSignatures) -> None:
    if len(signatures.by_name) > MAX_SIGNATURES:
        raise LimitExceededError(
            f"A version has at most {MAX_SIGNATURES} signatures; bring one under a name that it has."
        )
    size = sum(len(one.packed) for one in signatures.by_name.values())
    if size > MAX_BYTES:
        raise LimitExceededError(
            f"The signatures of a version would take {size} bytes of at most {MAX_BYTES} when compressed."
        )
