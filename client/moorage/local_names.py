"""The local names of a version's files, where the file system cannot hold their own.

The registry has the same rules in ``chalicelib/domain/versions/portability.py``: it warns at registration about the
files that this module renames on Windows.
"""

import hashlib
import itertools
import os
import re
import tempfile
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]|[. ]$|~(?=[0-9])')
_RESERVED: Final = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_MAX_BYTES: Final = 255


@dataclass(frozen=True, slots=True)
class FileSystem:
    """What names a file system can hold.

    ``windows``: it has the rules of Windows. ``folds``: it takes two names for one that differ only in upper and lower
    case, or in how their characters are composed.
    """

    windows: bool
    folds: bool


def names_in(directory: Path, paths: Collection[str]) -> dict[str, str]:
    """The path relative to ``directory`` for each path of a version, as the file system there can hold it."""
    windows = os.name == "nt"
    exact = local_paths(paths, FileSystem(windows, folds=False))
    careful = local_paths(paths, FileSystem(windows, folds=True))
    return careful if careful != exact and _folds(directory) else exact


def _folds(directory: Path) -> bool:
    """Whether the file system takes two names for one, found by creating a file."""
    with tempfile.NamedTemporaryFile(prefix=".moorage-Å-", dir=directory) as probe:
        name = Path(probe.name).name
        twins = (name.swapcase(), unicodedata.normalize("NFD", name))
        return any((directory / twin).exists() for twin in twins)


def local_paths(paths: Collection[str], system: FileSystem) -> dict[str, str]:
    """The local path for each path of a version.

    A path stays as it is unless ``system`` cannot hold it, or takes it for another one of the version. So no file
    replaces another. The result depends on nothing else, so that a second download finds the files of the first.
    """
    wanted = {path: "/".join(_held(segment, system) for segment in path.split("/")) for path in paths}
    taken = {_key(parent, system) for local in wanted.values() for parent in _parents(local)}
    chosen: dict[str, str] = {}
    # A path that can stay comes first, then one that can have the name that it should: no other file takes either.
    for path in sorted(paths, key=lambda path: (wanted[path] != path, path)):
        if _key(wanted[path], system) not in taken:
            chosen[path] = wanted[path]
            taken.add(_key(wanted[path], system))
    for path in sorted(wanted.keys() - chosen.keys()):
        chosen[path] = _untaken(wanted[path], path, taken, system)
        taken.add(_key(chosen[path], system))
    return chosen


def _untaken(local: str, path: str, taken: Collection[str], system: FileSystem) -> str:
    marked = (_marked(local, f"{path}\0{attempt}") for attempt in itertools.count())
    return next(name for name in marked if _key(name, system) not in taken)


def _held(segment: str, system: FileSystem) -> str:
    """The segment as the file system can hold it: with characters percent-encoded, and shortened."""
    if system.windows:
        segment = _FORBIDDEN.sub(lambda found: f"%{ord(found.group()):02X}", segment)
        if _RESERVED.fullmatch(segment):
            segment = f"%{ord(segment[0]):02X}{segment[1:]}"
    return segment if len(segment.encode()) <= _MAX_BYTES else _marked(segment, segment)


def _marked(path: str, about: str) -> str:
    """The path with a digest in its last segment, before the extension."""
    parent, slash, name = path.rpartition("/")
    mark = f"-{hashlib.sha256(about.encode()).hexdigest()[:12]}"
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 16:
        stem, dot, extension = name, "", ""
    room = _MAX_BYTES - len(f"{mark}{dot}{extension}".encode())
    return f"{parent}{slash}{stem.encode()[:room].decode(errors='ignore')}{mark}{dot}{extension}"


def _key(path: str, system: FileSystem) -> str:
    if not system.folds:
        return path
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def _parents(path: str) -> Iterator[str]:
    segments = path.split("/")
    return ("/".join(segments[:depth]) for depth in range(1, len(segments)))
