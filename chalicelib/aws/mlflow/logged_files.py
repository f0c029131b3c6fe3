"""Files as MLflow's clients log them, before a version is registered from them: all under one prefix of the bucket."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.aws.names import LOGGED_PREFIX
from chalicelib.domain.versions.manifest import checksum_of

_GONE: Final = frozenset({"404", "NoSuchKey"})
_NO_UPLOAD: Final = "NoSuchUpload"
# Parts that S3 does not have as they are said: a fault of the caller's.
_WRONG_PARTS: Final = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML"})


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a directory: a file with its size, or a directory."""

    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest version of a logged file. ``path`` is under where it was looked for; ``key`` is S3's."""

    path: str
    key: str
    size: int
    s3_version: str


class WrongPartsError(Exception):
    """S3 has not these parts, or does not take them in this form."""


def logged_key(path: str) -> str:
    return LOGGED_PREFIX + path


class LoggedFiles:
    """``path`` is always below the prefix, and safe."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, path: str, body: bytes, sha256: str) -> None:
        """Keep a small file; S3 checks its bytes against the SHA-256 and keeps that."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=logged_key(path),
            Body=body,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=checksum_of(sha256),
        )

    def size(self, path: str) -> int | None:
        """The file's size; None if there is none."""
        key = logged_key(path)
        # Asked by HEAD, S3 refuses what is not there to who may list only below prefixes. A key is the first of those
        # that begin with it.
        listed = self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1).get("Contents", ())
        return next((int(one["Size"]) for one in listed if one["Key"] == key), None)

    def read(self, path: str) -> bytes | None:
        """The file's bytes; None if there is none."""
        try:
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=logged_key(path))["Body"].read()
        except ClientError as error:
            if _code(error) in _GONE:
                return None
            raise
        return body

    def read_version(self, key: str, s3_version: str) -> bytes | None:
        """The bytes of one version of an object; None if it is gone."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key, VersionId=s3_version)
        except ClientError as error:
            if _code(error) in (*_GONE, "NoSuchVersion"):
                return None
            raise
        body: bytes = answer["Body"].read()
        return body

    def entries(self, directory: str, limit: int) -> list[Listed]:
        """One level of a directory, at most ``limit`` entries; empty for what is none."""
        prefix = logged_key(f"{directory}/") if directory else LOGGED_PREFIX
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix, Delimiter="/"
        )
        found: list[Listed] = []
        for page in pages:
            found += [Listed(_name(one["Prefix"], prefix), None) for one in page.get("CommonPrefixes", ())]
            found += [
                Listed(_name(one["Key"], prefix), one["Size"])
                for one in page.get("Contents", ())
                if one["Key"] != prefix
            ]
            if len(found) >= limit:
                break
        return sorted(found[:limit], key=lambda entry: entry.name)

    def newest(self, directory: str) -> Iterator[Stored]:
        """Every file below a directory, in the version that is the newest now."""
        prefix = logged_key(f"{directory}/")
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for one in page.get("Versions", ()):
                if one["IsLatest"] and one["Key"] != prefix:
                    yield Stored(one["Key"].removeprefix(prefix), one["Key"], one["Size"], one["VersionId"])

    def newest_file(self, path: str) -> Stored | None:
        """One file, in the version that is the newest now; None if there is none."""
        key = logged_key(path)
        # Not by HEAD, as above. A key's own versions come first, the newest of them before the others.
        listed = self._client.list_object_versions(Bucket=self._bucket, Prefix=key, MaxKeys=2).get("Versions", ())
        newest = next((one for one in listed if one["Key"] == key and one["IsLatest"]), None)
        return newest and Stored(path.rpartition("/")[2], key, newest["Size"], newest["VersionId"])

    def delete(self, path: str) -> None:
        """Take a file, or all below a directory, out of sight. The bytes stay for a while as old versions."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=logged_key(f"{path}/")
        )
        for page in pages:
            batch = [{"Key": one["Key"]} for one in page.get("Contents", ())]
            if batch:
                self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})
        if self.size(path) is not None:
            self._client.delete_object(Bucket=self._bucket, Key=logged_key(path))

    def begin_upload(self, path: str) -> str:
        """Open a multipart upload; answers its id."""
        # Named, because the SDK would name another: with it S3 would want a checksum of each part, which clients have
        # not. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
        opened = self._client.create_multipart_upload(
            Bucket=self._bucket, Key=logged_key(path), ChecksumAlgorithm="CRC64NVME", ChecksumType="FULL_OBJECT"
        )
        upload_id: str = opened["UploadId"]
        return upload_id

    def complete_upload(self, path: str, upload_id: str, parts: Sequence[tuple[int, str]]) -> bool:
        """Make the parts, each a number and an ETag, one file; False if there is no such upload (any more).

        Raises WrongPartsError.
        """
        try:
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=logged_key(path),
                UploadId=upload_id,
                MultipartUpload={"Parts": [{"PartNumber": number, "ETag": etag} for number, etag in parts]},
            )
        except ClientError as error:
            if _code(error) == _NO_UPLOAD:
                return False
            if _code(error) in _WRONG_PARTS:
                raise WrongPartsError(_code(error)) from error
            raise
        return True

    def abort_upload(self, path: str, upload_id: str) -> None:
        """Give up a multipart upload. One that is not open any more stays as it is."""
        try:
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=logged_key(path), UploadId=upload_id)
        except ClientError as error:
            if _code(error) != _NO_UPLOAD:
                raise


def _name(key: str, prefix: str) -> str:
    return key.removeprefix(prefix).rstrip("/")


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
