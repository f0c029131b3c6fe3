"""Errors of the local disk, told to people."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from moorage.errors import DiskError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def disk_errors(place: Path, remedy: str) -> Iterator[None]:
    """Raise errors of the operating system as DiskError. ``remedy`` says what to do about ``place``."""
    try:
        yield
    except OSError as error:
        where = error.filename or place
        if error.errno in _FULL:
            raise DiskError(f"the disk with {place} is full: free some space, or {remedy}") from error
        if error.errno in _FORBIDDEN:
            raise DiskError(f"{where} cannot be read or written ({error.strerror}): {remedy}") from error
        raise DiskError(f"{where}: {error.strerror or error}: {remedy}") from error
