"""What tests start from: a registered model, and versions that are READY."""

import hashlib
from typing import Any

import boto3

from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.registry.versions.versions import get_version
from tests.api.gateway import Caller, Reply

CONTENT = b"weights"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FILE = {"path": "model.bin", "size": len(CONTENT), "sha256": SHA256}


def model(caller: Caller, name: str = "fraud") -> Reply:
    created = caller.post("/v1/models", {"name": name})
    assert created.status == 201, created.text
    return created


def version(caller: Caller, name: str = "fraud", **body: Any) -> Reply:
    registered = caller.post(f"/v1/models/{name}/versions", {"files": [FILE], **body})
    assert registered.status == 201, registered.text
    return registered


def upload(registry: Services, name: str = "fraud", number: int = 1, content: bytes = CONTENT) -> None:
    """Put the file where its URL points, but not through the URL: moto loses the checksum of a presigned put."""
    key = object_key(get_version(registry, name, str(number)).uid, "model.bin")
    boto3.client("s3").put_object(Bucket=registry.settings.bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")


def champion(caller: Caller, registry: Services) -> None:
    """The model ``fraud`` with two READY versions. The first is the champion, the second is better."""
    model(caller)
    ready(caller, registry, metrics={"auc": 0.95, "rows": 10}, parameters={"depth": 4})
    ready(caller, registry, metrics={"auc": 0.97}, parameters={"depth": 6})
    caller.put("/v1/models/fraud/aliases/champion", {"version": 1})


def ready(caller: Caller, registry: Services, name: str = "fraud", **body: Any) -> Reply:
    """A READY version of the model."""
    number = version(caller, name, **body).document["version"]["number"]
    upload(registry, name, number)
    finalised = caller.post(f"/v1/models/{name}/versions/{number}/finalise")
    assert finalised.status == 200, finalised.text
    return finalised
