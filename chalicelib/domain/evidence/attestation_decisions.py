"""Recording and withdrawing attestations of a version."""

from collections.abc import Sequence

from chalicelib.domain.evidence.attestation import (
    Attestation,
    AttestationNotFoundError,
    Attestations,
    Envelope,
    attestation_name,
    bounded,
    predicate_type,
)
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version


def record(
    model: Model,
    version: Version,
    files: Sequence[File],
    present: Attestations,
    name: str,
    envelope: Envelope,
    stamp: Stamp,
) -> Outcome[Attestation]:
    """Record the attestation ``name`` in place of the one before. The same envelope again changes nothing.

    READY versions only: an attestation is about proven bytes. Raises InvalidInputError, LimitExceededError.
    """
    attestation_name(name)
    check_not_locked(model, ready(version).number)
    digests = [version.digest, *(file.sha256 for file in files)]
    attestation = Attestation(envelope, predicate_type(envelope, digests), stamp.time, stamp.actor)
    before = present.by_name.get(name)
    if before is not None and before.envelope == envelope:
        return NoChange(before, str(version.number))
    latest = Attestations(version.number, bounded({**present.by_name, name: attestation}))
    event = EventDraft(
        event_types.ATTESTATION_RECORDED,
        None if before is None else _event_fields(name, before),
        _event_fields(name, attestation),
        version=version.number,
    )
    decision = decided(latest, model, event, Put(latest), subject=str(version.number))
    return decision.map(lambda saved: saved.by_name[name])


def withdraw(model: Model, version: Version, present: Attestations, name: str) -> Decision[None]:
    """Take the attestation ``name`` back. Raises AttestationNotFoundError."""
    attestation = existing(version, present, name)
    check_not_locked(model, version.number)
    rest = {other: kept for other, kept in present.by_name.items() if other != name}
    event = EventDraft(
        event_types.ATTESTATION_WITHDRAWN, _event_fields(name, attestation), None, version=version.number
    )
    return decided(None, model, event, Put(Attestations(version.number, rest)))


def existing(version: Version, present: Attestations, name: str) -> Attestation:
    """The attestation of this name. Raises AttestationNotFoundError."""
    attestation = present.by_name.get(name)
    if attestation is None:
        raise AttestationNotFoundError(f"Version {version.number} of {version.model!r} has no attestation {name!r}.")
    return attestation


def _event_fields(name: str, attestation: Attestation) -> dict[str, object]:
    return {"attestation": name, **attestation.summary()}
