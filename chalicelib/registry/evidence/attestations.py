"""Attestations of a version: record, read, list, withdraw."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.evidence.attestation_items import attestations_key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence import attestation_decisions as decisions
from chalicelib.domain.evidence.attestation import Attestation, Attestations, Envelope
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, change_model_on, load, loaded_model, model_keys
from chalicelib.registry.versions.files import reading_files
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve


@dataclass(frozen=True, slots=True)
class NamedAttestation:
    name: str
    attestation: Attestation


def list_attestations(services: Services, model: str, ref: str) -> tuple[NamedAttestation, ...]:
    """The latest attestations of a version by name (there are at most ten). Raises VersionNotFoundError."""
    _, present = _read(services, model, resolve(services, model, ref))
    return tuple(NamedAttestation(name, one) for name, one in sorted(present.by_name.items()))


def get_attestation(services: Services, model: str, ref: str, name: str) -> NamedAttestation:
    """Raises VersionNotFoundError, AttestationNotFoundError."""
    version, present = _read(services, model, resolve(services, model, ref))
    return NamedAttestation(name, decisions.existing(version, present, name))


def record_attestation(
    services: Services, request: Request, model: str, ref: str, name: str, envelope: Envelope
) -> Changed[NamedAttestation]:
    """Record an attestation of a READY version. Raises VersionNotReadyError, InvalidInputError, LimitExceededError."""
    number = resolve(services, model, ref)

    def decide(given: tuple[Snapshot, tuple[File, ...]], stamp: Stamp) -> Outcome[NamedAttestation]:
        snapshot, files = given
        current, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        present = _checked(snapshot, number, name, request)
        outcome = decisions.record(current, version, files, present, name, envelope, stamp)
        return outcome.map(lambda recorded: NamedAttestation(name, recorded))

    def recall(subject: str) -> NamedAttestation:
        return get_attestation(services, model, subject, name)

    asked = [*model_keys(model, versions=[number], manifests=[number]), attestations_key(model, number)]
    read = reading_files(services, model, number)
    return change_model_on(services, request, model, read, decide, recall, asked)


def withdraw_attestation(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take an attestation back; its history stays. Raises AttestationNotFoundError, PreconditionFailedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        current, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        return decisions.withdraw(current, version, _checked(snapshot, number, name, request), name)

    asked = [*model_keys(model, versions=[number]), attestations_key(model, number)]
    return change_model(services, request, model, decide, lambda _: None, asked)


def _read(services: Services, model: str, number: int) -> tuple[Version, Attestations]:
    snapshot = load(services, model, [keys.version(model, number), attestations_key(model, number)])
    return loaded_version(snapshot, model, number), snapshot.get(Attestations, number) or Attestations(number)


def _checked(snapshot: Snapshot, number: int, name: str, request: Request) -> Attestations:
    """The version's attestations, the caller's ETag checked against the one of this name."""
    present = snapshot.get(Attestations, number) or Attestations(number)
    known = present.by_name.get(name)
    request.check_match_if_there(None if known is None else known.revision, f"There is no attestation {name!r}")
    return present
