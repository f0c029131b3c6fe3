"""A lock that one thread of one process on this machine holds at a time. The system frees it if the process dies."""

import os
import sys
import threading
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# In a directory of others, a link with the lock's name leads to a file that is not ours to create.
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
# The system could wake us, but not give up waiting when another thread fails or the user interrupts.
_PAUSE_SECONDS: Final = 0.02


class FileLock:
    """A lock on a file. It need not be released by the thread that acquired it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, given_up: threading.Event | None = None) -> bool:
        """Wait until nobody else holds the lock, then hold it. Returns False if ``given_up`` is set before."""
        stop = given_up or threading.Event()
        while not self._try():
            if stop.wait(_PAUSE_SECONDS):
                return False
        return True

    def release(self) -> None:
        """Free the lock and remove its file. Does nothing if the lock is not held."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        if sys.platform == "win32":
            os.close(descriptor)
            try:
                self._path.unlink(missing_ok=True)
            except PermissionError:
                # Windows does not remove a file that somebody else has opened. They will.
                return
        else:
            self._path.unlink(missing_ok=True)
            os.close(descriptor)

    def _try(self) -> bool:
        descriptor = os.open(self._path, _FLAGS, 0o600)
        try:
            # Whoever held the lock before may have removed the file since it was opened.
            if _lock(descriptor) and self._is_at_path(descriptor):
                self._descriptor = descriptor
        finally:
            if self._descriptor is None:
                os.close(descriptor)
        return self._descriptor is not None

    def _is_at_path(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
