"""Prove a version's files: compare S3's checksums with the manifest before the version may become READY."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.versions.bucket import Bucket, StoredObject, StoredPart, object_key
from chalicelib.domain.errors import Problem, UploadIncompleteError, UploadMismatchError
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.manifest import File, Multipart, composite_sha256

# Fewer than the client's pool of connections, and enough for a thousand files in a few seconds.
_WORKERS: Final = 16
_MAX_PARTS_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file is not proven. ``differs`` is True if its bytes are wrong, False if they are missing."""

    path: str
    message: str
    differs: bool


def proven_files(bucket: Bucket, registered: Registered) -> tuple[File, ...]:
    """The files, each stored file pinned to the S3 version with its bytes. References need no proof.

    Assembles multipart files whose parts are all there. Raises UploadMismatchError if any file differs, and
    UploadIncompleteError if files are only missing; ``problems`` names every such file.
    """
    version = registered.version

    def prove(file: File) -> File | Fault:
        return file if file.uri is not None else _prove(bucket, object_key(version.uid, file.path), file)

    with ThreadPoolExecutor(_WORKERS) as pool:
        outcomes = list(pool.map(prove, registered.files))
    faults = [outcome for outcome in outcomes if isinstance(outcome, Fault)]
    if faults:
        kind = UploadMismatchError if any(fault.differs for fault in faults) else UploadIncompleteError
        raise kind(
            f"{len(faults)} of the {len(outcomes)} files of version {version.number} of {version.model!r} "
            f"cannot be verified; the first is {faults[0].path!r}: {faults[0].message}.",
            [Problem(fault.path, fault.message) for fault in faults],
        )
    return tuple(outcome for outcome in outcomes if isinstance(outcome, File))


def proven_file(bucket: Bucket, key: str, file: File) -> File:
    """One file that lies under ``key``, pinned to the S3 version with its bytes.

    Raises UploadMismatchError if the bytes differ, and UploadIncompleteError if there are none.
    """
    outcome = _prove(bucket, key, file)
    if isinstance(outcome, File):
        return outcome
    kind = UploadMismatchError if outcome.differs else UploadIncompleteError
    raise kind(f"{outcome.path!r} cannot be verified: {outcome.message}.", [Problem(outcome.path, outcome.message)])


def _prove(bucket: Bucket, key: str, file: File) -> File | Fault:
    stored = bucket.head(key)
    if stored is None and file.multipart is not None:
        fault = _assemble(bucket, key, file, file.multipart)
        if fault is not None:
            return fault
        # This call may have assembled it, or one that raced it or was cut off. The object itself is the proof.
        stored = bucket.head(key)
    return _compare(file, stored)


def _compare(file: File, stored: StoredObject | None) -> File | Fault:
    if stored is None:
        return Fault(file.path, "it is not uploaded", differs=False)
    if stored.size != file.size:
        return Fault(file.path, f"S3 has {stored.size} bytes where {file.size} were declared", differs=True)
    if stored.checksum is None:
        return Fault(file.path, "S3 has no SHA-256 of it; upload it with the headers of the upload plan", differs=True)
    if stored.checksum != file.s3_checksum:
        return Fault(file.path, "its SHA-256 in S3 differs from the declared one", differs=True)
    return file.pinned(stored.s3_version)


def _assemble(bucket: Bucket, key: str, file: File, multipart: Multipart) -> Fault | None:
    """Assemble the uploaded parts into one object if all are there and right; else return what is wrong.

    Also returns None if the upload is gone or changed meanwhile: then the caller looks at the object itself.
    """
    upload_id = bucket.open_uploads(key).get(key)
    listed = None if upload_id is None else bucket.parts(key, upload_id)
    if upload_id is None or listed is None:
        return None
    by_number = {part.number: part for part in listed}
    expected = range(1, file.part_count + 1)
    missing = [number for number in expected if number not in by_number]
    parts = [by_number[number] for number in expected if number in by_number]
    fault = _wrong_sizes(file, parts)
    if fault is not None:
        return fault
    if missing:
        return Fault(file.path, f"{_parts_are(missing)} not uploaded", differs=False)
    if composite_sha256(part.sha256 for part in parts) != multipart.sha256:
        return Fault(file.path, "the SHA-256 over its parts differs from the declared one", differs=True)
    bucket.complete(key, upload_id, parts)
    return None


def _wrong_sizes(file: File, parts: Sequence[StoredPart]) -> Fault | None:
    wrong = [part.number for part in parts if part.size != file.part_size(part.number)]
    return Fault(file.path, f"{_parts_are(wrong)} not of the declared size", differs=True) if wrong else None


def _parts_are(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"part {numbers[0]} is"
    named = ", ".join(str(number) for number in numbers[:_MAX_PARTS_NAMED])
    rest = len(numbers) - _MAX_PARTS_NAMED
    return f"parts {named} and {rest} more are" if rest > 0 else f"parts {named} are"
