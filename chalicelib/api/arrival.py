"""A request as it arrives from API Gateway, and how its answer leaves: who asks, the line in the log, the headers."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from chalice.app import Request, Response

from chalicelib.api import caller
from chalicelib.aws.log import log_line
from chalicelib.aws.names import AUTHENTICATION_FAILED, IAM_STAGE
from chalicelib.aws.services import services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import CredentialsRefusedError, UnauthenticatedError

Headers: TypeAlias = dict[str, str | list[str]]
# The line in the log that a request becomes: whoever learns something of it adds it.
Log: TypeAlias = dict[str, Any]

_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
}


def answered(log: Log, answer: Callable[[], Response], refuse: Callable[[Exception], tuple[str, Response]]) -> Response:
    """The response of ``answer``, or of ``refuse`` to whatever went wrong with its code; one line in the log of it."""
    started = time.perf_counter()
    try:
        response = answer()
    except Exception as error:  # noqa: BLE001 - the one place where errors become answers
        log["code"], response = refuse(error)
    response.headers |= {**_EVERYWHERE, "X-Request-Id": log["request_id"]}
    log |= {"status": response.status_code, "duration_ms": round((time.perf_counter() - started) * 1000, 1)}
    log_line("request", **log)
    return response


def request_id(request: Request) -> str:
    # API Gateway's id, which its answers and access log carry; a local gateway has the function's only.
    context: Any = request.lambda_context
    return str(request.context.get("requestId") or context.aws_request_id)


def principal(context: Mapping[str, Any], request_id: str) -> Principal:
    """Who asks. Only API Gateway writes ``requestContext``, so no header or body can say it.

    The first API puts the authorizer's answer there. On the second, which its stage names, the signature of an AWS
    principal has been checked; an identity that came any other way counts for nothing.
    """
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
        ip = identity.get("sourceIp")
        log_line(AUTHENTICATION_FAILED, reason=error.reason, request_id=request_id, ip=ip, **error.about)
        raise


def by_aws_signature(context: Mapping[str, Any]) -> bool:
    """Whether the request came by the API that lets only AWS signatures through."""
    return not context.get("authorizer") and context.get("stage") == IAM_STAGE


def raw_body(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw


def query_parameters(request: Request) -> dict[str, list[str]]:
    if request.query_params is None:
        return {}
    return {name: request.query_params.getlist(name) for name in request.query_params}
