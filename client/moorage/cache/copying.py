"""Copying files and linking them, with as little work as the file system allows."""

import errno
import os
import shutil
import sys
from pathlib import Path
from typing import BinaryIO, Final

_AT_ONCE: Final = 1 << 30
# A kernel or a file system that cannot do it, or not between these two.
_UNSUPPORTED: Final = frozenset({errno.ENOSYS, errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM})


def link_or_copy(source: Path, target: Path) -> None:
    """Make ``target`` the same file as ``source``, or a copy of it where the file system has no hard links."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # FAT and some network file systems have no hard links, and a file can have only so many.
        shutil.copy2(source, target)


def copy_content(source: Path, target: Path) -> None:
    """Copy a file's content to the new file ``target``.

    On XFS and Btrfs the copy takes no space until one of both is changed. On Linux, no bytes pass through this process.
    """
    with source.open("rb") as reader, target.open("xb") as writer:
        if not _copied_by_system(reader, writer):
            shutil.copyfileobj(reader, writer, 1 << 20)


def _copied_by_system(reader: BinaryIO, writer: BinaryIO) -> bool:
    if sys.platform != "linux":
        return False
    copied = 0
    try:
        while count := os.copy_file_range(reader.fileno(), writer.fileno(), _AT_ONCE):
            copied += count
    except OSError as error:
        if copied or error.errno not in _UNSUPPORTED:
            raise
        return False
    # Some file systems copy nothing and report no error. The caller copies what is missing, from where this stopped.
    return copied == os.fstat(reader.fileno()).st_size
