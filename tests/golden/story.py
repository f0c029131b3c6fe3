"""The story that fills a registry: HTTP calls by several people, with a fixed clock and fixed ids."""

import hashlib
import os
import random
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from moto.moto_api._internal import mock_random

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal
from chalicelib.domain.instants import Instant, later, moment
from chalicelib.domain.versions.manifest import MIN_PART_SIZE, checksum_of, composite_sha256
from tests.api.gateway import Function
from tests.registry.build import sha256
from tests.simulation import like_s3

BEGINNING = Instant("2026-01-05T09:00:00.000Z")
# The contents of a small file, and of the parts of a large one.
WEIGHTS = b"weights"
PARTS = [bytes(MIN_PART_SIZE), b"the end"]
FILE = {"path": "model.bin", "size": len(WEIGHTS), "sha256": sha256(WEIGHTS)}
LARGE_FILE = {
    "path": "data/large.bin",
    "size": sum(map(len, PARTS)),
    "sha256": sha256(b"".join(PARTS)),
    "multipart": {"part_size": MIN_PART_SIZE, "sha256": composite_sha256(sha256(part) for part in PARTS)},
}
REFERENCE = {"path": "data/train.csv", "uri": "https://data.example/train.csv", "size": 1_000, "sha256": "c" * 64}

_ROLES = {
    "bootstrap": "admin",
    "ada": "admin",
    "ben": "contributor",
    "cy": "reviewer",
    "dan": "reviewer",
    "eve": "contributor",
}
# Eve has no grant on all models, so the registry records which place she uploads to first.
_MODELS = {"eve": "fraud*"}
_GROUPS = {"dan": ("risk",)}


class Story:
    """A registry and its clock, which moves on one minute with each call.

    ``ids`` collects the ids that later requests need, by placeholder.
    """

    def __init__(self, registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        self.registry = registry
        self.now = BEGINNING
        self.ids: dict[str, str] = {}
        self._drawn = 0
        self._people = {name: _person(name, role) for name, role in _ROLES.items()}
        monkeypatch.setattr(registry, "clock", lambda: self.now)
        monkeypatch.setattr(registry, "new_id", self._new_id)
        _let_nothing_be_random(monkeypatch)
        like_s3(registry)

    def wait(self, **time: float) -> None:
        self.now = later(self.now, timedelta(**time))

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: str = "ada",
        key: str | None = None,
        query: dict[str, Any] | None = None,
    ) -> Any:
        """The document of a call that must succeed."""
        self.wait(minutes=1)
        reply = self._people[by].request(method, f"/v1/{path}", body, key=key, query=query)
        assert reply.status < 300, reply.text
        return reply.document if reply.text else None

    def mlflow(self, method: str, path: str, *, by: str = "ada", **body: Any) -> Any:
        """The document of a call in MLflow's dialect that must succeed."""
        self.wait(minutes=1)
        reply = self._people[by].request(method, f"/api/2.0/{path}", body)
        assert reply.status < 300, reply.text
        return reply.document

    def upload(self, path: str, content: bytes, by: str = "ada") -> None:
        """Put a file of a run or logged model through the artifact proxy."""
        self.wait(minutes=1)
        reply = self._people[by].put(f"/api/2.0/mlflow-artifacts/artifacts/{path}", raw=content)
        assert reply.status < 300, reply.text

    def model(self, name: str, **described: Any) -> None:
        self.call("POST", "models", {"name": name, **described})

    def pending(self, model: str, **described: Any) -> int:
        """Register a version and leave its files to be uploaded."""
        made = self.call("POST", f"models/{model}/versions", {"files": [FILE], **described}, by="ben")
        number: int = made["version"]["number"]
        return number

    def ready(self, model: str, **described: Any) -> int:
        """Register a version, upload its files and finalise it."""
        number = self.pending(model, **described)
        self._upload_all(f"models/{model}/versions/{number}")
        self.call("POST", f"models/{model}/versions/{number}/finalise", by="ben")
        return number

    def _upload_all(self, version: str) -> None:
        for file in self.call("GET", f"{version}/upload", by="ben")["files"]:
            if file["kind"] == "single":
                self._s3("put_object", file["url"], WEIGHTS)
            else:
                wanted = [{"number": number, "sha256": sha256(part)} for number, part in enumerate(PARTS, 1)]
                asked = {"path": file["path"], "parts": wanted}
                urls = self.call("POST", f"{version}/upload/parts", asked, by="ben")["parts"]
                for part, content in zip(urls, PARTS, strict=True):
                    self._s3("upload_part", part["url"], content)

    def put_object(self, url: str, content: bytes) -> None:
        """Send a file to a presigned URL."""
        self._s3("put_object", url, content)

    def _s3(self, operation: str, url: str, content: bytes) -> None:
        """Do what the presigned URL allows. moto takes the call, not the URL."""
        where = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(where.query).items()}
        checked: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"}
        if operation == "upload_part":
            checked = {"ChecksumSHA256": checksum_of(sha256(content)), "UploadId": query["uploadId"]}
            checked["PartNumber"] = int(query["partNumber"])
        getattr(self.registry.client("s3"), operation)(
            Bucket=self.registry.settings.bucket,
            Key=unquote(where.path.lstrip("/")),
            Body=content,
            **checked,
        )

    def _new_id(self) -> str:
        self._drawn += 1
        return f"{round(moment(self.now).timestamp() * 1000):012x}{self._drawn:020x}"


def _person(name: str, role: str) -> Function:
    principal = Principal(f"token:{name}", (Grant(role, _MODELS.get(name, "*")),), _GROUPS.get(name, ()))
    return Function(principal, path="/api/api/2.0/mlflow/x", domainName="host")


def _let_nothing_be_random(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [0]

    def token_hex(size: int) -> str:
        drawn[0] += 1
        return hashlib.sha256(f"golden {drawn[0]}".encode()).hexdigest()[: 2 * size]

    monkeypatch.setattr(secrets, "token_hex", token_hex)
    monkeypatch.setattr(os, "urandom", bytes)
    random.seed(1)
    # Version ids of S3 objects.
    mock_random.seed(1)
