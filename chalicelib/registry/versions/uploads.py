"""Uploads: the plan, part URLs, and finalising. S3 says what it has; the registry keeps no state of an upload."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import SignedRequest, StoredPart, object_key, version_prefix
from chalicelib.domain.errors import ConflictError, FileNotInManifestError, InvalidInputError, Problem
from chalicelib.domain.instants import Instant, later, moment
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions import decisions
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.versions.files import loaded_files
from chalicelib.registry.versions.proof import proven_files
from chalicelib.registry.versions.versions import get_version, resolve

# How long a presigned upload may be started, if the version's own window does not end before.
UPLOAD_URL_WINDOW: Final = timedelta(hours=1)
MAX_PARTS_ASKED: Final = 500
_LISTERS: Final = 16
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileUpload:
    """A file to upload and what S3 has of it. ``put`` is set for a single file that is still to be uploaded."""

    file: File
    uploaded: bool
    put: SignedRequest | None = None
    uploaded_parts: tuple[StoredPart, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """What is left to upload of a version. References are not in it. URLs work until ``expires_at``."""

    version: Version
    files: tuple[FileUpload, ...]
    expires_at: Instant


@dataclass(frozen=True, slots=True)
class PartUpload:
    number: int
    put: SignedRequest


@dataclass(frozen=True, slots=True)
class PartPlan:
    """Where to put the asked parts of one file. URLs work until ``expires_at``."""

    path: str
    parts: tuple[PartUpload, ...]
    expires_at: Instant


def first_plan(services: Services, registered: Registered) -> UploadPlan:
    """The plan of a version just registered: S3 is not asked, it has nothing yet."""
    return _plan(services, registered, {}, {})


def upload_plan(services: Services, model: str, ref: str) -> UploadPlan:
    """The plan with what S3 has. Raises VersionNotFoundError, VersionExpiredError."""
    found = _load(services, model, resolve(services, model, ref))
    if found.version.status is Status.READY:
        done = tuple(FileUpload(file, uploaded=True) for file in _stored(found.files))
        return UploadPlan(found.version, done, later(services.clock(), UPLOAD_URL_WINDOW))
    if not _stored(found.files):
        return _plan(services, found, {}, {})
    uid = found.version.uid
    sizes = services.bucket.sizes(uid)
    uploads: dict[str, str] = {}
    if any(file.multipart and object_key(uid, file.path) not in sizes for file in found.files):
        uploads = services.bucket.open_uploads(version_prefix(uid))
    bucket = services.bucket  # made before the threads ask for it
    with ThreadPoolExecutor(_LISTERS) as pool:
        listed = pool.map(lambda upload: bucket.parts(*upload), uploads.items())
        parts = {key: found_parts or () for key, found_parts in zip(uploads, listed, strict=True)}
    return _plan(services, found, sizes, parts)


def part_urls(services: Services, model: str, ref: str, path: str, parts: Sequence[tuple[int, str]]) -> PartPlan:
    """URLs for parts of one multipart file, each given as its number and its SHA-256.

    Opens the file's multipart upload if S3 has none. Raises InvalidInputError, FileNotInManifestError,
    ConflictError for a READY version, VersionNotFoundError, VersionExpiredError.
    """
    found = _load(services, model, resolve(services, model, ref))
    version = found.version
    file = next((file for file in found.files if file.path == path), None)
    if file is None:
        raise FileNotInManifestError(f"Version {version.number} of {model!r} has no file {path!r}.")
    _check_parts(file, parts)
    if version.status is Status.READY:
        raise ConflictError(f"Version {version.number} of {model!r} is READY; its files do not change any more.")
    lifetime, expires_at = _window(services, version)
    bucket, key = services.bucket, object_key(version.uid, path)
    upload_id = bucket.open_upload(key)
    return PartPlan(
        path,
        tuple(
            PartUpload(number, bucket.sign_part(key, upload_id, number, file.part_size(number), sha256, lifetime))
            for number, sha256 in parts
        ),
        expires_at,
    )


def finalise_version(services: Services, request: Request, model: str, ref: str) -> Changed[Version]:
    """Make a version READY once S3 proves every file; a READY one stays as it is, and S3 is not asked.

    Raises UploadIncompleteError, UploadMismatchError, VersionExpiredError, VersionNotFoundError. Can be repeated
    after a failure at any point: what S3 has assembled is found again.
    """
    number = resolve(services, model, ref)
    found = _load(services, model, number)
    pending = found.version.status is Status.PENDING
    pinned = proven_files(services.bucket, found) if pending else found.files

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Version]:
        current = loaded_model(snapshot, model)
        version = _visible(snapshot, model, number)
        request.check_match(version.revision)
        return decisions.finalise(current, version, pinned, stamp, services.settings.scanning)

    return change_model(
        services,
        request,
        model,
        decide,
        lambda subject: get_version(services, model, subject),
        model_keys(model, versions=[number]),
    )


def _plan(
    services: Services,
    registered: Registered,
    sizes: dict[str, int],
    parts: dict[str, tuple[StoredPart, ...]],
) -> UploadPlan:
    version = registered.version
    lifetime, expires_at = _window(services, version)

    def upload(file: File) -> FileUpload:
        key = object_key(version.uid, file.path)
        # A single file of the right size is the right one: its URL signed the SHA-256. Finalising looks again.
        uploaded = sizes.get(key) == file.size
        if uploaded or file.multipart is not None:
            return FileUpload(file, uploaded, uploaded_parts=() if uploaded else parts.get(key, ()))
        return FileUpload(file, uploaded, services.bucket.sign_put(key, file.size, file.sha256, lifetime))

    return UploadPlan(version, tuple(upload(file) for file in _stored(registered.files)), expires_at)


def _stored(files: Sequence[File]) -> list[File]:
    return [file for file in files if file.uri is None]


def _window(services: Services, version: Version) -> tuple[int, Instant]:
    """Seconds that an upload URL lives, and when it ends. No URL outlives the version's upload window.

    So nothing can be put under a version's prefix after its bytes were purged. Raises VersionExpiredError.
    """
    now = services.clock()
    ends = min(later(now, UPLOAD_URL_WINDOW), version.upload_expires_at)
    lifetime = int((moment(ends) - moment(now)).total_seconds())
    if lifetime < 1:
        raise decisions.expired(version)
    return lifetime, ends


def _load(services: Services, model: str, number: int) -> Registered:
    """A version with its files, in one read; in two if its list of files is long.

    Raises VersionNotFoundError, VersionExpiredError.
    """
    asked = [keys.version(model, number), keys.buried(model, number), keys.manifest(model, number)]
    snapshot = load(services, model, asked)
    return Registered(_visible(snapshot, model, number), loaded_files(services, snapshot, model, number))


def _visible(snapshot: Snapshot, model: str, number: int) -> Version:
    version = snapshot.get(Version, number)
    if version is not None and _ran_out(version):
        raise decisions.expired(version)
    return decisions.existing(model, number, version)


def _ran_out(version: Version) -> bool:
    """Whether the version's upload was not finished in time. Its bytes may have been purged since."""
    if version.ready_at is not None or version.burial is None:
        return False
    return version.burial.at >= version.upload_expires_at


def _check_parts(file: File, parts: Sequence[tuple[int, str]]) -> None:
    if file.multipart is None:
        raise InvalidInputError(f"{file.path!r} is not uploaded in parts; the upload plan says how it is.")
    if not 1 <= len(parts) <= MAX_PARTS_ASKED:
        raise InvalidInputError(f"Ask for 1 to {MAX_PARTS_ASKED} parts at a time; {len(parts)} were asked for.")
    problems: list[Problem] = []
    seen: set[int] = set()
    for index, (number, sha256) in enumerate(parts):
        if not 1 <= number <= file.part_count:
            problems.append(Problem(f"/parts/{index}/number", f"the file has parts 1 to {file.part_count}"))
        if number in seen:
            problems.append(Problem(f"/parts/{index}/number", f"part {number} is asked for twice"))
        if not _SHA256.fullmatch(sha256):
            problems.append(Problem(f"/parts/{index}/sha256", "must be 64 lower-case hexadecimal digits"))
        seen.add(number)
    if problems:
        raise InvalidInputError(f"The list of parts is not valid: {problems[0].message}.", problems)
