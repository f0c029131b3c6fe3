"""Attestations of a version: record, read, list, withdraw."""

from typing import Final

from chalicelib.aws.evidence.attestation_items import attestations_key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence.attestation import Attestation, Attestations, Envelope
from chalicelib.domain.evidence.attestation_decisions import ATTESTATIONS, record
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.evidence.named import EvidenceOfVersions, Loaded, Named
from chalicelib.registry.ledger.commit import Changed, Request

_ATTESTATIONS: Final = EvidenceOfVersions(ATTESTATIONS, Attestations, attestations_key)


def list_attestations(services: Services, model: str, ref: str) -> tuple[Named[Attestation], ...]:
    """The latest attestations of a version by name (there are at most ten). Raises VersionNotFoundError."""
    return _ATTESTATIONS.all(services, model, ref)


def get_attestation(services: Services, model: str, ref: str, name: str) -> Named[Attestation]:
    """Raises VersionNotFoundError, AttestationNotFoundError."""
    return _ATTESTATIONS.get(services, model, ref, name)


def record_attestation(
    services: Services, request: Request, model: str, ref: str, name: str, envelope: Envelope
) -> Changed[Named[Attestation]]:
    """Record an attestation of a READY version. Raises VersionNotReadyError, InvalidInputError, LimitExceededError."""

    def decide(loaded: Loaded[Attestation], stamp: Stamp) -> Outcome[Attestation]:
        return record(loaded.model, loaded.version, loaded.files, loaded.present, name, envelope, stamp)

    return _ATTESTATIONS.record(services, request, model, ref, name, decide, with_files=True)


def withdraw_attestation(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take an attestation back; its history stays. Raises AttestationNotFoundError, PreconditionFailedError."""
    return _ATTESTATIONS.withdraw(services, request, model, ref, name)
