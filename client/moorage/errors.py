"""What can go wrong, as one shallow tree.

Every error carries what the registry said: ``message``, ``status``, ``code``, ``request_id``,
``errors`` (the single faults of an invalid or incomplete request) and ``retryable``, which says
whether the very same call may succeed later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import responses
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request: where (a JSON pointer or a file's path) and what."""

    pointer: str
    message: str


class MoorageError(Exception):
    """Anything this package raises on purpose."""

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
    """No registry's address or no token was given, in the environment, or saved by a login."""


class InvalidRequestError(MoorageError):
    """The registry cannot accept this input as it stands."""


class UnauthenticatedError(MoorageError):
    """The token is missing, unknown, expired or revoked."""


class ForbiddenError(MoorageError):
    """The token is good, but its grants do not cover this call."""


class NotFoundError(MoorageError):
    """There is no such model, version, alias, webhook or token."""


class ConflictError(MoorageError):
    """The registry's state does not allow this change."""


class PreconditionFailedError(ConflictError):
    """The entity changed since it was read."""


class RateLimitedError(MoorageError):
    """Too many calls; the retries that the policy allows were used up."""


class ServerError(MoorageError):
    """The registry failed; nothing is wrong with the request."""


class UnreachableError(MoorageError):
    """No answer came from the registry or its storage."""


class StorageError(MoorageError):
    """The object storage refused a transfer."""


class IntegrityError(MoorageError):
    """Bytes, or a chain of events, are not what their digest says."""


class UnsafePathError(IntegrityError):
    """A file's path would leave the directory it belongs in."""


class WebhookVerificationError(MoorageError):
    """A webhook's request was not signed with the secret, or not recently."""


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
# Codes whose meaning is sharper than their status.
_BY_CODE: Final[dict[str, type[MoorageError]]] = {"upload_mismatch": IntegrityError}

RETRYABLE_STATUSES: Final = frozenset({429, 502, 503, 504})
# A lost race for one model: the same write, under the same idempotency key, may be sent again.
_RETRYABLE_CODES: Final = frozenset({"contention"})


def from_problem(status: int, problem: Mapping[str, Any], request_id: str | None) -> MoorageError:
    """The error that a problem document (RFC 9457) describes; members may be missing."""
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
