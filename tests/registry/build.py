"""Builders of registry state on simulated AWS: files, their bytes, and versions in each state."""

import hashlib

from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.manifest import MIN_PART_SIZE, File, Multipart, checksum_of, composite_sha256
from chalicelib.domain.versions.version import Description, Version
from chalicelib.registry.ledger.commit import Idempotency, Request
from chalicelib.registry.models import models
from chalicelib.registry.versions import uploads, versions

ADMIN = Principal("token:ada", (Grant(Role.ADMIN, "*"),))
MODEL = "fraud"
CONTENT = b"weights"


def request(key: str | None = None, if_match: str | None = None) -> Request:
    idempotency = None if key is None else Idempotency(key, f"fingerprint of {key}")
    return Request(ADMIN, "request-1", idempotency, if_match)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def file(path: str = "model.bin", content: bytes = CONTENT) -> File:
    return File(path, len(content), sha256(content))


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


def model(registry: Services, name: str = MODEL) -> str:
    models.create_model(registry, request(), name, ProfileChange())
    return name


def registered(registry: Services, *files: File, name: str = MODEL, **description: object) -> Registered:
    """A PENDING version of a model that exists already."""
    return versions.register_version(registry, request(), name, Description(**description), files).result


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
    uploads.part_urls(registry, MODEL, str(version.version.number), path, [(number, sha256(body))])
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


def pending(registry: Services, name: str = MODEL, **description: object) -> Version:
    """A registered version whose one file is uploaded but not verified."""
    version = registered(registry, file(), name=name, **description)
    put(registry, version, "model.bin", CONTENT)
    return version.version


def ready(registry: Services, name: str = MODEL, **description: object) -> Version:
    version = pending(registry, name, **description)
    return uploads.finalise_version(registry, request(), name, str(version.number)).result


def ready_with(registry: Services, *files: tuple[str, bytes]) -> Registered:
    """A READY version of MODEL with single files, each given as its path and its bytes."""
    version = registered(registry, *(file(path, body) for path, body in files))
    for path, body in files:
        put(registry, version, path, body)
    uploads.finalise_version(registry, request(), MODEL, str(version.version.number))
    return version
