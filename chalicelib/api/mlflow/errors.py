"""MLflow's errors: its codes, and their HTTP statuses.

A client that gets 429 or 5xx retries for minutes. So an error that no retry can clear is answered with another 4xx,
even where MLflow's own server answers 500.
"""

from typing import Final

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


class MlflowError(Exception):
    """An error with one of MLflow's codes. ``status`` replaces the code's own status where a client needs another."""

    def __init__(self, error_code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.message = message
        self.status = status or STATUSES[error_code]


def invalid(message: str) -> MlflowError:
    """The error for a parameter with a wrong value."""
    return MlflowError(INVALID, message)
