"""What programs expect to be refused, and what they do to files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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


def overwrite(file: Path) -> None:
    """Replace every byte of a file in place, so that whoever has mapped it into memory sees it."""
    with file.open("r+b") as opened:
        opened.write(bytes(file.stat().st_size))
