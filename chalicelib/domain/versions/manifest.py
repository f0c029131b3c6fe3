"""The manifest: the files of a version, each as it was declared and as far as S3 has verified it."""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from chalicelib.domain import names
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import InvalidInputError, Problem

MIB: Final = 1024**2
# S3's own limits, https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
MAX_SINGLE_SIZE: Final = 5 * 1024 * MIB
MIN_PART_SIZE: Final = 5 * MIB
MAX_PART_SIZE: Final = 5 * 1024 * MIB
MAX_PARTS: Final = 10_000
# So that a long list of files is registered in one transaction, and read in one batch.
MAX_FILES: Final = 1_000
MAX_MANIFEST_BYTES: Final = 512 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")
_URI = re.compile(r"[a-z][a-z0-9+.\-]*://[^\s\x00-\x1f]{1,2000}", re.IGNORECASE)


class Proof(StrEnum):
    """What S3 has verified of a file: its SHA-256, the hash of its parts' SHA-256s (COMPOSITE), or nothing yet."""

    SHA256 = "sha256"
    COMPOSITE = "composite"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Multipart:
    """How a large file is split into parts of ``part_size`` bytes; the last may be smaller.

    ``sha256`` is the hash of the concatenated binary SHA-256 digests of the parts.
    """

    part_size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of a version. ``size`` is in bytes.

    ``uri`` is set for a reference to a file elsewhere. ``s3_version`` is set once S3 holds the verified bytes.
    """

    path: str
    size: int
    sha256: str
    multipart: Multipart | None = None
    uri: str | None = None
    s3_version: str | None = None
    verified: Proof = Proof.DECLARED

    @property
    def part_count(self) -> int:
        """The number of parts; 1 if the file is not split."""
        return 1 if self.multipart is None else -(-self.size // self.multipart.part_size)

    def part_size(self, number: int) -> int:
        """The size in bytes of part ``number``, counted from 1. Raises InvalidInputError if there is no such part."""
        if self.multipart is None or not 1 <= number <= self.part_count:
            raise InvalidInputError(f"The file {self.path!r} has no part {number}.")
        return min(self.multipart.part_size, self.size - (number - 1) * self.multipart.part_size)

    @property
    def s3_checksum(self) -> str:
        """The ``ChecksumSHA256`` that S3 reports if it holds exactly the declared bytes."""
        if self.multipart is None:
            return checksum_of(self.sha256)
        return f"{checksum_of(self.multipart.sha256)}-{self.part_count}"

    def pinned(self, s3_version: str) -> "File":
        """The file after it was verified in S3 as the object version ``s3_version``."""
        proof = Proof.SHA256 if self.multipart is None else Proof.COMPOSITE
        return replace(self, s3_version=s3_version, verified=proof)


def checksum_of(sha256: str) -> str:
    """A SHA-256 in the form that S3 uses: base64 of its 32 bytes."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def composite_sha256(part_digests: Iterable[str]) -> str:
    """SHA-256 over the binary digests of the parts, as S3 computes a composite checksum; in hexadecimal."""
    return hashlib.sha256(b"".join(bytes.fromhex(digest) for digest in part_digests)).hexdigest()


def manifest(files: Sequence[File]) -> tuple[File, ...]:
    """The files sorted by path. Raises InvalidInputError with every fault, InvalidNameError for a bad path.

    There are at most 1,000 files, and their list takes at most 512 KiB. No two files have the same path, and no path is
    both a file and a directory.
    """
    if len(files) > MAX_FILES:
        raise InvalidInputError(
            f"A version has at most {MAX_FILES} files; {len(files)} were given. Pack small files into an archive."
        )
    problems = [problem for index, file in enumerate(files) for problem in _file_problems(f"/files/{index}", file)]
    ordered = tuple(sorted(files, key=lambda file: file.path))
    paths = {file.path for file in ordered}
    if len(paths) != len(ordered):
        problems.append(Problem("/files", "two files have the same path"))
    for path in paths:
        segments = path.split("/")
        parents = {"/".join(segments[:depth]) for depth in range(1, len(segments))}
        problems += [Problem("/files", f"{parent!r} is both a file and a directory") for parent in parents & paths]
    if sum(len(canonical_json(_content(file)).encode()) + 200 for file in ordered) > MAX_MANIFEST_BYTES:
        problems.append(Problem("/files", f"the manifest takes more than {MAX_MANIFEST_BYTES} bytes"))
    if problems:
        raise InvalidInputError("The list of files is not valid: " + problems[0].message + ".", problems)
    return ordered


def digest(files: Sequence[File]) -> str:
    """The digest of a version: SHA-256 of canonical JSON, in hexadecimal.

    The JSON is a list of ``{path, sha256, size}`` sorted by path, with ``uri`` for references.
    """
    return sha256_hex(canonical_json([_content(file) for file in sorted(files, key=lambda file: file.path)]))


def _content(file: File) -> dict[str, object]:
    content: dict[str, object] = {"path": file.path, "sha256": file.sha256, "size": file.size}
    if file.uri is not None:
        content["uri"] = file.uri
    return content


def _file_problems(pointer: str, file: File) -> Iterable[Problem]:
    names.new_file_path(file.path)
    if not _SHA256.fullmatch(file.sha256):
        yield Problem(f"{pointer}/sha256", f"{file.path}: sha256 must be 64 lower-case hexadecimal digits")
    if file.uri is not None:
        if not _URI.fullmatch(file.uri):
            yield Problem(f"{pointer}/uri", f"{file.path}: uri must be absolute, such as s3://bucket/key")
        if file.size < 0:
            yield Problem(f"{pointer}/size", f"{file.path}: size must not be negative")
        return
    if file.multipart is None:
        if not 0 <= file.size <= MAX_SINGLE_SIZE:
            yield Problem(f"{pointer}/size", f"{file.path}: a file of more than 5 GiB needs 'multipart'")
        return
    if not MIN_PART_SIZE <= file.multipart.part_size <= MAX_PART_SIZE:
        yield Problem(f"{pointer}/multipart/part_size", f"{file.path}: part_size must be 5 MiB to 5 GiB")
    elif not 1 <= file.part_count <= MAX_PARTS:
        yield Problem(f"{pointer}/multipart/part_size", f"{file.path}: a file has 1 to {MAX_PARTS} parts")
    if not _SHA256.fullmatch(file.multipart.sha256):
        yield Problem(f"{pointer}/multipart/sha256", f"{file.path}: sha256 must be 64 lower-case hexadecimal digits")
