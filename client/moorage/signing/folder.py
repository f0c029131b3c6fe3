"""Compare a folder with a statement about a model's files, and sign a folder."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from moorage.digests import digest_file
from moorage.local_copy.record import OWN_NAMES
from moorage.signing.errors import SignatureError
from moorage.signing.model_statement import HASHES, ModelStatement, Resource

# The name that model_signing gives a signature.
SIGNATURE_FILE: Final = "model.sig"
# What model_signing leaves out when it signs a folder, and says so in what it signs.
GIT_PATHS: Final = (".git", ".gitattributes", ".github", ".gitignore")
_CHUNK: Final = 1024 * 1024


def compare(folder: Path, statement: ModelStatement, signature: Path | None = None) -> None:
    """Check that a folder holds exactly what the statement is about. Raises SignatureError.

    The file ``signature`` does not count, nor do the paths that the statement leaves out, nor what ``moorage download``
    itself keeps in the folder. A single file may be given where the statement is about one.
    """
    if statement.algorithm not in HASHES:
        raise SignatureError(
            f"the files were signed with {statement.algorithm} digests, which Moorage does not compute; "
            "verify with model_signing, or sign with SHA-256"
        )
    parts = _by_path(statement.resources)
    present = {"." if folder.is_file() else path: file for path, file in _files(folder, statement, signature)}
    for path in sorted(present.keys() - parts.keys()):
        # Of an empty file, what is signed in shards says nothing; no shard of it exists.
        if not (in_shards(statement) and present[path].stat().st_size == 0):
            raise SignatureError(f"{path} is not signed")
    for path in sorted(parts):
        if path not in present:
            raise SignatureError(f"{path} is signed, and it is missing")
        _check_file(path, present[path], parts[path], statement.algorithm)


def digests_of(folder: Path, ignored: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of every file of a folder by its path. Raises SignatureError for a link or an empty folder."""
    statement = ModelStatement("", "sha256", (), tuple(ignored))
    digests = {path: digest_file(file).sha256 for path, file in _files(folder, statement, None)}
    if not digests:
        raise SignatureError(f"{folder} has no files to sign")
    return digests


def in_shards(statement: ModelStatement) -> bool:
    """Whether the statement is about parts of files."""
    return any(one.end is not None for one in statement.resources)


def _files(folder: Path, statement: ModelStatement, signature: Path | None) -> Iterator[tuple[str, Path]]:
    if folder.is_file():
        yield folder.name, folder
        return
    if not folder.is_dir():
        raise SignatureError(f"{folder} is neither a folder nor a file")
    own = None if signature is None else signature.resolve()
    left_out = {folder / path for path in statement.ignored} | {folder / name for name in OWN_NAMES}
    for directory, below, names in os.walk(folder, onerror=_raise):
        here = Path(directory)
        below[:] = [name for name in below if here / name not in left_out]
        for path in (here / name for name in (*below, *names)):
            if path in left_out or (own is not None and path.resolve() == own):
                continue
            if path.is_symlink() and not statement.allows_links:
                raise SignatureError(f"{path} is a link, and the signature is about files only")
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path
            elif not path.is_dir():
                raise SignatureError(f"{path} is neither a file nor a folder")


def _raise(error: OSError) -> None:
    raise error


def _by_path(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for one in resources:
        found.setdefault(one.path, []).append(one)
    return {path: sorted(parts, key=lambda part: part.start) for path, parts in found.items()}


def _check_file(path: str, file: Path, parts: list[Resource], algorithm: str) -> None:
    """Compare the file's bytes with its parts, which must follow on each other from its start to its end."""
    size, at = file.stat().st_size, 0
    with file.open("rb") as opened:
        for part in parts:
            end = size if part.end is None else part.end
            if part.start != at or not at <= end <= size:
                raise SignatureError(f"{path} has {size} bytes, which are not those that are signed")
            digest, left = hashlib.new(HASHES[algorithm]), end - at
            while left and (chunk := opened.read(min(_CHUNK, left))):
                digest.update(chunk)
                left -= len(chunk)
            if left or digest.hexdigest() != part.digest:
                raise SignatureError(f"{path} has other bytes than those that are signed")
            at = end
    if at != size:
        raise SignatureError(f"{path} has {size} bytes, and only {at} of them are signed")
