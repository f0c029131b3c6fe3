"""Signatures of a version: bring, read, list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.signing.signer_items import signers_from
from chalicelib.domain.documents import free_json
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.signing import signature_decisions as decisions
from chalicelib.domain.signing.bundle import bundle_from
from chalicelib.domain.signing.model_statement import check_covers, payload_for, statement_from
from chalicelib.domain.signing.signature import BroughtSignature, BroughtSignatures, RegistrySignature
from chalicelib.domain.signing.trusted_signer import REGISTRY_NAME, TrustedSigners, signer_name
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model_on, load, loaded_model, model_keys
from chalicelib.registry.signing.verifying import verified
from chalicelib.registry.versions.files import loaded_files, reading_files
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve

_OWN: Final = {"signed_with": "key", "signer": None, "identity": None}


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """A signature as it counts now.

    ``about`` is what lists show of it. ``doubt`` says why it does not count; None if it does. ``bundle`` is None in
    lists.
    """

    name: str
    about: Mapping[str, Any]
    revision: int
    doubt: str | None = None
    public_key: str | None = None
    bundle: Mapping[str, Any] | None = None


def list_signatures(services: Services, model: str, ref: str) -> tuple[ShownSignature, ...]:
    """A version's signatures: the registry's first, then those that were brought, by name.

    Raises VersionNotFoundError.
    """
    number = resolve(services, model, ref)
    snapshot = load(services, model, [keys.version(model, number), *_keys(model, number)])
    loaded_version(snapshot, model, number)
    own, trusted = _own(snapshot, number), _signers(snapshot)
    brought = _brought(snapshot, number).by_name
    return (
        *([] if own is None else [_shown_own(own)]),
        *(_shown(name, one, trusted, own is not None) for name, one in sorted(brought.items())),
    )


def get_signature(services: Services, model: str, ref: str, name: str) -> ShownSignature:
    """A signature with its bundle. Raises VersionNotFoundError, SignatureNotFoundError."""
    number = resolve(services, model, ref)
    asked = [keys.version(model, number), keys.manifest(model, number), *_keys(model, number)]
    snapshot = load(services, model, asked)
    version, own = loaded_version(snapshot, model, number), _own(snapshot, number)
    if name != REGISTRY_NAME:
        found = decisions.existing(model, _brought(snapshot, number), name)
        return _shown(name, found, _signers(snapshot), own is not None, found.bundle)
    if own is None:
        raise decisions.missing(model, number, name)
    files = loaded_files(services, snapshot, model, number)
    payload = payload_for(model, number, version.digest, files)
    return _shown_own(own, own.bundle(payload).document())


def bring_signature(
    services: Services, request: Request, model: str, ref: str, name: str, given: Mapping[str, Any]
) -> Changed[ShownSignature]:
    """Record a bundle that is about exactly the files of a READY version, and that a trusted signer signed.

    One that was signed without a key of its own is recorded too, and is not verified. Raises VersionNotReadyError,
    InvalidInputError, InvalidNameError, SignerNotTrustedError, LimitExceededError.
    """
    signer_name(name)
    # Whatever else the bundle carries, such as a log's entries, is kept, so it must be fit to be kept.
    free_json(given, "")
    bundle = bundle_from(given)
    statement = statement_from(bundle.envelope.payload)
    number = resolve(services, model, ref)

    def decide(loaded: tuple[Snapshot, tuple[File, ...]], stamp: Stamp) -> Outcome[ShownSignature]:
        snapshot, files = loaded
        trusted = _signers(snapshot)
        current, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        present = _brought(snapshot, number)
        before = present.by_name.get(name)
        request.check_match_if_there(None if before is None else before.revision, f"There is no signature {name!r}")
        ready(version)
        check_covers(statement, files)
        found = verified(bundle, trusted)
        brought = decisions.bring(current, version, files, present, name, given, found, stamp)
        read = _own(snapshot, number) is not None
        return brought.map(lambda saved: _shown(name, saved, trusted, read, saved.bundle))

    def recall(_: str) -> ShownSignature:
        return get_signature(services, model, str(number), name)

    asked = [
        *model_keys(model, versions=[number], manifests=[number]),
        *_keys(model, number),
    ]
    read = reading_files(services, model, number)
    return change_model_on(services, request, model, read, decide, recall, asked)


def _keys(model: str, number: int) -> list[keys.Key]:
    return [keys.signatures(model, number), keys.registry_signature(model, number), keys.trusted_signers()]


def _signers(snapshot: Snapshot) -> TrustedSigners:
    return signers_from(snapshot.item(keys.trusted_signers()))


def _brought(snapshot: Snapshot, number: int) -> BroughtSignatures:
    return snapshot.get(BroughtSignatures, number) or BroughtSignatures(number)


def _own(snapshot: Snapshot, number: int) -> RegistrySignature | None:
    return snapshot.get(RegistrySignature, number)


def _shown(
    name: str, one: BroughtSignature, trusted: TrustedSigners, read: bool, bundle: Mapping[str, Any] | None = None
) -> ShownSignature:
    return ShownSignature(name, one.summary(), one.revision, one.doubt(trusted, read), bundle=bundle)


def _shown_own(own: RegistrySignature, bundle: Mapping[str, Any] | None = None) -> ShownSignature:
    about = {**_OWN, "recorded_at": own.signed_at, "recorded_by": "rule:signer"}
    return ShownSignature(REGISTRY_NAME, about, own.revision, public_key=own.public_key, bundle=bundle)
