"""Copies of what is packed, each named after its content."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

# How many copies are kept, the newest included. Copies of the application also hold Chalice's cache of the package.
KEPT_COPIES = 4


def content_hash(root: Path, files: list[Path]) -> str:
    """SHA-256 over the names and contents of ``files``."""
    digest = hashlib.sha256()
    for file in files:
        content = (root / file).read_bytes()
        digest.update(f"{file.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def staged_copy(root: Path, files: list[Path], build: Path, write: Callable[[Path], None]) -> Path:
    """The directory below ``build`` that is named after the content of ``files``; ``write`` fills it if it is new."""
    staged = build / content_hash(root, files)[:20]
    if not staged.is_dir():
        build.mkdir(parents=True, exist_ok=True)
        # Write to a temporary directory and rename it, so that an incomplete copy is never used.
        partial = Path(tempfile.mkdtemp(dir=build, prefix="partial-"))
        write(partial)
        try:
            partial.rename(staged)
        except OSError:
            if not staged.is_dir():
                raise
            shutil.rmtree(partial)  # another run made the same copy first
    staged.touch()
    _forget_old_copies(build)
    return staged


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a place whose directories may not exist yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _forget_old_copies(build: Path) -> None:
    copies = [path for path in build.iterdir() if path.is_dir() and not path.name.startswith("partial-")]
    for old in sorted(copies, key=lambda path: path.stat().st_mtime)[:-KEPT_COPIES]:
        shutil.rmtree(old, ignore_errors=True)
