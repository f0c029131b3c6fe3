"""How inputs of statistics are refused: an InvalidInputError with a JSON pointer to the fault."""

from math import isfinite

from chalicelib.domain.errors import InvalidInputError, Problem


def refused(pointer: str, message: str) -> InvalidInputError:
    """The error for a fault at ``pointer``."""
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])


def check_level(level: float) -> None:
    """Raises InvalidInputError unless a confidence level lies between 0 and 1, both excluded."""
    if not 0 < level < 1:
        raise refused("/level", "must lie between 0 and 1")


def check_successes(successes: int, n: int, pointer: str = "") -> None:
    """Raises InvalidInputError unless ``n`` is at least 1 and ``successes`` lies in 0 to ``n``."""
    if n < 1:
        raise refused(f"{pointer}/n", "must be at least 1")
    if not 0 <= successes <= n:
        raise refused(f"{pointer}/successes", f"must lie in 0 to n, which is {n}")


def check_count(count: int, pointer: str, least: int = 0) -> None:
    """Raises InvalidInputError for a count under ``least``."""
    if count < least:
        raise refused(pointer, f"must be at least {least}")


def check_finite(number: float, pointer: str) -> None:
    """Raises InvalidInputError for NaN and infinities."""
    if not isfinite(number):
        raise refused(pointer, "must be a finite number")
