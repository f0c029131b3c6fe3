"""The registry signs a version once it is READY."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.signing.signing_key import SigningKey
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import ModelNotFoundError, UploadMismatchError, VersionNotFoundError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, pae
from chalicelib.domain.signing.model_statement import payload_for
from chalicelib.domain.signing.signature import RegistrySignature
from chalicelib.domain.signing.signature_decisions import sign, to_hash, unsignable
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.versions.files import loaded_files
from chalicelib.registry.versions.loaded import loaded_version

RULE: Final = Principal("rule:signer", ())


def sign_event(services: Services, event: Mapping[str, Any]) -> str:
    """Sign the version that became READY in ``event``, and return the outcome as text.

    The same event may come several times: what is signed is not signed again. Raises UploadMismatchError if the bytes
    of a file are not those that were declared.
    """
    key = services.model_signing_key
    if key is None:
        return "the registry does not sign"
    model, number = str(event["model"]), int(event["version"])
    snapshot = load(
        services,
        model,
        [keys.version(model, number), keys.manifest(model, number), keys.registry_signature(model, number)],
    )
    version = snapshot.get(Version, number)
    if version is None or version.status is not Status.READY:
        return "it is READY no longer"
    if snapshot.get(RegistrySignature, number) is not None:
        return "it is signed already"
    files = loaded_files(services, snapshot, model, number)
    refusal = unsignable(files)
    if refusal is not None:
        return f"it cannot be signed: {refusal}"
    _prove(services, version.uid, to_hash(files))
    return _sign(services, Request(RULE, str(event["id"])), version, files, key)


def _sign(services: Services, request: Request, version: Version, files: Sequence[File], key: SigningKey) -> str:
    payload = payload_for(version.model, version.number, version.digest, files)
    sig, public_key = key.sign(pae(PAYLOAD_TYPE, payload))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        current, found = loaded_model(snapshot, version.model), loaded_version(snapshot, version.model, version.number)
        present = snapshot.get(RegistrySignature, version.number)
        return sign(current, found, present, public_key, sig, stamp).replaced(True)

    asked = [
        *model_keys(version.model, versions=[version.number]),
        keys.registry_signature(version.model, version.number),
    ]
    try:
        change_model(services, request, version.model, decide, lambda _: True, asked)
    except (ModelNotFoundError, VersionNotFoundError):
        return "it was deleted meanwhile"
    return f"{len(files)} files signed"


def _prove(services: Services, uid: str, files: Sequence[File]) -> None:
    """Read files whose SHA-256 S3 has not proven, and compare it."""
    for file in files:
        read = services.bucket.sha256(object_key(uid, file.path), str(file.s3_version))
        if read != file.sha256:
            raise UploadMismatchError(
                f"{file.path!r} of version uid {uid} has the SHA-256 {read} where {file.sha256} was declared."
            )
