"""Evidence files: plots and reports that are attached to a version after it is READY, never part of its manifest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain import documents, names
from chalicelib.domain.errors import InvalidInputError, LimitExceededError, Problem
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.record import Identity, Record

MAX_FILES: Final = 50
MAX_SIZE: Final = 100 * 1024**2
MAX_DESCRIPTION: Final = 500
# How long an upload may be started.
UPLOAD_WINDOW: Final = timedelta(hours=1)
# An upload can be finished for this long after its window has ended. Only then may the keeper remove its bytes.
FINISHING_WINDOW: Final = timedelta(minutes=15)

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class NewFile:
    """What is declared of a file before it is uploaded; ``evaluation`` names the one that it belongs to, if any."""

    size: int
    sha256: str
    evaluation: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that S3 has proved. ``uid`` names its place, ``s3_version`` the object version with its bytes."""

    uid: str
    s3_version: str
    size: int
    sha256: str
    evaluation: str | None
    description: str | None
    attached_at: Instant
    attached_by: str
    revision: int = 0

    def document(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "sha256": self.sha256,
            "evaluation": self.evaluation,
            "description": self.description,
            "attached_at": self.attached_at,
            "attached_by": self.attached_by,
        }


@dataclass(frozen=True, slots=True)
class EvidenceFiles(Latest[EvidenceFile], kind="evidence_files"):
    """The evidence files of a version, by name."""


@dataclass(frozen=True, slots=True)
class UnlistedFile(Record):
    """A place for a file of a version that its list does not have: it is being uploaded, or it was withdrawn.

    The keeper removes the bytes after ``until``. It is no fact, hence without a kind.
    """

    uid: str
    version: int
    version_uid: str
    name: str
    declared: NewFile
    until: Instant

    @property
    def identity(self) -> Identity:
        return (UnlistedFile, self.uid)


def new_file(given: NewFile) -> NewFile:
    """A declaration within its bounds, at most 100 MiB. Raises InvalidInputError, InvalidNameError."""
    if not 1 <= given.size <= MAX_SIZE:
        raise _invalid("/size", f"must be 1 to {MAX_SIZE} bytes; put larger files among the version's files")
    if not _SHA256.fullmatch(given.sha256):
        raise _invalid("/sha256", "must be 64 lower-case hexadecimal digits")
    if given.evaluation is not None:
        names.evaluation_name(given.evaluation)
    documents.short_text(given.description, "/description", MAX_DESCRIPTION)
    return given


def bounded(files: Mapping[str, EvidenceFile]) -> dict[str, EvidenceFile]:
    """The files of a version by name. Raises LimitExceededError for more than 50."""
    if len(files) > MAX_FILES:
        raise LimitExceededError(f"A version has at most {MAX_FILES} evidence files; withdraw one first.")
    return dict(files)


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
