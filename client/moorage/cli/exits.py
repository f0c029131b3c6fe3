"""The exit codes of the command line."""

from typing import Final

from moorage.errors import (
    ConflictError,
    ForbiddenError,
    IntegrityError,
    InvalidRequestError,
    LocalFilesError,
    MoorageError,
    NotConfiguredError,
    NotFoundError,
    OfflineError,
    RateLimitedError,
    ServerError,
    StorageError,
    UnauthenticatedError,
    UnreachableError,
    WebhookVerificationError,
)

SUCCESS: Final = 0
OTHER: Final = 1
USAGE: Final = 2
NOT_FOUND: Final = 3
DENIED: Final = 4
CONFLICT: Final = 5
INVALID: Final = 6
UNAVAILABLE: Final = 7
INTEGRITY: Final = 8

# The first match counts, so specific errors come before general ones.
_CODES: Final[tuple[tuple[type[MoorageError], int], ...]] = (
    (NotConfiguredError, USAGE),
    (NotFoundError, NOT_FOUND),
    (UnauthenticatedError, DENIED),
    (ForbiddenError, DENIED),
    (ConflictError, CONFLICT),
    (LocalFilesError, CONFLICT),
    (InvalidRequestError, INVALID),
    (IntegrityError, INTEGRITY),
    (WebhookVerificationError, INTEGRITY),
    (UnreachableError, UNAVAILABLE),
    (OfflineError, UNAVAILABLE),
    (ServerError, UNAVAILABLE),
    (StorageError, UNAVAILABLE),
    (RateLimitedError, UNAVAILABLE),
)


def exit_code(error: MoorageError) -> int:
    return next((code for kind, code in _CODES if isinstance(error, kind)), OTHER)
