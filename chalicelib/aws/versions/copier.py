"""Copies within the bucket, made by S3. What counts as a file's SHA-256 is that of the object version that is copied.

S3 is asked for a SHA-256 of each copy too, and not relied upon: where it tells one, it must agree.
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

# Of which object version a copy is, and what that was found to be: a repeated copying need not hash it again.
_ORIGIN: Final = "moorage-copy-of"
_SHA256: Final = "moorage-sha256"
_COMPOSITE: Final = "moorage-parts-sha256"
_PART_SIZE: Final = 512 * MIB
_PART_COPIERS: Final = 8
_CHUNK: Final = 4 * MIB
# Above this, S3 takes longer to copy than a client waits that is used to small answers.
_SMALL: Final = 32 * MIB
_GONE: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion", "405", "MethodNotAllowed"})
# S3 says so of what is not there to who may list only below prefixes.
_HIDDEN: Final = frozenset({"403", "AccessDenied"})


class SourceGoneError(Exception):
    """The object version to copy is not there any more."""


class CopyDiffersError(Exception):
    """S3 has made something else than a copy."""


@dataclass(frozen=True, slots=True)
class _Digest:
    """SHA-256 of a whole object, and of each part of one that is copied in parts."""

    sha256: str
    parts: tuple[str, ...] = ()

    @property
    def composite(self) -> str | None:
        return composite_sha256(self.parts) if self.parts else None


class Copier:
    """``patient`` makes a client that waits for copies of gigabytes, which S3 answers when they are done.

    Objects of more than ``whole`` bytes are copied in parts of ``part_size``.
    """

    def __init__(
        self,
        client: Any,
        patient: Callable[[], Any],
        bucket: str,
        whole: int = MAX_SINGLE_SIZE,
        part_size: int = _PART_SIZE,
    ) -> None:
        self._client = client
        self._patient = patient
        self._bucket = bucket
        self._whole = whole
        self._part_size = part_size

    def copy(self, source: SourceFile, key: str, repeated: bool) -> File:
        """The file at ``key``, pinned: a copy of the source. ``repeated``: there is an object already, perhaps it.

        Raises SourceGoneError, and CopyDiffersError, after which it may be tried again.
        """
        try:
            return (repeated and self._made_before(source, key)) or self._made(source, key)
        except ClientError as error:
            if _code(error) in _GONE | _HIDDEN and self._is_gone(source):
                raise SourceGoneError(f"{source.path!r} is not there any more") from error
            raise

    def _made(self, source: SourceFile, key: str) -> File:
        digest = self._digest(source)
        s3_version = self._copied(source, key, digest) if not digest.parts else self._assembled(source, key, digest)
        copy = self._client.head_object(Bucket=self._bucket, Key=key, VersionId=s3_version, ChecksumMode="ENABLED")
        if not _agrees(copy, source.size, digest.sha256, digest.composite):
            raise CopyDiffersError(f"S3's copy of {source.path!r} has not the bytes of its source")
        return self._file(source, s3_version, digest.sha256, digest.composite)

    def _made_before(self, source: SourceFile, key: str) -> File | None:
        """The copy that an earlier attempt has made of the same object version."""
        copy = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        said = copy["Metadata"]
        sha256, composite = said.get(_SHA256), said.get(_COMPOSITE)
        if said.get(_ORIGIN) != source.s3_version or sha256 is None:
            return None
        if not _agrees(copy, source.size, sha256, composite):
            return None
        return self._file(source, copy["VersionId"], sha256, composite)

    def _file(self, source: SourceFile, s3_version: str, sha256: str, composite: str | None) -> File:
        parts = None if composite is None else Multipart(self._part_size, composite)
        proof = Proof.SHA256 if composite is None else Proof.COMPOSITE
        return File(source.path, source.size, sha256, parts, s3_version=s3_version, verified=proof)

    def _copied(self, source: SourceFile, key: str, digest: _Digest) -> str:
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

    def _assembled(self, source: SourceFile, key: str, digest: _Digest) -> str:
        client = self._patient()
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
            told = answer.get("ChecksumSHA256")
            if told is None:
                return {"PartNumber": number, "ETag": answer["ETag"]}
            if told != checksum_of(digest.parts[number - 1]):
                raise CopyDiffersError(f"S3's copy of part {number} of {source.path!r} has not the bytes of its source")
            return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": told}

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
            # Whatever it was is raised again: no upload stays behind it. The bucket's lifecycle ends those of a
            # process that was cut off.
            self._abort(key, upload_id)
            raise
        s3_version: str = answer["VersionId"]
        return s3_version

    def _abort(self, key: str, upload_id: str) -> None:
        try:
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)
        except ClientError as error:
            # Completed after all, when only the answer was lost: the next attempt finds the copy.
            if _code(error) != "NoSuchUpload":
                raise

    def _digest(self, source: SourceFile) -> _Digest:
        """By S3's own SHA-256 of the whole object version if it has one, else by reading it once."""
        in_parts = source.size > self._whole
        if source.sha256 is not None and not in_parts:
            return _Digest(source.sha256)
        pinned = {"Bucket": self._bucket, "Key": source.key, "VersionId": source.s3_version}
        if not in_parts:
            told = self._client.head_object(**pinned, ChecksumMode="ENABLED").get("ChecksumSHA256")
            if told is not None and "-" not in told:
                return _Digest(base64.b64decode(told).hex())
        body = self._client_for(source).get_object(**pinned)["Body"]
        return self._read(body, source, in_parts)

    def _read(self, body: Any, source: SourceFile, in_parts: bool) -> _Digest:
        whole, parts, left = hashlib.sha256(), [], source.size
        while left:
            part, of_part = hashlib.sha256(), min(self._part_size, left) if in_parts else left
            left -= of_part
            while of_part:
                chunk = body.read(min(_CHUNK, of_part))
                if not chunk:
                    raise CopyDiffersError(f"S3 ended {source.path!r} before its {source.size} bytes")
                whole.update(chunk)
                if in_parts:
                    part.update(chunk)
                of_part -= len(chunk)
            parts.append(part.hexdigest())
        body.close()
        return _Digest(whole.hexdigest(), tuple(parts) if in_parts else ())

    def _is_gone(self, source: SourceFile) -> bool:
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=source.key)
        return not any(
            one["Key"] == source.key and one["VersionId"] == source.s3_version
            for page in pages
            for one in page.get("Versions", ())
        )

    def _client_for(self, source: SourceFile) -> Any:
        return self._client if source.size <= _SMALL else self._patient()

    def _address(self, source: SourceFile) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": source.key, "VersionId": source.s3_version}


def _metadata(source: SourceFile, digest: _Digest) -> dict[str, str]:
    of_parts = {} if digest.composite is None else {_COMPOSITE: digest.composite}
    return {_ORIGIN: source.s3_version, _SHA256: digest.sha256, **of_parts}


def _agrees(copy: dict[str, Any], size: int, sha256: str, composite: str | None) -> bool:
    """Whether what S3 says of a copy fits: the size, and the checksum where it says one."""
    told = copy.get("ChecksumSHA256")
    if copy["ContentLength"] != size:
        return False
    if told is None:
        return True
    checksum = told.partition("-")[0]
    return bool(checksum == checksum_of(sha256 if composite is None else composite))


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
