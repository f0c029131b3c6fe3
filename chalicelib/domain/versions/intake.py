"""Taking in: a version whose files the registry copies from where they were logged, instead of waiting for uploads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.versions.manifest import MAX_FILES, MIB, File, manifest

# Up to these the copies are made while the caller waits, so that the version is READY in the answer.
MAX_AT_ONCE_FILES: Final = 100
MAX_AT_ONCE_BYTES: Final = 32 * MIB
# The function that copies reads what S3 has no SHA-256 of, once, at some 75 MB a second.
MAX_TOTAL_BYTES: Final = 50 * 1024 * MIB
# How long it may take, and so how long a copy that was begun may still come.
COPYING_WINDOW: Final = timedelta(minutes=15)
# A request ends after half a minute; a version whose request was cut off is not waited for much longer.
AT_ONCE_WINDOW: Final = timedelta(minutes=15)


class Intake(StrEnum):
    """Who copies: the request that registers, or a function that the event of it fires; FAILED where neither could."""

    AT_ONCE = "at_once"
    DEFERRED = "deferred"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to copy: one version of an object of the bucket.

    ``sha256`` is set where it is proven already. One with a ``uri`` is a reference, of which nothing is copied.
    """

    path: str
    size: int
    key: str = ""
    s3_version: str = ""
    sha256: str | None = None
    uri: str | None = None


def check_files(files: Sequence[SourceFile]) -> None:
    """Raise InvalidInputError for files that no version can have."""
    if len(files) > MAX_FILES:
        raise InvalidInputError(
            f"A version has at most {MAX_FILES} files; the source has {len(files)}. Pack small files into an archive."
        )
    # The rules of a manifest that paths can break; sizes and hashes are S3's to tell.
    manifest([File(file.path, 0, "0" * 64) for file in files])
    total = sum(file.size for file in files if file.uri is None)
    if total > MAX_TOTAL_BYTES:
        raise InvalidInputError(
            f"The source has {total} bytes; at most {MAX_TOTAL_BYTES} are copied. Register larger models with the "
            "registry's own client, which uploads to the version directly."
        )


def way(files: Sequence[SourceFile]) -> Intake:
    small = len(files) <= MAX_AT_ONCE_FILES and sum(file.size for file in files) <= MAX_AT_ONCE_BYTES
    return Intake.AT_ONCE if small else Intake.DEFERRED
