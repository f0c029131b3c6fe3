"""Builders of registry state on simulated AWS."""

import hashlib

from chalicelib.aws.bucket import object_key
from chalicelib.aws.services import Services
from chalicelib.domain.access import Grant, Principal, Role
from chalicelib.domain.decisions.models import ProfileChange
from chalicelib.domain.manifest import File
from chalicelib.domain.version import Description, Version
from chalicelib.registry import models, uploads, versions
from chalicelib.registry.commit import Idempotency, Request

ADMIN = Principal("token:ada", (Grant(Role.ADMIN, "*"),))
CONTENT = b"weights"


def request(key: str | None = None, if_match: str | None = None) -> Request:
    idempotency = None if key is None else Idempotency(key, f"fingerprint of {key}")
    return Request(ADMIN, "request-1", idempotency, if_match)


def file(path: str = "model.bin", content: bytes = CONTENT) -> File:
    return File(path, len(content), hashlib.sha256(content).hexdigest())


def model(registry: Services, name: str = "fraud") -> str:
    models.create_model(registry, request(), name, ProfileChange())
    return name


def pending(registry: Services, name: str = "fraud", **description: object) -> Version:
    """A registered version whose one file is uploaded but not verified."""
    registered = versions.register_version(registry, request(), name, Description(**description), [file()])
    version = registered.result.version
    registry.client("s3").put_object(
        Bucket=registry.settings.bucket,
        Key=object_key(version.uid, "model.bin"),
        Body=CONTENT,
        ChecksumAlgorithm="SHA256",
    )
    return version


def ready(registry: Services, name: str = "fraud", **description: object) -> Version:
    version = pending(registry, name, **description)
    return uploads.finalise_version(registry, request(), name, str(version.number)).result
