"""A lock that one thread of one process on this machine holds at a time. The system frees it if the process dies."""

import errno
import os
import sys
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


# In a directory of others, a link with the lock's name leads to a file that is not ours to create.
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class FileLock:
    """A lock on a file. It need not be released by the thread that acquired it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Wait until nobody else holds the lock, then hold it."""
        while self._descriptor is None:
            descriptor = os.open(self._path, _FLAGS, 0o600)
            try:
                _lock(descriptor)
                # Whoever held the lock before may have removed the file that we waited for.
                if self._is_at_path(descriptor):
                    self._descriptor = descriptor
            finally:
                if self._descriptor is None:
                    os.close(descriptor)

    def release(self) -> None:
        """Free the lock and remove its file. Does nothing if the lock is not held."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        if sys.platform == "win32":
            os.close(descriptor)
            # Windows does not remove a file that somebody else has opened. They will.
            try:
                self._path.unlink(missing_ok=True)
            except PermissionError:
                return
        else:
            self._path.unlink(missing_ok=True)
            os.close(descriptor)

    def _is_at_path(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            except OSError as error:
                # It gives up after ten seconds.
                if error.errno != errno.EDEADLK:
                    raise
            else:
                return
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
