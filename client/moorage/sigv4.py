"""AWS signatures (SigV4) on requests of the ``requests`` library, as API Gateway verifies them.

API Gateway derives what was signed from the request that arrives, by AWS's rules: a space in a query is %20 and never
``+``, a parameter that comes twice counts twice, every other byte of path and query is encoded in one way. So the
address is written in that one way first; that is signed and sent. ``UNSIGNED-PAYLOAD`` is not taken: bodies are read.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping, MutableMapping
from typing import IO, Any, Final, Protocol, cast
from urllib.parse import quote, unquote, unquote_plus, urlsplit, urlunsplit

from moorage.errors import NotConfiguredError

SERVICE: Final = "execute-api"
_UNRESERVED: Final = "-_.~"
_CHUNK: Final = 1024 * 1024
_REGIONAL_HOST = re.compile(r"\.execute-api\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$")
_SIGNATURE_HEADERS: Final = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-SHA256")


class PreparedRequest(Protocol):
    """What is used of ``requests.PreparedRequest``."""

    method: str | None
    url: str | None
    headers: MutableMapping[str, str]
    body: Any

    def register_hook(self, event: str, hook: Callable[..., Any]) -> None: ...


class SigV4:
    """Signs each request that it is called with. ``credentials`` answers botocore's frozen credentials."""

    def __init__(self, credentials: Callable[[], Any], region: str | None = None) -> None:
        self._credentials = credentials
        self._region = region

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        request.url = canonical_url(request.url or "")
        digest = _digest(request)
        for name in _SIGNATURE_HEADERS:
            request.headers.pop(name, None)
        # Of the headers only those of the signature are signed: what is between may add to the others.
        asked = AWSRequest(request.method or "GET", request.url, {"X-Amz-Content-SHA256": digest})
        SigV4Auth(self._credentials(), SERVICE, self._region_of(request.url)).add_auth(asked)
        request.headers.update({name: asked.headers[name] for name in _SIGNATURE_HEADERS if name in asked.headers})
        request.register_hook("response", _unsign_for_others)
        return request

    def _region_of(self, url: str) -> str:
        regional = _REGIONAL_HOST.search(urlsplit(url).hostname or "")
        region = regional.group(1) if regional else self._region
        if region is None:
            raise NotConfiguredError("The region of the registry is not in its address: set AWS_REGION.")
        return region


def canonical_url(url: str) -> str:
    """``url`` with path and query encoded as AWS encodes them; what they mean stays."""
    parts = urlsplit(url)
    path = "/".join(quote(unquote(segment), safe=_UNRESERVED) for segment in parts.path.split("/"))
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, _, value in pairs)
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def ambient(environment: Mapping[str, str] | None = None) -> SigV4:
    """A signer with the credentials and region that AWS's own tools would find. Raises NotConfiguredError."""
    try:
        from botocore.session import Session
    except ImportError as error:
        raise NotConfiguredError("Signing for AWS takes botocore: install moorage[aws].") from error
    variables = os.environ if environment is None else environment
    session = Session()
    found = session.get_credentials()
    if found is None:
        raise NotConfiguredError("No AWS credentials were found: set AWS_PROFILE, or log in to AWS.")
    # Credentials of a role renew themselves; each request takes those of its moment.
    region = variables.get("AWS_REGION") or cast("str | None", session.get_config_variable("region"))
    return SigV4(found.get_frozen_credentials, region)


def _encoded(text: str) -> str:
    return quote(unquote_plus(text), safe=_UNRESERVED)


def _digest(request: PreparedRequest) -> str:
    """The SHA-256 of the body, which stays to be sent."""
    body = request.body
    if body is None:
        return hashlib.sha256().hexdigest()
    if isinstance(body, str | bytes | bytearray):
        return hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()
    if not hasattr(body, "seek") or not hasattr(body, "read"):
        raise ValueError("only a body that can be read twice can be signed: give bytes or an open file")
    digest, size = _read_through(body)
    if size == 0:
        # An empty file would be sent in chunks, without a length.
        request.body = b""
        request.headers.pop("Transfer-Encoding", None)
        request.headers["Content-Length"] = "0"
    return digest


def _read_through(body: IO[Any]) -> tuple[str, int]:
    start, size, digest = body.tell(), 0, hashlib.sha256()
    while chunk := body.read(_CHUNK):
        read = chunk.encode() if isinstance(chunk, str) else chunk
        digest.update(read)
        size += len(read)
    body.seek(start)
    return digest.hexdigest(), size


def _unsign_for_others(response: Any, **_: object) -> None:
    """Before a redirect to another host is followed: a store refuses headers that its own signature does not cover."""
    if not response.is_redirect:
        return
    target = urlsplit(response.headers["location"])
    if target.netloc and target.netloc != urlsplit(response.request.url).netloc:
        for name in _SIGNATURE_HEADERS:
            response.request.headers.pop(name, None)
