"""Copies within the bucket, made by S3.

A file's SHA-256 is that of the object version that is copied. S3 is asked for a SHA-256 of each copy too. It must agree
if S3 gives one, but the copy does not depend on it.
"""

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.domain.versions.intake import SourceFile
from chalicelib.domain.versions.manifest import (
    MAX_SINGLE_SIZE,
    MIB,
    File,
    Multipart,
    Proof,
    checksum_of,
    composite_sha256,
)

# Metadata of a copy: the object version that was copied and its hashes, so that a repeated attempt need not hash it.
_ORIGIN: Final = "moorage-copy-of"
_SHA256: Final = "moorage-sha256"
_COMPOSITE: Final = "moorage-parts-sha256"
_PART_SIZE: Final = 512 * MIB
_PART_COPIERS: Final = 8
_CHUNK: Final = 4 * MIB
# S3 takes longer to copy larger objects than the ordinary client waits.
_SMALL: Final = 32 * MIB
_GONE: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion", "405", "MethodNotAllowed"})
# For an object that is not there, S3 answers this to callers that may list only some prefixes.
_HIDDEN: Final = frozenset({"403", "AccessDenied"})


class SourceGoneError(Exception):
    """The object version to copy no longer exists."""


class CopyDiffersError(Exception):
    """S3 returned other bytes than those of the source."""


@dataclass(frozen=True, slots=True)
class _Digest:
    """The SHA-256 of a whole object, and of each part if it is copied in parts."""

    sha256: str
    parts: tuple[str, ...] = ()

    @property
    def composite(self) -> str | None:
        return composite_sha256(self.parts) if self.parts else None


class Copier:
    """Copies objects within the bucket.

    ``make_slow_client`` makes a client that waits for copies of gigabytes, which S3 answers when they are complete.
    Objects of more than ``max_whole_size`` bytes are copied in parts of ``part_size``.
    """

    def __init__(
        self,
        client: Any,
        make_slow_client: Callable[[], Any],
        bucket: str,
        max_whole_size: int = MAX_SINGLE_SIZE,
        part_size: int = _PART_SIZE,
    ) -> None:
        self._client = client
        self._make_slow_client = make_slow_client
        self._bucket = bucket
        self._max_whole_size = max_whole_size
        self._part_size = part_size

    def copy(self, source: SourceFile, key: str, repeated: bool) -> File:
        """Copy the source to ``key`` and return the file, pinned to its object version.

        ``repeated`` means that there is an object at ``key`` already, perhaps an earlier copy. Raises SourceGoneError,
        and CopyDiffersError, after which it may be tried again.
        """
        try:
            return (repeated and self._earlier_copy(source, key)) or self._make_copy(source, key)
        except ClientError as error:
            if _code(error) in _GONE | _HIDDEN and self._is_gone(source):
                raise SourceGoneError(f"{source.path!r} no longer exists") from error
            raise

    def _make_copy(self, source: SourceFile, key: str) -> File:
        digest = self._digest(source)
        s3_version = (
            self._copy_whole(source, key, digest) if not digest.parts else self._copy_in_parts(source, key, digest)
        )
        copy = self._client.head_object(Bucket=self._bucket, Key=key, VersionId=s3_version, ChecksumMode="ENABLED")
        if not _agrees(copy, source.size, digest.sha256, digest.composite):
            raise CopyDiffersError(f"S3's copy of {source.path!r} differs from its source")
        return self._file(source, s3_version, digest.sha256, digest.composite)

    def _earlier_copy(self, source: SourceFile, key: str) -> File | None:
        """The copy that an earlier attempt made of the same object version, None if there is none."""
        copy = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        metadata = copy["Metadata"]
        sha256, composite = metadata.get(_SHA256), metadata.get(_COMPOSITE)
        if metadata.get(_ORIGIN) != source.s3_version or sha256 is None:
            return None
        if not _agrees(copy, source.size, sha256, composite):
            return None
        return self._file(source, copy["VersionId"], sha256, composite)

    def _file(self, source: SourceFile, s3_version: str, sha256: str, composite: str | None) -> File:
        parts = None if composite is None else Multipart(self._part_size, composite)
        proof = Proof.SHA256 if composite is None else Proof.COMPOSITE
        return File(source.path, source.size, sha256, parts, s3_version=s3_version, verified=proof)

    def _copy_whole(self, source: SourceFile, key: str, digest: _Digest) -> str:
        answer = self._client_for(source).copy_object(
            Bucket=self._bucket,
            Key=key,
            CopySource=self._address(source),
            ChecksumAlgorithm="SHA256",
            MetadataDirective="REPLACE",
            Metadata=_metadata(source, digest),
        )
        s3_version: str = answer["VersionId"]
        return s3_version

    def _copy_in_parts(self, source: SourceFile, key: str, digest: _Digest) -> str:
        client = self._make_slow_client()
        upload_id = client.create_multipart_upload(
            Bucket=self._bucket,
            Key=key,
            ChecksumAlgorithm="SHA256",
            ChecksumType="COMPOSITE",
            Metadata=_metadata(source, digest),
        )["UploadId"]

        def copy_part(number: int) -> dict[str, Any]:
            first = (number - 1) * self._part_size
            last = min(first + self._part_size, source.size) - 1
            answer = client.upload_part_copy(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                CopySource=self._address(source),
                CopySourceRange=f"bytes={first}-{last}",
            )["CopyPartResult"]
            checksum = answer.get("ChecksumSHA256")
            if checksum is None:
                return {"PartNumber": number, "ETag": answer["ETag"]}
            if checksum != checksum_of(digest.parts[number - 1]):
                raise CopyDiffersError(f"S3's copy of part {number} of {source.path!r} differs from its source")
            return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}

        try:
            with ThreadPoolExecutor(_PART_COPIERS) as pool:
                parts = list(pool.map(copy_part, range(1, len(digest.parts) + 1)))
            answer = client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                ChecksumType="COMPOSITE",
                MultipartUpload={"Parts": parts},
            )
        except Exception:
            # The error is raised again once the upload is aborted. The bucket's lifecycle rule aborts uploads of a
            # process that was cut off.
            self._abort(key, upload_id)
            raise
        s3_version: str = answer["VersionId"]
        return s3_version

    def _abort(self, key: str, upload_id: str) -> None:
        try:
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)
        except ClientError as error:
            # If only the answer was lost, the upload was completed. The next attempt then finds the copy.
            if _code(error) != "NoSuchUpload":
                raise

    def _digest(self, source: SourceFile) -> _Digest:
        """The source's hashes: S3's SHA-256 of the whole object version if it has one, else from reading it once."""
        in_parts = source.size > self._max_whole_size
        if source.sha256 is not None and not in_parts:
            return _Digest(source.sha256)
        pinned = {"Bucket": self._bucket, "Key": source.key, "VersionId": source.s3_version}
        if not in_parts:
            checksum = self._client.head_object(**pinned, ChecksumMode="ENABLED").get("ChecksumSHA256")
            if checksum is not None and "-" not in checksum:
                return _Digest(base64.b64decode(checksum).hex())
        body = self._client_for(source).get_object(**pinned)["Body"]
        return self._hash(body, source, in_parts)

    def _hash(self, body: Any, source: SourceFile, in_parts: bool) -> _Digest:
        whole, parts, unread = hashlib.sha256(), [], source.size
        while unread:
            part, unread_of_part = hashlib.sha256(), min(self._part_size, unread) if in_parts else unread
            unread -= unread_of_part
            while unread_of_part:
                chunk = body.read(min(_CHUNK, unread_of_part))
                if not chunk:
                    raise CopyDiffersError(f"S3 returned fewer than the {source.size} bytes of {source.path!r}")
                whole.update(chunk)
                if in_parts:
                    part.update(chunk)
                unread_of_part -= len(chunk)
            parts.append(part.hexdigest())
        body.close()
        return _Digest(whole.hexdigest(), tuple(parts) if in_parts else ())

    def _is_gone(self, source: SourceFile) -> bool:
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=source.key)
        return not any(
            listed["Key"] == source.key and listed["VersionId"] == source.s3_version
            for page in pages
            for listed in page.get("Versions", ())
        )

    def _client_for(self, source: SourceFile) -> Any:
        return self._client if source.size <= _SMALL else self._make_slow_client()

    def _address(self, source: SourceFile) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": source.key, "VersionId": source.s3_version}


def _metadata(source: SourceFile, digest: _Digest) -> dict[str, str]:
    composite = {} if digest.composite is None else {_COMPOSITE: digest.composite}
    return {_ORIGIN: source.s3_version, _SHA256: digest.sha256, **composite}


def _agrees(copy: dict[str, Any], size: int, sha256: str, composite: str | None) -> bool:
    """Whether S3's description of a copy fits: its size, and its checksum if S3 gives one."""
    checksum = copy.get("ChecksumSHA256")
    if copy["ContentLength"] != size:
        return False
    if checksum is None:
        return True
    return bool(checksum.partition("-")[0] == checksum_of(sha256 if composite is None else composite))


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
