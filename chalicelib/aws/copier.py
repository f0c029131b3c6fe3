"""Copies within the bucket, made by S3: the bytes do not come here, but to be hashed where S3 has no hash of them."""

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.domain.intake import SourceFile
from chalicelib.domain.manifest import MAX_SINGLE_SIZE, MIB, File, Multipart, Proof, composite_sha256

# Which version of which object a copy is of, so that a repeated copying finds what the first has done.
_ORIGIN: Final = "moorage-copy-of"
_PART_SIZE: Final = 512 * MIB
_COPIERS: Final = 8
_CHUNK: Final = 4 * MIB
_GONE: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion", "405", "MethodNotAllowed"})


class SourceGoneError(Exception):
    """The object version to copy is not there any more."""


@dataclass(frozen=True, slots=True)
class _Copy:
    s3_version: str
    checksum: str | None


class Copier:
    """``patient`` makes a client that waits for copies of gigabytes, which S3 answers when they are done."""

    def __init__(self, client: Any, patient: Callable[[], Any], bucket: str) -> None:
        self._client = client
        self._patient = patient
        self._bucket = bucket

    def copy(self, source: SourceFile, key: str) -> File:
        """The file at ``key``, proven and pinned: a copy of the source. Can be repeated. Raises SourceGoneError."""
        try:
            if source.size > MAX_SINGLE_SIZE:
                return self._copy_in_parts(source, key)
            copy = self._found(source, key) or self._copy(source, key)
        except ClientError as error:
            if str(error.response["Error"]["Code"]) in _GONE:
                raise SourceGoneError(f"{source.path!r} is not there any more") from error
            raise
        sha256 = _whole(copy.checksum) or self._hash(key, copy.s3_version, source.size)
        return File(source.path, source.size, sha256, s3_version=copy.s3_version, verified=Proof.SHA256)

    def _copy(self, source: SourceFile, key: str) -> _Copy:
        # Asked for, S3 makes a SHA-256 of the whole object as it copies, however its source was uploaded.
        answer = self._client_for(source).copy_object(
            Bucket=self._bucket,
            Key=key,
            CopySource=self._source(source),
            ChecksumAlgorithm="SHA256",
            MetadataDirective="REPLACE",
            Metadata={_ORIGIN: source.s3_version},
        )
        return _Copy(answer["VersionId"], answer["CopyObjectResult"].get("ChecksumSHA256"))

    def _copy_in_parts(self, source: SourceFile, key: str) -> File:
        copy = self._found(source, key) or self._assemble(source, key)
        client = self._client_for(source)
        listed = client.get_object_attributes(
            Bucket=self._bucket,
            Key=key,
            VersionId=copy.s3_version,
            MaxParts=10_000,
            ObjectAttributes=["ObjectParts"],
        )
        parts = [base64.b64decode(part["ChecksumSHA256"]).hex() for part in listed["ObjectParts"]["Parts"]]
        return File(
            source.path,
            source.size,
            source.sha256 or self._hash(key, copy.s3_version, source.size),
            Multipart(_PART_SIZE, composite_sha256(parts)),
            s3_version=copy.s3_version,
            verified=Proof.COMPOSITE,
        )

    def _assemble(self, source: SourceFile, key: str) -> _Copy:
        client = self._client_for(source)
        upload_id = client.create_multipart_upload(
            Bucket=self._bucket,
            Key=key,
            ChecksumAlgorithm="SHA256",
            ChecksumType="COMPOSITE",
            Metadata={_ORIGIN: source.s3_version},
        )["UploadId"]

        def copy_part(number: int) -> dict[str, Any]:
            first = (number - 1) * _PART_SIZE
            last = min(first + _PART_SIZE, source.size) - 1
            answer = client.upload_part_copy(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                CopySource=self._source(source),
                CopySourceRange=f"bytes={first}-{last}",
            )["CopyPartResult"]
            return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]}

        with ThreadPoolExecutor(_COPIERS) as pool:
            parts = list(pool.map(copy_part, range(1, -(-source.size // _PART_SIZE) + 1)))
        answer = client.complete_multipart_upload(
            Bucket=self._bucket,
            Key=key,
            UploadId=upload_id,
            ChecksumType="COMPOSITE",
            MultipartUpload={"Parts": parts},
        )
        return _Copy(answer["VersionId"], None)

    def _found(self, source: SourceFile, key: str) -> _Copy | None:
        """The copy that an earlier attempt has made of the same object version."""
        try:
            answer = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            if str(error.response["Error"]["Code"]) in _GONE:
                return None
            raise
        if answer["Metadata"].get(_ORIGIN) != source.s3_version or answer["ContentLength"] != source.size:
            return None
        return _Copy(answer["VersionId"], answer.get("ChecksumSHA256"))

    def _hash(self, key: str, s3_version: str, size: int) -> str:
        """The SHA-256 of the copy's bytes, read once."""
        client = self._client if size <= _CHUNK else self._patient()
        body = client.get_object(Bucket=self._bucket, Key=key, VersionId=s3_version)["Body"]
        digest = hashlib.sha256()
        for chunk in body.iter_chunks(_CHUNK):
            digest.update(chunk)
        return digest.hexdigest()

    def _client_for(self, source: SourceFile) -> Any:
        return self._client if source.size <= 32 * MIB else self._patient()

    def _source(self, source: SourceFile) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": source.key, "VersionId": source.s3_version}


def _whole(checksum: str | None) -> str | None:
    """S3's checksum as the SHA-256 of the whole object; None if S3 has none, or only one over parts."""
    if checksum is None or "-" in checksum:
        return None
    return base64.b64decode(checksum).hex()
