"""Safe places for downloaded files: inside the target directory, whatever path the registry gives."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from moorage.errors import UnsafePathError
from moorage.local_names import names_in

# What the registry refuses at registration. A backslash is a separator on Windows; the others can mislead a reader.
_NEVER_REGISTERED: Final = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def places(directory: Path, paths: Collection[str], chosen: Collection[str]) -> dict[str, Path]:
    """The local file for each ``chosen`` path of a version that has all these ``paths``; creates their directories.

    A file that the file system cannot hold under its own name gets another one, the same in every download. Raises
    UnsafePathError if a path is absolute or contains ``..``, or leads out of ``directory`` through a symbolic link.
    """
    return make_room(directory, plain_names(directory, paths, chosen))


def plain_names(directory: Path, paths: Collection[str], chosen: Collection[str]) -> dict[str, str]:
    """The path relative to ``directory`` for each ``chosen`` path of a version that has all these ``paths``.

    Raises UnsafePathError if a path is absolute or contains ``..``.
    """
    for path in chosen:
        _check_plain(path)
    # From all paths, so that a file has the same name whichever of its neighbours are chosen.
    local = names_in(directory, paths)
    return {path: local[path] for path in chosen}


def make_room(directory: Path, names: Mapping[str, str]) -> dict[str, Path]:
    """The local file in ``directory`` for each path, by the names that it has there; creates their directories.

    Raises UnsafePathError if one leads out of ``directory`` through a symbolic link, or is a directory.
    """
    return {path: _place(directory, path, name) for path, name in names.items()}


def _check_plain(path: str) -> None:
    if any(segment in ("", ".", "..") or _NEVER_REGISTERED.search(segment) for segment in path.split("/")):
        raise UnsafePathError(f"the file path {path!r} is not a plain relative path: the file was not written")


def _place(directory: Path, path: str, local: str) -> Path:
    root = directory.resolve()
    parent = root
    *above, name = local.split("/")
    for segment in above:
        # One directory at a time, so that a link is found before anything is created behind it.
        parent = parent / segment
        if parent.is_symlink() and not parent.resolve().is_relative_to(root):
            raise UnsafePathError(f"the file path {path!r} leads out of {directory} through a symbolic link")
        parent.mkdir(exist_ok=True)
    target = parent / name
    if target.is_dir():
        raise UnsafePathError(f"{target} is a directory: the file {path!r} cannot replace it")
    return target
