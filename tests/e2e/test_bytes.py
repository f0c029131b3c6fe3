"""Bytes go straight to S3, exactly those declared, and come back exactly."""

import hashlib
import os
from pathlib import Path

import httpx
import pytest
from moorage import Client
from moorage.progress import Silent

from tests.e2e.stack import Stack, declared, release

MIB = 1024**2


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Interrupted(Exception):
    """The connection is gone."""


class CutOff(Silent):
    """Ends an upload once so many bytes are sent."""

    def __init__(self, after: int) -> None:
        self._left = after
        self._uploading = False

    def started(self, action: str, files: int, size: int) -> None:
        self._uploading = action == "upload"

    def advanced(self, size: int) -> None:
        if self._uploading:
            self._left -= size
            if self._left < 0:
                raise Interrupted


def test_other_bytes_than_declared_are_refused_by_s3(stack: Stack) -> None:
    model = stack.fresh_name("tamper")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        answer = http.post(f"/v1/models/{model}/versions", json={"files": [declared("model.bin", b"declared")]}).json()
        (item,) = answer["upload"]["files"]
        put = httpx.put(item["url"], headers=item["headers"], content=b"tampered", trust_env=False)
        assert put.status_code in (400, 403)
        final = http.post(f"/v1/models/{model}/versions/1/finalise")
        assert final.status_code == 409 and final.json()["code"] == "upload_incomplete"
        assert "model.bin" in final.json()["errors"][0]["message"] + final.json()["errors"][0]["pointer"]


def test_an_upload_url_stores_its_bytes_once(stack: Stack) -> None:
    model = stack.fresh_name("once")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        answer = http.post(f"/v1/models/{model}/versions", json={"files": [declared("model.bin", b"weights")]}).json()
        (item,) = answer["upload"]["files"]
        puts = [httpx.put(item["url"], headers=item["headers"], content=b"weights", trust_env=False) for _ in range(3)]
        assert [put.status_code for put in puts] == [200, 412, 412]
        assert http.post(f"/v1/models/{model}/versions/1/finalise").status_code == 200
    key = httpx.URL(item["url"]).path.split(stack.outputs["BucketName"] + "/", 1)[1]
    stored = stack.aws("s3").list_object_versions(Bucket=stack.outputs["BucketName"], Prefix=key)
    assert len(stored["Versions"]) == 1


def test_a_file_whose_digest_the_caller_has_is_not_served_again(stack: Stack) -> None:
    model = stack.fresh_name("unchanged")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        release(http, model, b"0123456789")
        http.put(f"/v1/models/{model}/aliases/champion", json={"version": 1})
        path = f"/v1/models/{model}/versions/@champion/artifacts/file"
        redirect = http.get(path, params={"path": "model.bin"})
        assert redirect.status_code == 302
        assert httpx.get(redirect.headers["location"], trust_env=False).content == b"0123456789"
        unchanged = http.get(path, params={"path": "model.bin"}, headers={"If-None-Match": redirect.headers["etag"]})
        assert unchanged.status_code == 304


def test_an_overwritten_key_does_not_change_what_is_served(stack: Stack) -> None:
    model = stack.fresh_name("pin")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        release(http, model, b"approved")
        path = f"/v1/models/{model}/versions/1/artifacts"
        (served,) = http.get(path).json()["items"]
        key = httpx.URL(served["url"]).path.split(stack.outputs["BucketName"] + "/", 1)[1]
        stack.aws("s3").put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=b"swapped in later")
        (again,) = http.get(path).json()["items"]
        assert httpx.get(again["url"], trust_env=False).content == b"approved"


def test_200_mb_by_multipart_interrupted_and_resumed_come_back_with_the_same_digest(
    stack: Stack, tmp_path: Path
) -> None:
    model, source = stack.fresh_name("large"), tmp_path / "source"
    source.mkdir()
    block = os.urandom(MIB)
    with (source / "weights.bin").open("wb") as file:
        for index in range(200):
            file.write(index.to_bytes(8, "big") + block[8:])
    expected = sha256(source / "weights.bin")

    with Client(stack.url, stack.token) as client:
        with pytest.raises(Interrupted):
            client.register(model, source, progress=CutOff(80 * MIB))
        version = client.resume(model, 1, source)
        assert version.status == "READY"
        client.download(model, 1, tmp_path / "served")
    assert sha256(tmp_path / "served" / "weights.bin") == expected
