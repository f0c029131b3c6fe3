"""Exchanging a whole directory for another in one step, so that nobody sees a mixture of two versions.

The new directory is prepared beside the old one. Then the old one is renamed away, and the new one takes its name. A
run that is stopped in between leaves one of them whole, and the next one puts that right.
"""

import logging
import os
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from moorage.cache.blobs import remove
from moorage.errors import UnsafePathError
from moorage.local_copy.record import OWN_NAMES, STAGING, PlacedFiles, read_record

_LOG: Final = logging.getLogger(__name__)


def beside(directory: Path, what: str) -> Path:
    """The path beside ``directory`` for something that belongs to its download."""
    return directory.with_name(f".{directory.name}.moorage-{what}")


def has_room_beside(directory: Path) -> bool:
    """Whether files can be created beside ``directory``, on the same file system."""
    return not os.path.ismount(directory) and os.access(directory.parent, os.W_OK | os.X_OK)


class Exchange:
    """The exchange of ``directory``, an absolute path without links. One process at a time may work on it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._new = beside(directory, "new")
        self._old = beside(directory, "old")

    @property
    def is_possible(self) -> bool:
        """Whether the directory can be renamed, and this process does not work in it: its shell would lose its way."""
        return has_room_beside(self._directory) and not Path.cwd().is_relative_to(self._directory)

    def recover(self) -> None:
        """Put right what a run left that was stopped."""
        if self._old.is_symlink():
            raise UnsafePathError(f"{self._old} is a symbolic link, which a download does not follow: remove it")
        if self._old.exists():
            if self._directory.exists():
                self._discard_old(overwritten=())
            else:
                self._old.rename(self._directory)
        remove(self._new)

    @contextmanager
    def prepared(self) -> Iterator[Path]:
        """Yield an empty directory to fill. It is removed at the end, unless ``commit`` brought it in."""
        self._new.mkdir()
        try:
            yield self._new
        finally:
            remove(self._new)

    def commit(self, overwritten: Collection[str]) -> None:
        """Put the new directory in the place of the old one.

        Removes of the old one what downloads put there, and the files ``overwritten``. If there is anything else, it
        stays beside the directory.
        """
        if self._directory.exists():
            shutil.copymode(self._directory, self._new)
            self._directory.rename(self._old)
            try:
                self._new.rename(self._directory)
            except BaseException:
                self._old.rename(self._directory)
                raise
            self._discard_old(overwritten)
        else:
            self._new.rename(self._directory)

    def _discard_old(self, overwritten: Collection[str]) -> None:
        # The new directory's record knows the files that are in both, also without a record in the old one.
        placed = PlacedFiles(read_record(self._old), read_record(self._directory))
        remove(self._old / STAGING)
        for root, _, names in os.walk(self._old, topdown=False):
            here = Path(root)
            for name in names:
                path = here / name
                local = path.relative_to(self._old).as_posix()
                if local in OWN_NAMES or local in overwritten or placed.has(local, path):
                    path.unlink()
            if not any(here.iterdir()):
                here.rmdir()
        if self._old.exists():
            kept = beside(self._directory, f"kept-{uuid.uuid4().hex[:8]}")
            self._old.rename(kept)
            _LOG.warning("files appeared in %s while it was exchanged: they are in %s now", self._directory, kept)
