"""Errors as RFC 9457 problem documents. Only this module turns exceptions into answers."""

import traceback
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.aws.log import log_line
from chalicelib.domain.errors import ContentionError, RegistryError, ScanPendingError, UnavailableError

CONTENT_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1
# A scan begins within seconds of its request and reads little of a file.
SCAN_RETRY_AFTER_SECONDS: Final = 5
# The codes with which AWS services ask to retry later: https://docs.aws.amazon.com/general/latest/gr/api-retries.html
_BUSY: Final = frozenset(
    {
        "InternalError",
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)


class InternalError(RegistryError):
    """A fault of the registry itself. Its cause is in the log under the request's id."""


def as_registry_error(error: Exception, request_id: str) -> RegistryError:
    """The error to answer with. An unexpected exception is logged with its traceback, which the answer leaves out."""
    if isinstance(error, RegistryError):
        return error
    if _is_temporary(error):
        _log(error, request_id, "dependency_unavailable")
        return UnavailableError("A service that the registry depends on does not answer. Try again in a moment.")
    _log(error, request_id, "internal_error")
    return InternalError("The request failed because of a fault in the registry. Report the request_id.")


def problem(error: RegistryError, request_id: str) -> dict[str, Any]:
    """The problem document of an error."""
    document: dict[str, Any] = {
        "type": f"urn:moorage:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id,
    }
    if error.problems:
        document["errors"] = [{"pointer": fault.pointer, "message": fault.message} for fault in error.problems]
    return document


def headers(error: RegistryError) -> dict[str, str]:
    """Headers of a problem document, such as when to retry and how to authenticate."""
    headers = {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
    if isinstance(error, ContentionError | UnavailableError):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, ScanPendingError):
        headers["Retry-After"] = str(SCAN_RETRY_AFTER_SECONDS)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="moorage"'
    return headers


def error_types(parent: type[RegistryError] = RegistryError) -> Iterator[type[RegistryError]]:
    """Every class of error that the registry can answer with."""
    yield parent
    for child in parent.__subclasses__():
        yield from error_types(child)


def _is_temporary(error: Exception) -> bool:
    # Imported late: few requests fail this way, and importing the API does not need botocore.
    from botocore.exceptions import ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as AWSConnectionError

    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or error.response.get("Error", {}).get("Code") in _BUSY
    return isinstance(error, AWSConnectionError | HTTPClientError)


def _log(error: Exception, request_id: str, what: str) -> None:
    # Frames only, because the message of an exception may quote what the caller sent.
    frames = traceback.format_tb(error.__traceback__)
    log_line(what, request_id=request_id, error=type(error).__name__, traceback=frames)
