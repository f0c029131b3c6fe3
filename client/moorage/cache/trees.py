"""The tree of a version: a directory with exactly its files, which are hard links to blobs."""

import logging
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from moorage.cache.blobs import Blobs, has_content, is_plain_file, remove
from moorage.destination import make_room, plain_names
from moorage.manifest import Manifest
from moorage.results import Artifact

_LOG = logging.getLogger(__name__)


def assemble(folder: Path, manifest: Manifest, blobs: Blobs) -> dict[str, Path]:
    """Have the tree of a version in ``folder``, and return the local file for each path of the version.

    The blobs must have been verified. A new tree appears in one step. In a tree that is there, what is wrong is put
    right file by file. Raises FileNotFoundError if a blob has been removed meanwhile.
    """
    tree = tree_in(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stored = {file.path: file for file in manifest.files if file.uri is None}
    names = plain_names(folder, stored, stored)
    if not tree.is_dir():
        _build(tree, names, stored, blobs)
    _repair(tree, names, stored, blobs)
    return {path: tree / name for path, name in names.items()}


def is_exact(folder: Path, manifest: Manifest, blobs: Blobs) -> bool:
    """Whether the tree in ``folder``, if there is one, has nothing but files of the version with their bytes.

    Does not read files that are blobs.
    """
    tree = tree_in(folder)
    stored = {file.path: file for file in manifest.files if file.uri is None}
    names = plain_names(folder, stored, stored)
    if any(_strangers(tree, names.values())):
        return False
    return all(_is_right(tree / name, stored[path], blobs) for path, name in names.items() if (tree / name).exists())


def tree_in(folder: Path) -> Path:
    """Where the tree of the version in ``folder`` is or would be."""
    return folder / "files"


def _build(tree: Path, names: Mapping[str, str], stored: Mapping[str, Artifact], blobs: Blobs) -> None:
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=tree.parent))
    try:
        for path, target in make_room(building, names).items():
            blobs.link(stored[path].sha256, target)
        try:
            building.rename(tree)
        except OSError:
            # A directory that is not empty is not replaced. If there is one, another process was faster.
            if not tree.is_dir():
                raise
    finally:
        remove(building)


def _repair(tree: Path, names: Mapping[str, str], stored: Mapping[str, Artifact], blobs: Blobs) -> None:
    for stranger in list(_strangers(tree, names.values())):
        _LOG.warning("%s is none of the version's files: it is removed from the cache", stranger)
        remove(stranger)
    for path, target in make_room(tree, names).items():
        if not _is_right(target, stored[path], blobs):
            _relink(target, stored[path].sha256, blobs)


def _strangers(tree: Path, names: Collection[str]) -> Iterator[Path]:
    """What is in ``tree`` but not one of the files ``names`` or a directory above one. Does not look into such."""
    files = {Path(name) for name in names}
    directories = {parent for file in files for parent in file.parents}
    for root, below, within in os.walk(tree):
        here = Path(root)
        for name in (*below, *within):
            entry = here / name
            is_directory = entry.is_dir() and not entry.is_symlink()
            if entry.relative_to(tree) not in (directories if is_directory else files):
                yield entry
        below[:] = [name for name in below if (here / name).relative_to(tree) in directories]


def _is_right(target: Path, file: Artifact, blobs: Blobs) -> bool:
    """Whether ``target`` is the blob of ``file``, which need not be read again, or a copy of it."""
    blob = blobs.path(file.sha256)
    if is_plain_file(target) and blob.exists() and target.samefile(blob):
        return True
    return has_content(target, file)


def _relink(target: Path, sha256: str, blobs: Blobs) -> None:
    """Put the blob in the place of a wrong or missing file, in one step."""
    with tempfile.TemporaryDirectory(prefix=".linking-", dir=target.parent) as beside:
        fresh = Path(beside, "file")
        blobs.link(sha256, fresh)
        fresh.replace(target)
