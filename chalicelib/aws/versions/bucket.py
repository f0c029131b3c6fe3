"""The bucket: presigned requests, proofs of what S3 holds, multipart uploads, and removal.

S3 is the only keeper of upload state. Nothing here remembers an upload id: it is found again by its key, so a crash
at any point leaves nothing to repair.
"""

import base64
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.aws.log import log_line
from chalicelib.aws.names import ARTIFACT_PREFIX
from chalicelib.aws.versions.presign import Credentials, Presigner
from chalicelib.domain.versions.manifest import checksum_of

# What DeleteObjects takes, https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
_DELETE_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that its holder may make of S3. ``headers`` are part of the signature: S3 refuses any other."""

    url: str
    headers: Mapping[str, str]
    method: str = "PUT"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What S3 says of the newest version of an object. ``checksum`` is in S3's spelling, None if S3 has none."""

    size: int
    checksum: str | None
    s3_version: str


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part that S3 has of an open multipart upload."""

    number: int
    size: int
    sha256: str
    etag: str


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed, after which S3 had nothing left."""

    object_versions: int
    bytes: int


def version_prefix(uid: str) -> str:
    """What the keys of all files of a version begin with."""
    return f"{ARTIFACT_PREFIX}{uid}/"


def object_key(uid: str, path: str) -> str:
    return version_prefix(uid) + path


class Bucket:
    """Presigned URLs end with the credentials that signed them, should these end before ``lifetime`` seconds."""

    def __init__(self, client: Any, name: str, credentials: Callable[[], Credentials]) -> None:
        self._client = client
        self._credentials = credentials
        self.name = name

    def sign_put(self, key: str, size: int, sha256: str, lifetime: int) -> SignedRequest:
        """A PUT of exactly ``size`` bytes with this SHA-256."""
        return self._sign_upload(key, {}, size, sha256, lifetime)

    def sign_part(self, key: str, upload_id: str, number: int, size: int, sha256: str, lifetime: int) -> SignedRequest:
        """A PUT of one part: exactly ``size`` bytes with this SHA-256."""
        part = {"uploadId": upload_id, "partNumber": str(number)}
        return self._sign_upload(key, part, size, sha256, lifetime)

    def sign_get(self, key: str, s3_version: str, lifetime: int) -> str:
        """The URL of one object version, which a browser saves under the last segment of its key."""
        shown = {"versionId": s3_version, "response-content-disposition": _attachment(key.rpartition("/")[2])}
        return self._presigner.url("GET", key, shown, {}, lifetime=lifetime, now=_now())

    def sign_read(self, key: str, lifetime: int) -> str:
        """The URL of the newest version of an object."""
        return self._presigner.url("GET", key, {}, {}, lifetime=lifetime, now=_now())

    def sign_any_part(self, key: str, upload_id: str, number: int, lifetime: int) -> str:
        """The URL to put a part of any content: for a client that cannot say beforehand what it is."""
        part = {"uploadId": upload_id, "partNumber": str(number)}
        return self._presigner.url("PUT", key, part, {}, lifetime=lifetime, now=_now())

    def sizes(self, uid: str) -> dict[str, int]:
        """Key and size of every object that a version has."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=version_prefix(uid))
        return {stored["Key"]: stored["Size"] for page in pages for stored in page.get("Contents", ())}

    def head(self, key: str) -> StoredObject | None:
        """The newest version of an object, with its checksum; None if there is no object."""
        try:
            answer = self._client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            # HEAD has no body to carry a code: botocore gives the status instead. Who may list some prefixes only is
            # told 403 of what is not there: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
            if _code(error) in ("403", "404", "NoSuchKey"):
                return None
            raise
        return StoredObject(answer["ContentLength"], answer.get("ChecksumSHA256"), answer["VersionId"])

    def open_uploads(self, prefix: str) -> dict[str, str]:
        """Key and id of every multipart upload open under a prefix; the oldest id where a race has opened two."""
        oldest: dict[str, Any] = {}
        for upload in self._uploads(prefix):
            known = oldest.get(upload["Key"])
            # S3 lists the uploads of one key oldest first; of two of the same second the first listed stays.
            if known is None or upload["Initiated"] < known["Initiated"]:
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
        """The parts that S3 has of an upload, by number; None if the upload is no longer open."""
        pages = self._client.get_paginator("list_parts").paginate(Bucket=self.name, Key=key, UploadId=upload_id)
        try:
            return tuple(_part(listed) for page in pages for listed in page.get("Parts", ()))
        except ClientError as error:
            if _code(error) == "NoSuchUpload":
                return None
            raise

    def complete(self, key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """Make the parts one object. An upload that is gone, or changed since it was listed, is left as it is."""
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

    def delete_prefix(self, uid: str) -> Removed | None:
        """Remove every byte of a version: open uploads, all object versions, delete markers.

        Then asks S3 what is left under the version's prefix: None if there still is something. Can be repeated;
        what is answered counts what this call has removed.
        """
        prefix = version_prefix(uid)
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
            log_line("purge_refused", uid=uid, objects=len(refused), codes=codes)
        # A part in flight while its upload is aborted may still be stored, so nothing is taken for granted:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
        left = next(self._uploads(prefix), None) or next(self._object_versions(prefix), None)
        # A delete marker is no object version and has no size.
        sizes = [stored["Size"] for stored in listed if "Size" in stored]
        return Removed(len(sizes), sum(sizes)) if left is None else None

    @cached_property
    def _presigner(self) -> Presigner:
        # botocore knows best where a bucket is: by host or by path, at AWS or at an emulator.
        url = self._client.generate_presigned_url("get_object", Params={"Bucket": self.name, "Key": "_"})
        address = url.partition("?")[0].removesuffix("_")
        return Presigner(address, self._client.meta.region_name, self._credentials)

    def _sign_upload(self, key: str, query: Mapping[str, str], size: int, sha256: str, lifetime: int) -> SignedRequest:
        headers = {"content-length": str(size), "x-amz-checksum-sha256": checksum_of(sha256)}
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
    """RFC 6266: a name in ASCII for old readers, and the exact one in UTF-8."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in filename)
    if plain == filename:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _now() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
