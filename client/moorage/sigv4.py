"""AWS signatures (SigV4) for requests of the ``requests`` library, as API Gateway verifies them.

API Gateway computes the signature from the request that it receives, by AWS's rules: a space in a query is ``%20`` and
never ``+``, a parameter that occurs twice counts twice, and every other byte of path and query has exactly one
encoding. So the URL is first brought into that form, which is then signed and sent. API Gateway does not accept
``UNSIGNED-PAYLOAD``, so the body is read to compute its digest.
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
    """The parts of ``requests.PreparedRequest`` that are used here."""

    method: str | None
    url: str | None
    headers: MutableMapping[str, str]
    body: Any

    def register_hook(self, event: str, hook: Callable[..., Any]) -> None: ...


class SigV4:
    """Signs each request that it is called with. ``credentials`` returns botocore's frozen credentials."""

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
        # Only the headers of the signature are signed, because proxies may change the others.
        unsent = AWSRequest(request.method or "GET", request.url, {"X-Amz-Content-SHA256": digest})
        SigV4Auth(self._credentials(), SERVICE, self._region_of(request.url)).add_auth(unsent)
        request.headers.update({name: unsent.headers[name] for name in _SIGNATURE_HEADERS if name in unsent.headers})
        request.register_hook("response", _unsign_for_others)
        return request

    def _region_of(self, url: str) -> str:
        regional = _REGIONAL_HOST.search(urlsplit(url).hostname or "")
        region = regional.group(1) if regional else self._region
        if region is None:
            raise NotConfiguredError("The registry's address does not contain its AWS region: set AWS_REGION.")
        return region


def canonical_url(url: str) -> str:
    """Encode the path and query of ``url`` as AWS does. Their meaning stays the same."""
    parts = urlsplit(url)
    path = "/".join(quote(unquote(segment), safe=_UNRESERVED) for segment in parts.path.split("/"))
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, _, value in pairs)
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def default_signer(environment: Mapping[str, str] | None = None) -> SigV4:
    """Create a signer with the credentials and region that AWS's own tools would use. Raises NotConfiguredError."""
    try:
        from botocore.session import Session
    except ImportError as error:
        raise NotConfiguredError("AWS signatures require botocore: install moorage[aws].") from error
    variables = os.environ if environment is None else environment
    session = Session()
    credentials = session.get_credentials()
    if credentials is None:
        raise NotConfiguredError("No AWS credentials were credentials: set AWS_PROFILE, or log in to AWS.")
    # Credentials of a role renew themselves, so each request asks for the current ones.
    region = variables.get("AWS_REGION") or cast("str | None", session.get_config_variable("region"))
    return SigV4(credentials.get_frozen_credentials, region)


def _encoded(text: str) -> str:
    return quote(unquote_plus(text), safe=_UNRESERVED)


def _digest(request: PreparedRequest) -> str:
    """The SHA-256 of the body. The body can still be sent afterwards."""
    body = request.body
    if body is None:
        return hashlib.sha256().hexdigest()
    if isinstance(body, str | bytes | bytearray):
        return hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()
    if not hasattr(body, "seek") or not hasattr(body, "read"):
        raise ValueError("the body cannot be signed, because it cannot be read twice: give bytes or an open file")
    digest, size = _digest_of_file(body)
    if size == 0:
        # Otherwise, an empty file would be sent chunked, without a length.
        request.body = b""
        request.headers.pop("Transfer-Encoding", None)
        request.headers["Content-Length"] = "0"
    return digest


def _digest_of_file(body: IO[Any]) -> tuple[str, int]:
    start, size, digest = body.tell(), 0, hashlib.sha256()
    while chunk := body.read(_CHUNK):
        read = chunk.encode() if isinstance(chunk, str) else chunk
        digest.update(read)
        size += len(read)
    body.seek(start)
    return digest.hexdigest(), size


def _unsign_for_others(response: Any, **_: object) -> None:
    """Remove the signature before a redirect to another host: storage refuses headers that its own does not cover."""
    if not response.is_redirect:
        return
    target = urlsplit(response.headers["location"])
    if target.netloc and target.netloc != urlsplit(response.request.url).netloc:
        for name in _SIGNATURE_HEADERS:
            response.request.headers.pop(name, None)
