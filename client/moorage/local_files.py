"""Collecting the local files that make up a version."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

Files: TypeAlias = Mapping[str, str | os.PathLike[str]] | Iterable[str | os.PathLike[str]]


def gather(
    directory: str | os.PathLike[str] | None = None, files: Files | None = None, *, follow_links: bool = False
) -> dict[str, Path]:
    """Map each path in the version to a local file, sorted by path.

    ``directory`` adds every file in it, with its path relative to the directory. ``files`` is a mapping from the path
    in the version to the local file, or a list of files and directories. A listed file gets its name as its path; a
    listed directory adds its content. A link to a file stands for that file.

    Raises ValueError if two files would have the same path, or for a link to a directory unless ``follow_links`` is
    set, FileNotFoundError if a file does not exist, and PermissionError for a directory that cannot be read: no file
    is left out without a word.
    """
    gathered: dict[str, Path] = {}
    if directory is not None:
        _add_all(gathered, _walk(Path(directory), follow_links))
    if isinstance(files, Mapping):
        _add_all(gathered, ((path, _file(Path(local))) for path, local in files.items()))
    elif files is not None:
        for entry in map(Path, files):
            _add_all(gathered, _walk(entry, follow_links) if entry.is_dir() else [(entry.name, _file(entry))])
    return dict(sorted(gathered.items()))


def _walk(directory: Path, follow_links: bool) -> Iterator[tuple[str, Path]]:
    if not directory.is_dir():
        raise FileNotFoundError(f"{directory} is not a directory")
    for root, below, names in os.walk(directory, onerror=_unreadable, followlinks=follow_links):
        for name in below:
            _check_link(Path(root, name), follow_links)
        for name in names:
            path = Path(root, name)
            yield str(PurePosixPath(path.relative_to(directory))), _file(path)


def _unreadable(error: OSError) -> None:
    raise type(error)(f"the directory {error.filename} cannot be read: {error.strerror}") from error


def _check_link(path: Path, follow_links: bool) -> None:
    if not path.is_symlink():
        return
    if not follow_links:
        raise ValueError(
            f"{path} is a link to a directory, whose files would be left out: follow links (follow_links=True or "
            "--follow-links), or name the directory itself"
        )
    if path.parent.resolve().is_relative_to(path.resolve()):
        raise ValueError(f"{path} is a link to a directory that it lies in: its files would never end")


def _file(path: Path) -> Path:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not a file")
    return path


def _add_all(gathered: dict[str, Path], more: Iterable[tuple[str, Path]]) -> None:
    for path, local in more:
        if path in gathered:
            raise ValueError(f"two files have the same path {path!r} in the version: {gathered[path]} and {local}")
        gathered[path] = local
