"""What local files prove: that they are those of a version, or those that somebody signed."""

import os
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from moorage.cache.blobs import is_plain_file
from moorage.destination import plain_names
from moorage.digests import FileDigest, digest_file, files_digest
from moorage.errors import MoorageError
from moorage.local_copy.record import OWN_NAMES
from moorage.manifest import Manifest
from moorage.proving.claims import BYTES, Claim, contradicted, named, not_proven, proven
from moorage.workers import run_all

# What is no file, such as a link, has the digest of no file.
_NO_FILE: Final = FileDigest(0, "")


def folder_digests(folder: Path, threads: int, left_out: Collection[Path] = ()) -> dict[str, FileDigest]:
    """The digest of every file of a folder by its path, without what downloads keep there and what is ``left_out``.

    Links are not followed. They are listed, and have the digest of no file. Raises MoorageError for what cannot be
    read: nothing is left out without a word.
    """
    resolved = {path.resolve() for path in left_out}
    paths = [path for path in _entries(folder) if path.resolve() not in resolved]
    digests = run_all([partial(_digest, path) for path in paths], threads)
    return {path.relative_to(folder).as_posix(): digest for path, digest in zip(paths, digests, strict=True)}


def digest_of(digests: Mapping[str, FileDigest]) -> str:
    """The digest that a version of exactly these files has."""
    return files_digest((path, one.size, one.sha256, None) for path, one in digests.items())


def folder_claims(manifest: Manifest, folder: Path, threads: int) -> Iterator[Claim]:
    """Whether a folder has the files of a version, each with its bytes."""
    listed = [file.path for file in manifest.files if file.uri is None]
    local = plain_names(folder, listed, listed)
    found = folder_digests(folder, threads)
    stored = {local[file.path]: (file.size, file.sha256) for file in manifest.files if file.uri is None}
    missing = stored.keys() - found.keys()
    differing = {
        path for path in stored.keys() & found.keys() if (found[path].size, found[path].sha256) != stored[path]
    }
    if missing or differing:
        said = [f"other bytes: {named(differing)}"] if differing else []
        said += [f"missing: {named(missing)}"] if missing else []
        yield contradicted(BYTES, f"{folder} does not have the files of the version; {'; '.join(said)}")
    else:
        yield proven(BYTES, f"{folder} has the {_counted(len(stored))} of the version, each with its SHA-256")
    others = found.keys() - stored.keys()
    if others:
        yield not_proven(BYTES, f"nothing is said of what is not of this version: {named(others)}")
    references = [file.path for file in manifest.files if file.uri is not None]
    if references:
        yield not_proven(BYTES, f"not read, because it is stored elsewhere: {named(references)}")


def _entries(folder: Path) -> Iterator[Path]:
    """Everything in a folder but its directories and what downloads keep there."""
    for directory, below, names in os.walk(folder, onerror=_unreadable):
        here = Path(directory)
        own = OWN_NAMES if here == folder else frozenset()
        below[:] = sorted(name for name in below if name not in own)
        links = [name for name in below if (here / name).is_symlink()]
        for name in sorted([*links, *(name for name in names if name not in own)]):
            yield here / name


def _digest(path: Path) -> FileDigest:
    try:
        return digest_file(path) if is_plain_file(path) else _NO_FILE
    except OSError as error:
        _unreadable(error)


def _unreadable(error: OSError) -> NoReturn:
    raise MoorageError(f"{error.filename} cannot be read: {error.strerror}") from error


def _counted(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
