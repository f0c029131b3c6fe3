"""The deployed local stack as the end-to-end tests see it: an URL, a token, AWS clients."""

import hashlib
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import boto3
import httpx

from infra.workload import WORKLOADS

T = TypeVar("T")

# The emulator starts a process for each concurrent call of a function; on two cores sixty-four take a while.
SLOW = 300.0


@dataclass(frozen=True)
class Stack:
    """``aws_endpoint`` is where the emulated AWS answers; ``name`` and ``outputs`` are those of the CDK stack.

    ``close`` it at the end: its AWS clients keep their connections open.
    """

    name: str
    url: str
    token: str
    aws_endpoint: str
    outputs: dict[str, str]
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def aws(self, service: str) -> Any:
        """The client of an AWS service, made when it is first asked for."""
        if service not in self._clients:
            make_client: Callable[..., Any] = boto3.client
            self._clients[service] = make_client(
                service,
                endpoint_url=self.aws_endpoint,
                region_name="us-east-1",
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        return self._clients[service]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def http(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=SLOW, trust_env=False)

    def function(self, workload: str) -> str:
        """The name under which the stack deployed one of its functions."""
        resource = self.aws("cloudformation").describe_stack_resource(
            StackName=self.name, LogicalResourceId=WORKLOADS[workload].resource
        )
        name: str = resource["StackResourceDetail"]["PhysicalResourceId"]
        return name

    def fresh_name(self, prefix: str) -> str:
        return f"{prefix}-{uuid.uuid4().hex[:10]}"


def eventually(look: Callable[[], T | None], what: str, seconds: float = 60) -> T:
    """The first truthy answer of ``look``, asked again and again until a deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.2)  # polling a system that works by itself; bounded by the deadline
    raise AssertionError(f"{what} did not happen within {seconds} s")


def declared(path: str, content: bytes) -> dict[str, Any]:
    return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def release(http: httpx.Client, model: str, content: bytes = b"weights", **described: Any) -> int:
    """A version with one file, READY and scanned; its number."""
    return release_files(http, model, {"model.bin": content}, **described)


def release_files(http: httpx.Client, model: str, files: Mapping[str, bytes], **described: Any) -> int:
    """A version with the contents of files by path, READY and scanned; its number."""
    number = upload_files(http, model, files, **described)
    scanned(http, model, number)
    return number


def upload_files(http: httpx.Client, model: str, files: Mapping[str, bytes], **described: Any) -> int:
    """Register, upload and finalise a version with the contents of files by path; its number."""
    body = {"files": [declared(path, content) for path, content in files.items()], **described}
    answer = http.post(f"/v1/models/{model}/versions", json=body)
    assert answer.status_code == 201, answer.text
    for item in answer.json()["upload"]["files"]:
        put = httpx.put(item["url"], headers=item["headers"], content=files[item["path"]], trust_env=False)
        assert put.status_code == 200, put.text
    number: int = answer.json()["version"]["number"]
    final = http.post(f"/v1/models/{model}/versions/{number}/finalise")
    assert final.status_code == 200, final.text
    return number


def scanned(http: httpx.Client, model: str, number: int) -> None:
    """Wait until the scan of a version has come to a result. Releases before scans have none."""

    def done() -> bool:
        answer = http.get(f"/v1/models/{model}/versions/{number}/scan")
        if answer.status_code != 200:
            # The gateway of an earlier release has no such path.
            return answer.status_code in (403, 404)
        scan = answer.json()["scan"]
        return scan is None or scan["state"] != "pending"

    eventually(done, f"the scan of version {number} of {model}")
