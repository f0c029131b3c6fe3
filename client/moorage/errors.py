"""Exceptions of the SDK.

Every error has ``message``, ``status``, ``code`` and ``request_id`` from the registry's response, ``errors`` (the
single faults of an invalid or incomplete request) and ``retryable`` (whether the same call may succeed later).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import responses
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request. ``pointer`` is a JSON pointer into the request, or the path of a file."""

    pointer: str
    message: str


class MoorageError(Exception):
    """Base class of the errors of this package."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        errors: tuple[Fault, ...] = (),
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.errors = errors
        self.retryable = retryable

    def __str__(self) -> str:
        if len(self.errors) == 1 and self.errors[0].message in self.message:
            return self.message
        faults = "".join(f"\n  {fault.pointer}: {fault.message}" for fault in self.errors)
        return self.message + faults


class NotConfiguredError(MoorageError):
    """The registry's address or a token is missing: neither arguments, the environment nor a saved login has it."""


class InvalidRequestError(MoorageError):
    """The registry does not accept this input."""


class UnauthenticatedError(MoorageError):
    """The token is missing, unknown, expired or revoked."""


class ForbiddenError(MoorageError):
    """The token is valid, but its grants do not allow this call."""


class NotFoundError(MoorageError):
    """The model, version, alias, webhook, token or other resource does not exist."""


class ConflictError(MoorageError):
    """The current state in the registry does not allow this change."""


class PreconditionFailedError(ConflictError):
    """The entity changed since it was read."""


class RateLimitedError(MoorageError):
    """There were too many calls, and all retries were used up."""


class ServerError(MoorageError):
    """The registry failed; nothing is wrong with the request."""


class UnreachableError(MoorageError):
    """The registry or its storage did not respond."""


class StorageError(MoorageError):
    """The object storage refused a transfer."""


class IntegrityError(MoorageError):
    """Bytes or a chain of events do not match their digest."""


class UnsafePathError(IntegrityError):
    """The path of a file leads out of the target directory."""


class OfflineError(MoorageError):
    """Offline mode cannot serve this: it is not in the cache, or only the registry can answer."""


class DiskError(MoorageError):
    """The local disk is full, or does not allow a file to be read or written."""


class LocalFilesError(MoorageError):
    """A download would overwrite local files, or put its files among others."""


class MissingLibraryError(MoorageError):
    """A framework or other library that this call needs is not installed."""


class UnsupportedModelError(MoorageError):
    """This object cannot be saved, or not in this format."""


class IncompatibleModelError(MoorageError):
    """The files of a version do not say how to load it, or not in a way that this release can read."""


class UntrustedModelError(MoorageError):
    """Loading the model would run code, or make types, that the caller has not allowed by name."""


class PackagingError(MoorageError):
    """The version cannot be packaged, or not so that the image is the same each time."""


class WebhookVerificationError(MoorageError):
    """A webhook request was not signed with the secret, or was signed too long ago."""


_BY_STATUS: Final[dict[int, type[MoorageError]]] = {
    400: InvalidRequestError,
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    410: NotFoundError,
    412: PreconditionFailedError,
    413: InvalidRequestError,
    415: InvalidRequestError,
    422: InvalidRequestError,
    429: RateLimitedError,
}
# Codes that are more specific than their status.
_BY_CODE: Final[dict[str, type[MoorageError]]] = {"upload_mismatch": IntegrityError}

# Every call may be repeated: reads change nothing, and writes carry an idempotency key. So a 500 is repeated too.
RETRYABLE_STATUSES: Final = frozenset({429, 500, 502, 503, 504})
# The write lost a race for the model. It may be sent again with the same idempotency key.
_RETRYABLE_CODES: Final = frozenset({"contention"})


def from_problem(status: int, problem: Mapping[str, Any], request_id: str | None) -> MoorageError:
    """The error for a problem document (RFC 9457). Members of the document may be missing."""
    code = problem.get("code")
    fallback = ServerError if status >= 500 else MoorageError
    kind = _BY_CODE.get(str(code)) or _BY_STATUS.get(status, fallback)
    message = problem.get("detail") or problem.get("title") or f"the registry answered {_phrase(status)}"
    return kind(
        str(message),
        status=status,
        code=str(code) if code else None,
        request_id=str(problem.get("request_id") or request_id or "") or None,
        errors=_faults(problem.get("errors")),
        retryable=status in RETRYABLE_STATUSES or code in _RETRYABLE_CODES,
    )


def _phrase(status: int) -> str:
    return f"{status} {responses.get(status, '')}".rstrip()


def _faults(listed: object) -> tuple[Fault, ...]:
    if not isinstance(listed, list):
        return ()
    return tuple(
        Fault(pointer=str(fault.get("pointer", "")), message=str(fault.get("message", "")))
        for fault in listed
        if isinstance(fault, Mapping)
    )
