"""What all requests from API Gateway share: the caller, the line in the log, and the headers of every answer."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from chalice.app import Request, Response

from chalicelib import registry
from chalicelib.api import caller
from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.names import AUTHENTICATION_FAILED, IAM_STAGE, PUBLIC_URL
from chalicelib.aws.services import services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import CredentialsRefusedError, CrossSiteRequestError, UnauthenticatedError

Headers: TypeAlias = dict[str, str | list[str]]
# The fields of a request's line in the log, filled in as they become known.
Log: TypeAlias = dict[str, Any]

_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
}
CORRELATION_HEADER: Final = "X-Correlation-Id"
_CORRELATION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/\-]{0,127}")
# Version, trace id, parent id and flags; a later version may have more: https://www.w3.org/TR/trace-context/#traceparent-header
_TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


def answered(
    request: Request,
    log: Log,
    answer: Callable[[], Response],
    refuse: Callable[[Exception], tuple[str, Response]],
) -> Response:
    """The response of ``answer``. If it raises, the response of ``refuse``, which also names the error's code.

    Writes the request's line in the log.
    """
    started = time.perf_counter()
    belongs_to = correlation_id(request.headers, log["request_id"])
    with correlated(belongs_to):
        try:
            response = answer()
        except Exception as error:  # noqa: BLE001 - the one place where errors become answers
            log["code"], response = refuse(error)
        response.headers |= {**_EVERYWHERE, "X-Request-Id": log["request_id"], CORRELATION_HEADER: belongs_to}
        log |= {"status": response.status_code, "duration_ms": round((time.perf_counter() - started) * 1000, 1)}
        log_line("request", **log)
    return response


def correlation_id(headers: Mapping[str, str], request_id: str) -> str:
    """What a request belongs to: what its caller says, else the trace that it is part of, else only itself.

    One that is malformed is passed over, as W3C's Trace Context wants it of ``traceparent``: it decides nothing, and
    proxies add such headers on their own.
    """
    said = headers.get(CORRELATION_HEADER.lower(), "")
    if _CORRELATION_ID.fullmatch(said):
        return said
    trace = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return request_id if trace is None else trace[1]


def request_id(request: Request) -> str:
    # API Gateway's id, which is also in its own answers and its access log. A local gateway has the function's id only.
    context: Any = request.lambda_context
    return str(request.context.get("requestId") or context.aws_request_id)


def principal(context: Mapping[str, Any], request_id: str) -> Principal:
    """The caller. Only API Gateway writes ``requestContext``, so no header or body can forge it.

    The API for tokens puts the authorizer's answer into the context. The API for AWS principals, known by its stage,
    has checked the request's signature. An AWS identity from any other stage is ignored.

    Raises UnauthenticatedError, CredentialsRefusedError, TooManyGrantsError.
    """
    return registry.access.classified.knowing(services(), _authenticated(context, request_id))


def _authenticated(context: Mapping[str, Any], request_id: str) -> Principal:
    if context.get("authorizer"):
        return caller.from_context(context["authorizer"])
    identity = context.get("identity") or {}
    user_arn = identity.get("userArn")
    if not by_aws_signature(context) or not user_arn:
        raise UnauthenticatedError("The request carries no valid token.")
    from chalicelib.registry.access.iam import iam_principal

    try:
        return iam_principal(services(), str(user_arn))
    except CredentialsRefusedError as error:
        log_refused(error, request_id, identity.get("sourceIp"))
        raise


def check_site(request: Request) -> None:
    """Refuse a change that a page of another site asks for with credentials that the browser sends by itself.

    The gateway asks for Basic credentials, because clients of OCI registries wait for that. A browser keeps them once
    somebody has typed them in. It also writes this header, which no script can set.
    https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header

    Raises CrossSiteRequestError.
    """
    if request.method in ("GET", "HEAD"):
        return
    by_itself = request.headers.get("authorization", "").lower().startswith("basic ")
    if by_itself and request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise CrossSiteRequestError("A page of another site may not send this request.")


def log_refused(error: CredentialsRefusedError, request_id: str, ip: str | None) -> None:
    """Write the line of a refused credential, which an alarm counts."""
    log_line(AUTHENTICATION_FAILED, reason=error.reason, request_id=request_id, ip=ip, **error.about)


def by_aws_signature(context: Mapping[str, Any]) -> bool:
    """Whether the request came through the API that accepts AWS signatures only."""
    return not context.get("authorizer") and context.get("stage") == IAM_STAGE


def base_url(route: str, request: Request) -> str:
    """The API's public URL, without a slash at the end.

    A stage that clients reach through a proxy sets the URL as a stage variable. Otherwise the URL is the host of the
    request and the part of the path before the route.
    """
    public_url = (request.stage_vars or {}).get(PUBLIC_URL)
    if public_url:
        return public_url
    before_parameters = route.partition("{")[0]
    stage = str(request.context.get("path", "")).partition(before_parameters)[0]
    host = request.context.get("domainName") or request.headers.get("host") or "localhost"
    return f"https://{host}{stage}"


def raw_body(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw


def query_parameters(request: Request) -> dict[str, list[str]]:
    if request.query_params is None:
        return {}
    return {name: request.query_params.getlist(name) for name in request.query_params}
