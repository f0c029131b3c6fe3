"""Recording and withdrawing attestations of a version."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.domain.evidence.attestation import (
    Attestation,
    AttestationNotFoundError,
    Attestations,
    Envelope,
    Verification,
    attestation_name,
    bounded,
    checked,
    subjects_of,
)
from chalicelib.domain.evidence.kind import EvidenceKind
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.signing.unproven import first_unproven
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version

ATTESTATIONS: Final = EvidenceKind(
    "attestation",
    event_types.ATTESTATION_RECORDED,
    event_types.ATTESTATION_WITHDRAWN,
    AttestationNotFoundError,
    Attestation.summary,
)


def record(
    model: Model,
    version: Version,
    files: Sequence[File],
    present: Latest[Attestation],
    name: str,
    envelope: Envelope,
    verification: Verification,
    stamp: Stamp,
) -> Outcome[Attestation]:
    """Record the attestation ``name`` in place of the one before.

    The same envelope again changes nothing, unless its signatures are verified with another result now.

    READY versions only: an attestation is about proven bytes. Raises InvalidInputError, LimitExceededError.
    """
    attestation_name(name)
    check_not_locked(model, ready(version).number)
    predicate_type, whole = checked(envelope, version.digest, [file.sha256 for file in files])
    named = subjects_of(envelope)
    about = files if version.digest in named else [file for file in files if file.sha256 in named]
    verification = replace(verification, unproven=first_unproven(about))
    attestation = Attestation(envelope, predicate_type, stamp.time, stamp.actor, whole=whole, verification=verification)
    before = present.by_name.get(name)
    if before is not None and before.is_like(attestation):
        return NoChange(before, str(version.number))
    latest = Attestations(version.number, bounded({**present.by_name, name: attestation}))
    return ATTESTATIONS.record(model, version, present, name, latest)
