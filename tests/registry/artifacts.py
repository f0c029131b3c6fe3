"""Builders for tests of uploads and downloads: files, their bytes, and versions in each state."""

import hashlib
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.bucket import object_key
from chalicelib.aws.services import Services
from chalicelib.domain.access import Principal
from chalicelib.domain.decisions.versions import Registered
from chalicelib.domain.events import model_ledger
from chalicelib.domain.manifest import MIN_PART_SIZE, File, Multipart, checksum_of, composite_sha256
from chalicelib.domain.version import Description
from chalicelib.registry.commit import Idempotency, Request
from chalicelib.registry.models import ProfileChange, create_model
from chalicelib.registry.uploads import finalise_version, part_urls
from chalicelib.registry.versions import register_version

MODEL = "fraud"
ADA = Principal("token:ada", ())


def request(key: str | None = None, if_match: str | None = None) -> Request:
    return Request(ADA, "request-1", None if key is None else Idempotency(key, f"fingerprint of {key}"), if_match)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def single(path: str, body: bytes) -> File:
    return File(path, len(body), sha256(body))


def in_parts(path: str, bodies: list[bytes]) -> File:
    """A multipart file of these parts: all but the last have the smallest size that S3 takes."""
    return File(
        path,
        sum(len(body) for body in bodies),
        sha256(b"".join(bodies)),
        Multipart(MIN_PART_SIZE, composite_sha256(sha256(body) for body in bodies)),
    )


def reference(path: str, uri: str) -> File:
    return File(path, 7, "c" * 64, uri=uri)


def registered(registry: Services, *files: File) -> Registered:
    """A PENDING version of MODEL, which is created with the first."""
    if registry.table.get(keys.head(model_ledger(MODEL))) is None:
        create_model(registry, request(), MODEL, ProfileChange())
    return register_version(registry, request(), MODEL, Description(), files).result


def put(registry: Services, version: Registered, path: str, body: bytes) -> str:
    """Put bytes as a client with the plan's headers would, whether or not they are the declared ones.

    Answers the S3 version id. (S3 refuses undeclared bytes at once; finalising must not rely on that.)
    """
    answer = registry.client("s3").put_object(
        Bucket=registry.bucket.name,
        Key=object_key(version.version.uid, path),
        Body=body,
        ChecksumSHA256=checksum_of(sha256(body)),
    )
    return str(answer["VersionId"])


def put_part(registry: Services, version: Registered, path: str, number: int, body: bytes) -> None:
    """Ask for the part's URL, which opens the upload, then put the part where the URL points."""
    part_urls(registry, MODEL, str(version.version.number), path, [(number, sha256(body))])
    key = object_key(version.version.uid, path)
    registry.client("s3").upload_part(
        Bucket=registry.bucket.name,
        Key=key,
        UploadId=registry.bucket.open_uploads(key)[key],
        PartNumber=number,
        Body=body,
        ChecksumSHA256=checksum_of(sha256(body)),
    )


def ready(registry: Services, **bodies: bytes) -> Registered:
    """A READY version with single files named by the keywords."""
    version = registered(registry, *(single(path, body) for path, body in bodies.items()))
    for path, body in bodies.items():
        put(registry, version, path, body)
    finalise_version(registry, request(), MODEL, str(version.version.number))
    return version


class Calls:
    """The calls that a client makes of AWS, by operation, from now on."""

    def __init__(self, client: Any) -> None:
        self.operations: list[str] = []
        client.meta.events.register("before-call", self._note, unique_id=id(self))

    def _note(self, model: Any, **_: Any) -> None:
        self.operations.append(model.name)


class Crash(Exception):
    """The process ends here."""


class CrashAt:
    """While entered, the first call of an operation is cut off ``before`` or ``after`` AWS has done it."""

    def __init__(self, client: Any, operation: str, when: str) -> None:
        service = client.meta.service_model.service_id.hyphenize()
        self._events = client.meta.events
        self._event = f"{when}-call.{service}.{operation}"

    def __enter__(self) -> None:
        self._events.register(self._event, self._crash, unique_id="crash")

    def __exit__(self, *_: object) -> None:
        self._events.unregister(self._event, unique_id="crash")

    def _crash(self, **_: Any) -> None:
        raise Crash
