"""What a program expects to be refused."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def refused(error: type[Exception], *words: str) -> Iterator[None]:
    """Fail unless the block raises ``error`` with all of ``words`` in its message."""
    try:
        yield
    except error as raised:
        message = str(raised)
    else:
        raise AssertionError(f"nothing was refused: {error.__name__} {words}")
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} missing in: {message}"
