"""Errors in MLflow's words: its codes, their statuses, and every error of the registry as one of them.

A client that gets 429 or 5xx tries again, for minutes. So what will not change by itself is answered with another 4xx,
also where MLflow's own server says 500.
"""

from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import (
    AliasNotFoundError,
    ApprovalsMissingError,
    BodyTooLargeError,
    ConflictError,
    ContentionError,
    InvalidInputError,
    ModelExistsError,
    ModelNotFoundError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    RegistryError,
    StageNotFoundError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedMediaTypeError,
    VersionNotFoundError,
)

if TYPE_CHECKING:
    from chalicelib.api.mlflow.parameters import Parameters

INVALID: Final = "INVALID_PARAMETER_VALUE"

STATUSES: Final = {
    INVALID: 400,
    "RESOURCE_ALREADY_EXISTS": 400,
    "INVALID_STATE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "RESOURCE_DOES_NOT_EXIST": 404,
    "ENDPOINT_NOT_FOUND": 404,
    "RESOURCE_CONFLICT": 409,
    "REQUEST_LIMIT_EXCEEDED": 429,
    "INTERNAL_ERROR": 500,
    "NOT_IMPLEMENTED": 501,
    "TEMPORARILY_UNAVAILABLE": 503,
}

# The first that an error is an instance of counts.
_CODES: Final[tuple[tuple[type[RegistryError], str], ...]] = (
    # By MLflow's clients a stage is a value and not a thing, and so is an alias.
    (StageNotFoundError, INVALID),
    (AliasNotFoundError, INVALID),
    (NotFoundError, "RESOURCE_DOES_NOT_EXIST"),
    (ModelExistsError, "RESOURCE_ALREADY_EXISTS"),
    # Nothing was changed, and trying again will help: all clients do, of themselves.
    (ContentionError, "REQUEST_LIMIT_EXCEEDED"),
    (ApprovalsMissingError, "PERMISSION_DENIED"),
    (ConflictError, "INVALID_STATE"),
    (PreconditionFailedError, "RESOURCE_CONFLICT"),
    (InvalidInputError, INVALID),
    (BodyTooLargeError, INVALID),
    (UnsupportedMediaTypeError, INVALID),
    (UnauthenticatedError, "UNAUTHENTICATED"),
    (PermissionDeniedError, "PERMISSION_DENIED"),
    (UnavailableError, "TEMPORARILY_UNAVAILABLE"),
)

# What MLflow says where the registry says the same in other words: scripts look for these.
_MESSAGES: Final[tuple[tuple[type[RegistryError], tuple[str, ...], str], ...]] = (
    (VersionNotFoundError, ("name", "version"), "Model Version (name={name}, version={version}) not found"),
    (ModelNotFoundError, ("name", "version"), "Model Version (name={name}, version={version}) not found"),
    (ModelNotFoundError, ("name",), "Registered Model with name={name} not found"),
    (AliasNotFoundError, ("alias",), "Registered model alias {alias} not found."),
    (ModelExistsError, ("name",), "Registered Model (name={name}) already exists."),
)


class MlflowError(Exception):
    """An error that MLflow has, by its code. ``status`` differs from the code's own where a client needs it to."""

    def __init__(self, error_code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.message = message
        self.status = status


def invalid(message: str) -> MlflowError:
    """The error of a value that a parameter cannot have."""
    return MlflowError(INVALID, message)


def translated(error: RegistryError, given: "Parameters | None") -> MlflowError:
    """The registry's error as MLflow would have put it to who gave these parameters."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "INTERNAL_ERROR")
    return MlflowError(code, _message(error, given))


def status_of(error: MlflowError) -> int:
    return error.status or STATUSES[error.error_code]


def _message(error: RegistryError, given: "Parameters | None") -> str:
    if given is not None:
        for kind, names, message in _MESSAGES:
            told = {name: given.said(name) for name in names}
            if isinstance(error, kind) and all(told.values()):
                return message.format(**told)
    more = "; ".join(problem.message for problem in error.problems if problem.message not in error.detail)
    return f"{error.detail} {more}".rstrip() if more else error.detail
