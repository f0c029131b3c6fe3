"""Builders for tests of uploads and downloads: files, their bytes, and versions in each state."""

import hashlib
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from chalicelib.aws.bucket import object_key
from chalicelib.aws.services import Services
from chalicelib.domain.decisions.versions import Registered
from chalicelib.domain.manifest import MIN_PART_SIZE, File, Multipart, checksum_of, composite_sha256
from chalicelib.domain.version import Description
from chalicelib.registry.uploads import finalise_version, part_urls
from chalicelib.registry.versions import register_version
from tests.registry.build import request

MODEL = "fraud"


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def single(path: str, body: bytes) -> File:
    return File(path, len(body), sha256(body))


def in_parts(path: str, bodies: list[bytes]) -> File:
    """A multipart file of these parts; all but the last have the smallest size that S3 takes."""
    return File(
        path,
        sum(len(body) for body in bodies),
        sha256(b"".join(bodies)),
        Multipart(MIN_PART_SIZE, composite_sha256(sha256(body) for body in bodies)),
    )


def reference(path: str, uri: str) -> File:
    return File(path, 7, "c" * 64, uri=uri)


def registered(registry: Services, *files: File) -> Registered:
    """A PENDING version of MODEL, which exists already."""
    return register_version(registry, request(), MODEL, Description(), files).result


def put(registry: Services, version: Registered, path: str, body: bytes) -> str:
    """Put bytes, whether or not they are the declared ones; answers the S3 version id.

    (S3 refuses undeclared bytes by the signature; finalising must not rely on that.)
    """
    return put_object(registry, object_key(version.version.uid, path), body)


def put_object(registry: Services, key: str, body: bytes) -> str:
    answer = registry.client("s3").put_object(
        Bucket=registry.bucket.name, Key=key, Body=body, ChecksumAlgorithm="SHA256"
    )
    return str(answer["VersionId"])


def put_part(registry: Services, version: Registered, path: str, number: int, body: bytes) -> None:
    """Ask for the part's URL, which opens the upload, then put the bytes as that part."""
    part_urls(registry, MODEL, str(version.version.number), path, [(number, sha256(body))])
    put_part_of(registry, object_key(version.version.uid, path), number, body)


def put_part_of(registry: Services, key: str, number: int, body: bytes) -> None:
    registry.client("s3").upload_part(
        Bucket=registry.bucket.name,
        Key=key,
        UploadId=registry.bucket.open_uploads(key)[key],
        PartNumber=number,
        Body=body,
        ChecksumSHA256=checksum_of(sha256(body)),
    )


def ready(registry: Services, *files: tuple[str, bytes]) -> Registered:
    """A READY version of single files, each given as its path and its bytes."""
    version = registered(registry, *(single(path, body) for path, body in files))
    for path, body in files:
        put(registry, version, path, body)
    finalise_version(registry, request(), MODEL, str(version.version.number))
    return version


def like_s3(registry: Services) -> None:
    """Make up for gaps of moto 5.2.5, each checked to be as S3 documents on another emulator (MiniStack)."""
    buckets = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets
    events = registry.client("s3").meta.events

    def list_checksums_of_parts(parsed: dict[str, Any], **_: Any) -> None:
        for part in parsed.get("Parts", ()):
            body = buckets[parsed["Bucket"]].multiparts[parsed["UploadId"]].parts[part["PartNumber"]].value
            part["ChecksumSHA256"] = checksum_of(sha256(body))

    def count_parts_in_checksum(parsed: dict[str, Any], **_: Any) -> None:
        etag, checksum = parsed.get("ETag", "").strip('"'), parsed.get("ChecksumSHA256")
        if checksum and "-" in etag:
            parsed["ChecksumSHA256"] = f"{checksum}-{etag.rpartition('-')[2]}"

    def refuse_unknown_upload(params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        if any(params["query_string"]["uploadId"] in bucket.multiparts for bucket in buckets.values()):
            return None
        error = {"Code": "NoSuchUpload", "Message": "The upload may have been aborted or completed."}
        return AWSResponse(params["url"], 404, HTTPHeaders(), None), {"Error": error, "ResponseMetadata": {}}

    events.register("after-call.s3.ListParts", list_checksums_of_parts)
    events.register("after-call.s3.HeadObject", count_parts_in_checksum)
    # Last, so that it sees what a test's own handler has done to the upload.
    events.register_last("before-call.s3.CompleteMultipartUpload", refuse_unknown_upload)


class Calls:
    """The calls made of AWS through a client from now on, by operation."""

    def __init__(self, client: Any) -> None:
        self.operations: list[str] = []
        client.meta.events.register("before-call", self._note)

    def _note(self, model: Any, **_: Any) -> None:
        self.operations.append(model.name)


class Crash(Exception):
    """The process ends here."""


class CrashAt:
    """While entered, an operation is cut off ``before`` AWS is asked or ``after`` it has done its work."""

    def __init__(self, client: Any, operation: str, when: str) -> None:
        service = client.meta.service_model.service_id.hyphenize()
        self._events = client.meta.events
        self._event = f"{when}-call.{service}.{operation}"

    def __enter__(self) -> None:
        self._events.register(self._event, self._crash)

    def __exit__(self, *_: object) -> None:
        self._events.unregister(self._event, self._crash)

    def _crash(self, **_: Any) -> None:
        raise Crash
