"""Attestations of a version: record, read, list, withdraw."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.signing.signer_items import signers_from
from chalicelib.domain.evidence.attestation import Attestation, Attestations, Envelope
from chalicelib.domain.evidence.attestation_decisions import ATTESTATIONS, record
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.signing.signature import RegistrySignature
from chalicelib.domain.signing.trusted_signer import TrustedSigners
from chalicelib.registry.evidence.attestation_verifying import verified
from chalicelib.registry.evidence.named import EvidenceOfVersions, Loaded, Named, named
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.models.model_ledger import load
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve

_ATTESTATIONS: Final = EvidenceOfVersions(ATTESTATIONS, Attestations, keys.attestations)


@dataclass(frozen=True, slots=True)
class ShownAttestation:
    """An attestation, and why its signatures count for nothing now; ``doubt`` is None if they count."""

    name: str
    attestation: Attestation
    doubt: str | None

    def document(self) -> dict[str, Any]:
        """What lists show. ``provenance`` is what the statement says, also where nobody trusted has signed it."""
        provenance = self.attestation.provenance
        return {
            "name": self.name,
            **self.attestation.summary(),
            "verified_by": None if self.doubt else self.attestation.verification.signer,
            "doubt": self.doubt,
            "provenance": None if provenance is None else provenance.document(),
        }


def list_attestations(services: Services, model: str, ref: str) -> tuple[ShownAttestation, ...]:
    """The latest attestations of a version by name (there are at most ten). Raises VersionNotFoundError."""
    present, standing = _read(services, model, resolve(services, model, ref))
    return tuple(_shown(one, standing) for one in named(present))


def get_attestation(services: Services, model: str, ref: str, name: str) -> ShownAttestation:
    """Raises VersionNotFoundError, AttestationNotFoundError."""
    number = resolve(services, model, ref)
    present, standing = _read(services, model, number)
    return _shown(Named(name, ATTESTATIONS.existing(model, number, present, name)), standing)


def record_attestation(
    services: Services, request: Request, model: str, ref: str, name: str, envelope: Envelope
) -> Changed[ShownAttestation]:
    """Record an attestation of a READY version, with whose signature of it is verified now.

    Raises VersionNotReadyError, InvalidInputError, LimitExceededError.
    """

    def decide(loaded: Loaded[Attestation], stamp: Stamp) -> Outcome[Attestation]:
        verification = verified(envelope, signers_from(loaded.snapshot.item(keys.trusted_signers())))
        return record(loaded.model, loaded.version, loaded.files, loaded.present, name, envelope, verification, stamp)

    signers = [keys.trusted_signers()]
    recorded = _ATTESTATIONS.record(services, request, model, ref, name, decide, with_files=True, also=signers)
    entry = recorded.result.entry
    if recorded.replayed or entry.verification.unproven:
        # Whether it counts, more than its record says.
        return Changed(get_attestation(services, model, ref, name), replayed=recorded.replayed)
    # It was verified just now, so nothing but that nobody trusted signed it speaks against it.
    return Changed(ShownAttestation(name, entry, entry.verification.reason or None))


def withdraw_attestation(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take an attestation back; its history stays. Raises AttestationNotFoundError, PreconditionFailedError."""
    return _ATTESTATIONS.withdraw(services, request, model, ref, name)


class _Standing(NamedTuple):
    """What decides which attestations count now: who is trusted, and whether the registry has read the files."""

    signers: TrustedSigners
    read: bool


def _read(services: Services, model: str, number: int) -> tuple[Attestations, _Standing]:
    """A version's attestations, and what decides whether they count, in one read. Raises VersionNotFoundError."""
    asked = [
        keys.version(model, number),
        keys.attestations(model, number),
        keys.trusted_signers(),
        keys.registry_signature(model, number),
    ]
    snapshot = load(services, model, asked)
    loaded_version(snapshot, model, number)
    present = snapshot.get(Attestations, number) or Attestations(number)
    standing = _Standing(
        signers_from(snapshot.item(keys.trusted_signers())), snapshot.get(RegistrySignature, number) is not None
    )
    return present, standing


def _shown(one: Named[Attestation], standing: _Standing) -> ShownAttestation:
    return ShownAttestation(one.name, one.entry, one.entry.verification.doubt(standing.signers, standing.read))
