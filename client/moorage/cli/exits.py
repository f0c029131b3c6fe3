"""Exit codes, and what to try next after an error."""

from typing import Final

from moorage.errors import (
    ConflictError,
    ForbiddenError,
    IntegrityError,
    InvalidRequestError,
    MoorageError,
    NotConfiguredError,
    NotFoundError,
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

# The first entry that fits counts: special errors stand before general ones.
_CODES: Final[tuple[tuple[type[MoorageError], int], ...]] = (
    (NotConfiguredError, USAGE),
    (NotFoundError, NOT_FOUND),
    (UnauthenticatedError, DENIED),
    (ForbiddenError, DENIED),
    (ConflictError, CONFLICT),
    (InvalidRequestError, INVALID),
    (IntegrityError, INTEGRITY),
    (WebhookVerificationError, INTEGRITY),
    (UnreachableError, UNAVAILABLE),
    (ServerError, UNAVAILABLE),
    (StorageError, UNAVAILABLE),
    (RateLimitedError, UNAVAILABLE),
)

_NEXT_STEPS: Final = {
    "model_not_found": "moorage models list",
    "version_not_found": "moorage versions MODEL",
    "alias_not_found": "moorage alias list MODEL",
    "stage_not_found": "moorage stages MODEL",
    "file_not_found": "moorage show MODEL/VERSION",
    "promotion_rule_not_found": "moorage models rule MODEL --metric NAME --to STAGE --at-least NUMBER",
    "check_not_found": "moorage checks list MODEL/VERSION",
    "evaluation_not_found": "moorage evaluations list MODEL/VERSION",
    "token_not_found": "moorage tokens list",
    "webhook_not_found": "moorage webhooks list",
    "delivery_not_found": "moorage webhooks deliveries WEBHOOK",
    "card_revision_not_found": "moorage card history MODEL",
    "comment_not_found": "moorage comment list MODEL",
    "model_exists": "moorage models show MODEL",
    "model_not_empty": "moorage versions MODEL",
    "version_not_ready": "moorage resume MODEL/VERSION DIRECTORY",
    "upload_incomplete": "moorage resume MODEL/VERSION DIRECTORY",
    "version_in_use": "moorage show MODEL/VERSION",
    "alias_moved": "moorage alias history MODEL ALIAS",
    "stage_changed": "moorage show MODEL/VERSION",
    "transition_not_allowed": "moorage stages MODEL",
    "gates_not_met": "moorage explain MODEL/VERSION STAGE",
    "approvals_missing": "moorage requests open MODEL/VERSION STAGE",
    "request_not_found": "moorage requests list MODEL",
    "request_exists": "moorage requests list MODEL --open",
    "request_closed": "moorage requests show MODEL REQUEST",
    "scheme_not_found": "moorage schemes list",
    "builtin_scheme": "moorage schemes show SCHEME",
    "nothing_to_roll_back": "moorage stages MODEL --history STAGE",
    "model_frozen": "moorage show MODEL",
    "version_locked": "moorage show MODEL/VERSION",
}


def exit_code(error: MoorageError) -> int:
    return next((code for kind, code in _CODES if isinstance(error, kind)), OTHER)


def next_step(error: MoorageError) -> str | None:
    """A command that is likely to help."""
    if isinstance(error, UnauthenticatedError):
        return "moorage login URL"
    if isinstance(error, ForbiddenError):
        return "moorage whoami"
    return _NEXT_STEPS.get(error.code or "")
