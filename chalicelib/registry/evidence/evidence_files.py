"""Evidence files of a version: upload, list, download, withdraw. The bytes go to S3 and come from there directly."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.evidence.evidence_file_items import evidence_file_key, unlisted_from, unlisted_item
from chalicelib.aws.item import ABSENT
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import SignedRequest
from chalicelib.domain.evidence import evidence_file_decisions as decisions
from chalicelib.domain.evidence.evidence_file import (
    UPLOAD_WINDOW,
    EvidenceFile,
    EvidenceFiles,
    NewFile,
    UnlistedFile,
)
from chalicelib.domain.evidence.evidence_file_decisions import EVIDENCE_FILES
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.media_types import media_type
from chalicelib.registry.evidence.named import Named, named
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.proof import proven_file
from chalicelib.registry.versions.versions import resolve

DOWNLOAD_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """Where to put an evidence file. Finishing the upload takes its ``id``. The URL works until ``expires_at``."""

    id: str
    name: str
    put: SignedRequest
    expires_at: Instant


@dataclass(frozen=True, slots=True)
class Downloadable:
    """An evidence file with a URL that can be used to start a download until ``expires_at``."""

    file: Named[EvidenceFile]
    url: str
    expires_at: Instant


def start_upload(services: Services, model: str, ref: str, name: str, given: NewFile) -> Upload:
    """A place for a file of a READY version, whose size and SHA-256 are signed. Nothing is listed yet.

    Raises EvidenceFileExistsError, VersionNotReadyError, VersionLockedError, InvalidInputError. A repeated call gives
    another place; the keeper removes what is in those that were not finished.
    """
    number = resolve(services, model, ref)
    snapshot = load(services, model, [*model_keys(model, versions=[number]), keys.evidence_files(model, number)])
    head, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
    now, uid = services.clock(), services.new_id()
    unlisted = decisions.start(head, version, _present(snapshot, number), name, given, uid, now)
    services.table.put(unlisted_item(unlisted), ABSENT)
    key = evidence_file_key(version.uid, uid, name)
    lifetime = int(UPLOAD_WINDOW.total_seconds())
    put = services.bucket.sign_put(key, given.size, given.sha256, lifetime)
    return Upload(uid, name, put, later(now, UPLOAD_WINDOW))


def finish_upload(
    services: Services, request: Request, model: str, ref: str, name: str, uid: str
) -> Changed[Named[EvidenceFile]]:
    """List the file once S3 proves its size and SHA-256, pinned to that object version. Can be repeated.

    Raises UploadIncompleteError, UploadMismatchError, EvidenceFileNotFoundError, EvidenceFileExistsError,
    LimitExceededError.
    """
    number = resolve(services, model, ref)
    s3_version = _proven(services, name, uid)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Named[EvidenceFile]]:
        return decisions.attach(
            loaded_model(snapshot, model),
            loaded_version(snapshot, model, number),
            _present(snapshot, number),
            name,
            uid,
            snapshot.get(UnlistedFile, uid),
            s3_version,
            stamp,
        ).map(lambda file: Named(name, file))

    def repeated(subject: str) -> Named[EvidenceFile]:
        return Named(name, attached_file(services, model, int(subject), name)[1])

    asked = [
        *model_keys(model, versions=[number]),
        keys.evidence_files(model, number),
        keys.unlisted_file(uid),
    ]
    return change_model(services, request, model, decide, repeated, asked)


def list_files(services: Services, model: str, ref: str) -> tuple[Named[EvidenceFile], ...]:
    """The evidence files of a version by name (there are at most fifty). Raises VersionNotFoundError."""
    number = resolve(services, model, ref)
    snapshot = load(services, model, [keys.version(model, number), keys.evidence_files(model, number)])
    loaded_version(snapshot, model, number)
    return named(_present(snapshot, number))


def get_file(services: Services, model: str, ref: str, name: str) -> Downloadable:
    """A file with a URL for exactly the bytes that were proved. Raises EvidenceFileNotFoundError."""
    version_uid, file = attached_file(services, model, resolve(services, model, ref), name)
    key = evidence_file_key(version_uid, file.uid, name)
    url = services.bucket.sign_get(key, file.s3_version, int(DOWNLOAD_WINDOW.total_seconds()), media_type(name))
    return Downloadable(Named(name, file), url, later(services.clock(), DOWNLOAD_WINDOW))


def attached_file(services: Services, model: str, number: int, name: str) -> tuple[str, EvidenceFile]:
    """A file, and before it the id of its version, which its key has. Raises EvidenceFileNotFoundError."""
    snapshot = load(services, model, [keys.version(model, number), keys.evidence_files(model, number)])
    version = loaded_version(snapshot, model, number)
    return version.uid, EVIDENCE_FILES.existing(model, number, _present(snapshot, number), name)


def withdraw_file(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take a file off the list. Its events stay, and the keeper removes its bytes.

    Raises EvidenceFileNotFoundError, VersionHeldError, PreconditionFailedError.
    """
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
        present = _present(snapshot, number)
        request.check_match_if_there(present.revision_of(name), f"There is no evidence file {name!r}")
        version = loaded_version(snapshot, model, number)
        return decisions.withdraw(loaded_model(snapshot, model), version, present, name, stamp)

    asked = [*model_keys(model, versions=[number]), keys.evidence_files(model, number)]
    return change_model(services, request, model, decide, lambda _: None, asked)


def _proven(services: Services, name: str, uid: str) -> str | None:
    """The object version with the declared bytes; None if no upload is open under this id."""
    key = keys.unlisted_file(uid)
    stored = services.table.load([key]).get(key)
    if stored is None:
        return None
    unlisted = unlisted_from(stored)
    if unlisted.name != name:
        return None
    declared = File(name, unlisted.declared.size, unlisted.declared.sha256)
    return proven_file(services.bucket, evidence_file_key(unlisted.version_uid, uid, name), declared).s3_version


def _present(snapshot: Snapshot, number: int) -> EvidenceFiles:
    return snapshot.get(EvidenceFiles, number) or EvidenceFiles(number)
