"""Intake: the registry copies a version's files from where they were logged, instead of waiting for uploads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.versions.manifest import MAX_FILES, MIB, File, manifest

# Up to these limits the files are copied while the caller waits, so that the version is READY in the answer.
MAX_AT_ONCE_FILES: Final = 100
MAX_AT_ONCE_BYTES: Final = 32 * MIB
# The function that copies reads each file of which S3 has no SHA-256 once, at about 75 MB a second.
MAX_TOTAL_BYTES: Final = 50 * 1024 * MIB
# The time that the function may take. So a copy that was begun may still arrive for so long.
COPYING_WINDOW: Final = timedelta(minutes=15)
# A request ends after half a minute. If it was cut off, the version does not wait much longer.
AT_ONCE_WINDOW: Final = timedelta(minutes=15)


class Intake(StrEnum):
    """Who copies: the request that registers (AT_ONCE) or a function that its event fires. FAILED if neither could."""

    AT_ONCE = "at_once"
    DEFERRED = "deferred"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to copy: one version of an object in the bucket. ``size`` is in bytes.

    ``sha256`` is set if it has been verified already. A file with a ``uri`` is a reference and is not copied.
    """

    path: str
    size: int
    key: str = ""
    s3_version: str = ""
    sha256: str | None = None
    uri: str | None = None


def check_files(files: Sequence[SourceFile]) -> None:
    """Raise InvalidInputError for files that a version cannot have: too many, too large, or with bad paths."""
    if len(files) > MAX_FILES:
        raise InvalidInputError(
            f"A version has at most {MAX_FILES} files; the source has {len(files)}. Pack small files into an archive."
        )
    # This checks paths only: sizes and hashes come from S3.
    manifest([File(file.path, 0, "0" * 64) for file in files])
    total = sum(file.size for file in files if file.uri is None)
    if total > MAX_TOTAL_BYTES:
        raise InvalidInputError(
            f"The source has {total} bytes; at most {MAX_TOTAL_BYTES} are copied. Register larger models with the "
            "registry's own client, which uploads to the version directly."
        )


def intake_for(files: Sequence[SourceFile]) -> Intake:
    """Who copies these files: the request itself, up to 100 files and 32 MiB, else the function."""
    small = len(files) <= MAX_AT_ONCE_FILES and sum(file.size for file in files) <= MAX_AT_ONCE_BYTES
    return Intake.AT_ONCE if small else Intake.DEFERRED
