"""The bucket of versions' files: presigned requests, checksums of stored objects, multipart uploads, and deletion.

Only S3 keeps the state of uploads. No upload id is stored: it is looked up by its key, so a crash at any point leaves
nothing to repair.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.aws.log import log_line
from chalicelib.aws.names import ARTIFACT_PREFIX, EVIDENCE_PREFIX
from chalicelib.aws.versions.presign import Credentials, Presigner
from chalicelib.domain.versions.manifest import checksum_of

# Limit of DeleteObjects, https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
_DELETE_BATCH: Final = 1_000
# How much of an object is in memory while it is hashed, in bytes.
_CHUNK: Final = 4 * 1024**2


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A presigned request to S3. ``headers`` are part of the signature: S3 refuses the request with any others."""

    url: str
    headers: Mapping[str, str]
    method: str = "PUT"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """The newest version of an object. ``checksum`` is in S3's encoding, None if S3 has none."""

    size: int
    checksum: str | None
    s3_version: str


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A stored part of an open multipart upload."""

    number: int
    size: int
    sha256: str
    etag: str


@dataclass(frozen=True, slots=True)
class Removed:
    """What was deleted when nothing is left."""

    object_versions: int
    bytes: int


def version_prefix(uid: str) -> str:
    """The prefix of the keys of all files of a version."""
    return f"{ARTIFACT_PREFIX}{uid}/"


def object_key(uid: str, path: str) -> str:
    return version_prefix(uid) + path


class Bucket:
    """The bucket of versions' files.

    A presigned URL expires after ``lifetime`` seconds, or earlier if the credentials that signed it do.
    """

    def __init__(self, client: Any, name: str, credentials: Callable[[], Credentials]) -> None:
        self._client = client
        self._credentials = credentials
        self.name = name

    def sign_put(self, key: str, size: int, sha256: str, lifetime: int) -> SignedRequest:
        """Presign a PUT of exactly ``size`` bytes with this SHA-256, which S3 carries out once.

        Repeated, it would store the bytes again as another object version, for as long as the URL lives.
        """
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        return self._sign_upload(key, {}, size, sha256, lifetime, {"if-none-match": "*"})

    def sign_part(self, key: str, upload_id: str, number: int, size: int, sha256: str, lifetime: int) -> SignedRequest:
        """Presign a PUT of one part: exactly ``size`` bytes with this SHA-256."""
        part = {"uploadId": upload_id, "partNumber": str(number)}
        return self._sign_upload(key, part, size, sha256, lifetime)

    def sign_get(self, key: str, s3_version: str, lifetime: int, media_type: str | None = None) -> str:
        """The URL of one object version. A browser saves it under the last segment of the key.

        S3 answers with the Content-Type ``media_type``, or else with the one that the object was stored with.
        """
        return self._sign_read("GET", key, s3_version, lifetime, media_type)

    def sign_head(self, key: str, s3_version: str, lifetime: int, media_type: str) -> str:
        """The URL to ask S3 for the headers that it would send with the object version, and not for its bytes."""
        return self._sign_read("HEAD", key, s3_version, lifetime, media_type)

    def sign_newest(self, key: str, lifetime: int, media_type: str) -> str:
        """The URL of the newest version of an object. A browser saves it too, whatever it was stored as."""
        return self._sign_read("GET", key, None, lifetime, media_type)

    def sha256(self, key: str, s3_version: str) -> str:
        """The SHA-256 of an object version in hexadecimal, from reading it once."""
        stored = self._client.get_object(Bucket=self.name, Key=key, VersionId=s3_version)["Body"]
        digest = hashlib.sha256()
        for chunk in stored.iter_chunks(_CHUNK):
            digest.update(chunk)
        return digest.hexdigest()

    def content(self, key: str, s3_version: str) -> bytes | None:
        """All bytes of a small object version; None if it is gone."""
        try:
            stored = self._client.get_object(Bucket=self.name, Key=key, VersionId=s3_version)
        except ClientError as error:
            # As for HEAD, S3 answers AccessDenied to callers that may not list the prefix.
            if _code(error) in ("NoSuchVersion", "NoSuchKey", "AccessDenied"):
                return None
            raise
        content: bytes = stored["Body"].read()
        return content

    def _sign_read(self, method: str, key: str, s3_version: str | None, lifetime: int, media_type: str | None) -> str:
        query = {} if s3_version is None else {"versionId": s3_version}
        query["response-content-disposition"] = _attachment(key.rpartition("/")[2])
        if media_type is not None:
            query["response-content-type"] = media_type
        return self._presigner.url(method, key, query, {}, lifetime=lifetime, now=_now())

    def sign_any_part(self, key: str, upload_id: str, number: int, lifetime: int) -> str:
        """The URL to put a part with any content, for clients that do not know the content beforehand."""
        part = {"uploadId": upload_id, "partNumber": str(number)}
        return self._presigner.url("PUT", key, part, {}, lifetime=lifetime, now=_now())

    def sizes(self, uid: str) -> dict[str, int]:
        """The key and size of every object of a version."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=version_prefix(uid))
        return {stored["Key"]: stored["Size"] for page in pages for stored in page.get("Contents", ())}

    def head(self, key: str, s3_version: str | None = None) -> StoredObject | None:
        """A version of an object, by default the newest, with its checksum; None if there is no such object."""
        chosen = {} if s3_version is None else {"VersionId": s3_version}
        try:
            answer = self._client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED", **chosen)
        except ClientError as error:
            # The answer to HEAD has no body with a code, so botocore gives the status instead. For an object that is
            # not there, S3 answers 403 to callers that may list only some prefixes:
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
            if _code(error) in ("403", "404", "NoSuchKey"):
                return None
            raise
        return StoredObject(answer["ContentLength"], answer.get("ChecksumSHA256"), answer["VersionId"])

    def open_uploads(self, prefix: str) -> dict[str, str]:
        """Key and id of every open multipart upload under a prefix; the older one if a race opened two for a key."""
        oldest: dict[str, Any] = {}
        for upload in self._uploads(prefix):
            other = oldest.get(upload["Key"])
            # S3 lists the uploads of a key oldest first. Of two with the same second, the first listed counts.
            if other is None or upload["Initiated"] < other["Initiated"]:
                oldest[upload["Key"]] = upload
        return {key: upload["UploadId"] for key, upload in oldest.items()}

    def open_upload(self, key: str) -> str:
        """The id of the multipart upload of ``key``, opened if there is none. Racing callers agree on one."""
        upload_id = self.open_uploads(key).get(key)
        if upload_id is not None:
            return upload_id
        opened: str = self._client.create_multipart_upload(
            Bucket=self.name, Key=key, ChecksumAlgorithm="SHA256", ChecksumType="COMPOSITE"
        )["UploadId"]
        return self.open_uploads(key).get(key, opened)

    def parts(self, key: str, upload_id: str) -> tuple[StoredPart, ...] | None:
        """The stored parts of an upload, in order of number; None if the upload is no longer open."""
        pages = self._client.get_paginator("list_parts").paginate(Bucket=self.name, Key=key, UploadId=upload_id)
        try:
            return tuple(_part(listed) for page in pages for listed in page.get("Parts", ()))
        except ClientError as error:
            if _code(error) == "NoSuchUpload":
                return None
            raise

    def complete(self, key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """Assemble the parts into one object. Does nothing if the upload is gone or has changed since it was listed."""
        listed = [
            {"PartNumber": part.number, "ETag": part.etag, "ChecksumSHA256": checksum_of(part.sha256)} for part in parts
        ]
        try:
            self._client.complete_multipart_upload(
                Bucket=self.name,
                Key=key,
                UploadId=upload_id,
                ChecksumType="COMPOSITE",
                MultipartUpload={"Parts": listed},
            )
        except ClientError as error:
            if _code(error) not in ("NoSuchUpload", "InvalidPart"):
                raise

    def delete_version(self, uid: str) -> Removed | None:
        """Delete every byte of a version, its evidence files too. As ``delete_prefix``."""
        removed = [self.delete_prefix(prefix) for prefix in (f"{EVIDENCE_PREFIX}{uid}/", version_prefix(uid))]
        gone = [one for one in removed if one is not None]
        if len(gone) < len(removed):
            return None
        return Removed(sum(one.object_versions for one in gone), sum(one.bytes for one in gone))

    def delete_prefix(self, prefix: str) -> Removed | None:
        """Delete every byte under a prefix: open uploads, all object versions, delete markers.

        Then asks S3 what is left there, and returns None if there still is something. Can be repeated; the result
        counts only what this call deleted.
        """
        for upload in list(self._uploads(prefix)):
            self._abort(upload["Key"], upload["UploadId"])
        refused: list[Any] = []
        batch: list[dict[str, str]] = []
        listed = list(self._object_versions(prefix))
        for stored in listed:
            batch.append({"Key": stored["Key"], "VersionId": stored["VersionId"]})
            if len(batch) == _DELETE_BATCH:
                refused += self._delete(batch)
                batch = []
        if batch:
            refused += self._delete(batch)
        if refused:
            codes = sorted({str(error.get("Code")) for error in refused})
            log_line("purge_refused", prefix=prefix, objects=len(refused), codes=codes)
        # A part that is being uploaded while its upload is aborted may still be stored, so S3 is asked again:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
        remaining = next(self._uploads(prefix), None) or next(self._object_versions(prefix), None)
        # A delete marker has no size and is not counted.
        sizes = [stored["Size"] for stored in listed if "Size" in stored]
        return Removed(len(sizes), sum(sizes)) if remaining is None else None

    @cached_property
    def _presigner(self) -> Presigner:
        # botocore decides how the bucket is addressed: by host or by path, at AWS or at an emulator.
        url = self._client.generate_presigned_url("get_object", Params={"Bucket": self.name, "Key": "_"})
        address = url.partition("?")[0].removesuffix("_")
        return Presigner(address, self._client.meta.region_name, self._credentials)

    def _sign_upload(
        self,
        key: str,
        query: Mapping[str, str],
        size: int,
        sha256: str,
        lifetime: int,
        conditions: Mapping[str, str] | None = None,
    ) -> SignedRequest:
        headers = {"content-length": str(size), "x-amz-checksum-sha256": checksum_of(sha256), **(conditions or {})}
        return SignedRequest(self._presigner.url("PUT", key, query, headers, lifetime=lifetime, now=_now()), headers)

    def _uploads(self, prefix: str) -> Iterator[Any]:
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self.name, Prefix=prefix)
        for page in pages:
            yield from page.get("Uploads", ())

    def _object_versions(self, prefix: str) -> Iterator[Any]:
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=prefix)
        for page in pages:
            yield from page.get("Versions", ())
            yield from page.get("DeleteMarkers", ())

    def _abort(self, key: str, upload_id: str) -> None:
        try:
            self._client.abort_multipart_upload(Bucket=self.name, Key=key, UploadId=upload_id)
        except ClientError as error:
            if _code(error) != "NoSuchUpload":
                raise

    def _delete(self, batch: list[dict[str, str]]) -> list[Any]:
        answer = self._client.delete_objects(Bucket=self.name, Delete={"Objects": batch, "Quiet": True})
        return list(answer.get("Errors", ()))


def _part(listed: Mapping[str, Any]) -> StoredPart:
    sha256 = base64.b64decode(listed["ChecksumSHA256"]).hex()
    return StoredPart(listed["PartNumber"], listed["Size"], sha256, listed["ETag"])


def _attachment(filename: str) -> str:
    """A Content-Disposition header (RFC 6266): the name in ASCII for old clients, and the exact name in UTF-8."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in filename)
    if plain == filename:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _now() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
