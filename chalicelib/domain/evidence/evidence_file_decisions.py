"""Attaching evidence files to a version, and withdrawing them."""

from typing import Final

from chalicelib.domain import names
from chalicelib.domain.errors import EvidenceFileExistsError, EvidenceFileNotFoundError, VersionHeldError
from chalicelib.domain.evidence.evidence_file import (
    FINISHING_WINDOW,
    UPLOAD_WINDOW,
    EvidenceFile,
    EvidenceFiles,
    NewFile,
    UnlistedFile,
    bounded,
    new_file,
)
from chalicelib.domain.evidence.kind import EvidenceKind
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version

EVIDENCE_FILES: Final = EvidenceKind(
    "evidence_file",
    event_types.EVIDENCE_FILE_ATTACHED,
    event_types.EVIDENCE_FILE_WITHDRAWN,
    EvidenceFileNotFoundError,
    EvidenceFile.document,
)


def start(
    model: Model, version: Version, present: EvidenceFiles, name: str, given: NewFile, uid: str, now: Instant
) -> UnlistedFile:
    """A place to upload a file of a READY version to. ``until`` is when the keeper may remove what was uploaded.

    Raises EvidenceFileExistsError if the version has a file of this name: its bytes never change.
    """
    names.evidence_file_name(name)
    declared = new_file(given)
    check_not_locked(model, ready(version).number)
    _check_free(model, version, present, name)
    return UnlistedFile(uid, version.number, version.uid, name, declared, later(now, UPLOAD_WINDOW + FINISHING_WINDOW))


def attach(
    model: Model,
    version: Version,
    present: EvidenceFiles,
    name: str,
    uid: str,
    unlisted: UnlistedFile | None,
    s3_version: str | None,
    stamp: Stamp,
) -> Outcome[EvidenceFile]:
    """List a file whose bytes S3 has proved. One that is listed already stays as it is.

    Raises EvidenceFileNotFoundError for an upload that was never started or not finished in time.
    """
    listed = present.by_name.get(name)
    if listed is not None and listed.uid == uid:
        return NoChange(listed, str(version.number))
    expected = (version.uid, name)
    if unlisted is None or s3_version is None or (unlisted.version_uid, unlisted.name) != expected:
        raise _no_upload(model, version, name)
    # The keeper may remove the bytes from then on.
    if stamp.time > later(unlisted.until, -FINISHING_WINDOW / 3):
        raise _no_upload(model, version, name)
    check_not_locked(model, ready(version).number)
    _check_free(model, version, present, name)
    declared = unlisted.declared
    file = EvidenceFile(
        uid=uid,
        s3_version=s3_version,
        size=declared.size,
        sha256=declared.sha256,
        evaluation=declared.evaluation,
        description=declared.description,
        attached_at=stamp.time,
        attached_by=stamp.actor,
    )
    latest = EvidenceFiles(version.number, bounded({**present.by_name, name: file}))
    return EVIDENCE_FILES.record(model, version, present, name, latest).with_changes(Remove(unlisted))


def withdraw(model: Model, version: Version, present: EvidenceFiles, name: str, stamp: Stamp) -> Decision[None]:
    """Take a file off the list and leave its bytes to the keeper; the events keep its digest.

    Raises EvidenceFileNotFoundError, VersionHeldError under a legal hold, VersionLockedError.
    """
    file = EVIDENCE_FILES.existing(model.name, version.number, present, name)
    if version.legal_hold is not None:
        raise VersionHeldError(
            f"Version {version.number} of {model.name!r} is under a legal hold: its evidence files stay until the "
            "hold is released."
        )
    declared = NewFile(file.size, file.sha256, file.evaluation, file.description)
    unlisted = UnlistedFile(file.uid, version.number, version.uid, name, declared, stamp.time)
    return EVIDENCE_FILES.withdraw(model, version, present, name, stamp).with_changes(Put(unlisted))


def _check_free(model: Model, version: Version, present: EvidenceFiles, name: str) -> None:
    if name in present.by_name:
        raise EvidenceFileExistsError(
            f"Version {version.number} of {model.name!r} has an evidence file {name!r}, whose bytes do not change. "
            "Choose another name, or withdraw it first."
        )


def _no_upload(model: Model, version: Version, name: str) -> EvidenceFileNotFoundError:
    return EvidenceFileNotFoundError(
        f"No upload of the evidence file {name!r} of version {version.number} of {model.name!r} has this id, or it was "
        "not finished in time. Start it again."
    )
