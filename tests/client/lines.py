"""The two servers that the SDK calls, in process: the app on moto, and a store with the checks of S3."""

import base64
import contextlib
import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httpx
from botocore.exceptions import ClientError

from chalicelib.aws.services import Services
from tests.api.gateway import Caller

Forward = Callable[[httpx.Request], httpx.Response]
Answering = Callable[[httpx.Request, Forward], httpx.Response]


@dataclass
class Disturbance:
    """Answers the next ``times`` requests for which ``when`` is true with ``how``."""

    when: Callable[[httpx.Request], bool]
    how: Answering
    times: int


class Line(httpx.BaseTransport):
    """A transport that records its requests, and whose exchanges a test can disturb."""

    def __init__(self, forward: Forward) -> None:
        self.requests: list[httpx.Request] = []
        self._forward = forward
        self._disturbances: list[Disturbance] = []
        self._lock = threading.Lock()

    def disturb(
        self,
        how: Answering,
        when: Callable[[httpx.Request], bool] = lambda _: True,
        times: int = 1,
    ) -> None:
        self._disturbances.append(Disturbance(when, how, times))

    def calm(self) -> None:
        """Remove all disturbances and recorded requests."""
        self._disturbances.clear()
        self.requests.clear()

    def sent(self, method: str, ending: str = "") -> list[httpx.Request]:
        """The requests with this method whose path ends with ``ending``."""
        return [request for request in self.requests if request.method == method and request.url.path.endswith(ending)]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            request.read()
            self.requests.append(request)
            chosen = next((one for one in self._disturbances if one.times and one.when(request)), None)
            if chosen is None:
                return self._forward(request)
            chosen.times -= 1
            return chosen.how(request, self._forward)


class AsyncLine(httpx.AsyncBaseTransport):
    """A line for an asynchronous client."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return self._line.handle_request(request)


# The gateway replaces os.environ, and this module sys.stdout, for as long as a request takes. Two at once could leave
# either replaced.
_ALONE = threading.RLock()


def app(request: httpx.Request) -> httpx.Response:
    """The app behind Chalice's local gateway."""
    path = request.url.raw_path.decode()
    # The app logs to stdout, which here must have only the output of the command under test.
    with _ALONE, contextlib.redirect_stdout(io.StringIO()):
        reply = Caller(None).request(request.method, path, raw=request.content, headers=_plain(request))
    return httpx.Response(reply.status, headers=reply.headers, content=reply.text.encode())


def _plain(request: httpx.Request) -> dict[str, str]:
    kept = ("authorization", "content-type", "idempotency-key", "if-match", "if-none-match")
    return {name.title(): value for name, value in request.headers.items() if name in kept}


@dataclass(frozen=True)
class Store:
    """moto's S3 behind presigned URLs, with those checks of S3 that moto does not make."""

    registry: Services

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers, "the registry's token reached storage"
        query = request.url.params
        unsigned = set(query["X-Amz-SignedHeaders"].split(";")) - set(request.headers)
        if unsigned:
            return refusal(403, "SignatureDoesNotMatch")
        # With virtual addressing, the bucket is the first label of the host.
        bucket = self.registry.anchors.name if request.url.host.startswith("anchors.") else self.registry.bucket.name
        key = unquote(request.url.path).removeprefix("/").removeprefix(f"{bucket}/artifacts/")
        address = {"Bucket": bucket, "Key": key}
        return self._get(request, address) if request.method == "GET" else self._put(request, address)

    def _get(self, request: httpx.Request, address: dict[str, str]) -> httpx.Response:
        wanted = {"Range": request.headers["range"]} if "range" in request.headers else {}
        if "versionId" in request.url.params:
            wanted["VersionId"] = request.url.params["versionId"]
        found: Any = self.registry.client("s3").get_object(**address, **wanted)
        headers = {"Content-Range": found["ContentRange"]} if "Range" in wanted else {}
        body = httpx.ByteStream(found["Body"].read())
        return httpx.Response(206 if "Range" in wanted else 200, headers=headers, stream=body)

    def _put(self, request: httpx.Request, address: dict[str, str]) -> httpx.Response:
        digest = base64.b64encode(hashlib.sha256(request.content).digest()).decode()
        if request.headers["x-amz-checksum-sha256"] != digest:
            return refusal(400, "BadDigest")
        query = request.url.params
        s3 = self.registry.client("s3")
        if "partNumber" in query:
            s3.upload_part(
                **address,
                UploadId=query["uploadId"],
                PartNumber=int(query["partNumber"]),
                Body=request.content,
                ChecksumSHA256=digest,
            )
        else:
            try:
                s3.put_object(**address, Body=request.content, ChecksumAlgorithm="SHA256", IfNoneMatch="*")
            except ClientError:
                return refusal(412, "PreconditionFailed")
        return httpx.Response(200)


def refusal(status: int, code: str) -> httpx.Response:
    """An error response of S3."""
    return httpx.Response(status, content=f"<Error><Code>{code}</Code></Error>")


def lose_request(request: httpx.Request, forward: Forward) -> httpx.Response:
    raise httpx.ConnectError("connection refused", request=request)


def lose_answer(request: httpx.Request, forward: Forward) -> httpx.Response:
    """The request is carried out, but its response is lost."""
    forward(request)
    raise httpx.ReadError("connection reset", request=request)


def expired(request: httpx.Request, forward: Forward) -> httpx.Response:
    return refusal(403, "AccessDenied")


def session_expired(request: httpx.Request, forward: Forward) -> httpx.Response:
    """The session of the role that signed the URL has ended, before the URL itself."""
    return refusal(400, "ExpiredToken")


def unavailable(request: httpx.Request, forward: Forward) -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": "7"}, json={"code": "unavailable", "detail": "busy"})


def tampered(request: httpx.Request, forward: Forward) -> httpx.Response:
    answer = forward(request)
    body = httpx.ByteStream(bytes(len(answer.read())))
    return httpx.Response(answer.status_code, headers=_ranges(answer), stream=body)


def truncated(request: httpx.Request, forward: Forward) -> httpx.Response:
    """The connection breaks in the middle of the body."""
    answer = forward(request)
    body = answer.read()
    return httpx.Response(answer.status_code, headers=_ranges(answer), stream=_Broken(body[: len(body) // 2]))


def _ranges(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name == "content-range"}


class _Broken(httpx.SyncByteStream):
    def __init__(self, beginning: bytes) -> None:
        self._beginning = beginning

    def __iter__(self) -> Iterator[bytes]:
        yield self._beginning
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")
