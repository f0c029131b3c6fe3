"""Files that MLflow's clients log before a version is registered from them. All are under one prefix of the bucket."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.aws.mlflow.names import LOGGED_PREFIX
from chalicelib.aws.services import Services
from chalicelib.domain.versions.manifest import checksum_of

_GONE: Final = frozenset({"404", "NoSuchKey"})
_NO_UPLOAD: Final = "NoSuchUpload"
# S3 does not have the parts as the caller listed them. The caller is at fault.
_WRONG_PARTS: Final = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML"})


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a directory: a file with its size, or a directory, whose ``size`` is None."""

    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest version of a logged file. ``path`` is relative to the directory that was listed; ``key`` is S3's."""

    path: str
    key: str
    size: int
    s3_version: str


class WrongPartsError(Exception):
    """S3 does not have these parts, or does not accept them as they are."""


def logged_key(path: str) -> str:
    """The object key of a logged file."""
    return LOGGED_PREFIX + path


class LoggedFiles:
    """Reads and writes logged files. A ``path`` is relative to the prefix and has been checked to be safe."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, path: str, body: bytes, sha256: str) -> None:
        """Store a small file. S3 checks its bytes against the SHA-256 and keeps the SHA-256."""
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
        # Not by HEAD: for a key that does not exist, S3 answers HEAD with 403 to a role that may list only below
        # prefixes. A listing by prefix has the key itself first.
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
        """One level of a directory, at most ``limit`` entries; empty if there is no such directory."""
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

    def some(self, directory: str, limit: int) -> frozenset[str]:
        """The paths of at most ``limit`` files below a directory, of at most 1,000: one call."""
        listed = self._client.list_objects_v2(
            Bucket=self._bucket, Prefix=logged_key(f"{directory}/"), MaxKeys=limit
        ).get("Contents", ())
        return frozenset(one["Key"].removeprefix(LOGGED_PREFIX) for one in listed)

    def newest(self, directory: str) -> Iterator[Stored]:
        """Every file below a directory, each in its newest version."""
        prefix = logged_key(f"{directory}/")
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for one in page.get("Versions", ()):
                if one["IsLatest"] and one["Key"] != prefix:
                    yield Stored(one["Key"].removeprefix(prefix), one["Key"], one["Size"], one["VersionId"])

    def newest_file(self, path: str) -> Stored | None:
        """One file in its newest version; None if there is none."""
        key = logged_key(path)
        # Not by HEAD, as in ``size``. The listing has the key's own versions first, and the newest of them first.
        listed = self._client.list_object_versions(Bucket=self._bucket, Prefix=key, MaxKeys=2).get("Versions", ())
        newest = next((one for one in listed if one["Key"] == key and one["IsLatest"]), None)
        return newest and Stored(path.rpartition("/")[2], key, newest["Size"], newest["VersionId"])

    def delete(self, path: str) -> None:
        """Delete a file, or all files below a directory. The bytes stay for a while as noncurrent versions."""
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
        """Open a multipart upload and return its id."""
        # The SDK's default algorithm would make S3 require a checksum of each part, which clients do not send.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
        opened = self._client.create_multipart_upload(
            Bucket=self._bucket, Key=logged_key(path), ChecksumAlgorithm="CRC64NVME", ChecksumType="FULL_OBJECT"
        )
        upload_id: str = opened["UploadId"]
        return upload_id

    def complete_upload(self, path: str, upload_id: str, parts: Sequence[tuple[int, str]]) -> bool:
        """Make the parts, each a number and an ETag, one file. False if the upload does not exist or no longer exists.

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
        """Abort a multipart upload. Nothing happens if it is no longer open."""
        try:
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=logged_key(path), UploadId=upload_id)
        except ClientError as error:
            if _code(error) != _NO_UPLOAD:
                raise


def logged_files(services: Services) -> LoggedFiles:
    """The logged files of the registry's bucket."""
    return LoggedFiles(services.client("s3"), services.settings.bucket)


def _name(key: str, prefix: str) -> str:
    return key.removeprefix(prefix).rstrip("/")


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
