"""Requests that the server does not answer with a prediction."""

from typing import Final

# The codes that MLflow's scoring server gives.
BAD_REQUEST: Final = "BAD_REQUEST"
INTERNAL: Final = "INTERNAL_ERROR"
NOT_FOUND: Final = "RESOURCE_DOES_NOT_EXIST"


class RefusedRequestError(Exception):
    """A request that gets no prediction. ``status`` is HTTP's, ``code`` a word that a program can compare."""

    def __init__(self, message: str, status: int = 400, code: str = BAD_REQUEST) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code


class UnsupportedMediaError(RefusedRequestError):
    """The body is of a type, or in an encoding, that the server does not read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, 415, "UNSUPPORTED_MEDIA_TYPE")
