"""The files on this machine that a version is made of, by their path in the version."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

Files: TypeAlias = Mapping[str, str | os.PathLike[str]] | Iterable[str | os.PathLike[str]]


def gather(directory: str | os.PathLike[str] | None = None, files: Files | None = None) -> dict[str, Path]:
    """Path in the version to file on disk, sorted by path.

    ``directory``: every file under it, by its path relative to it. ``files``: a mapping from path in the
    version to file, or a list of files (by their names) and directories (their content).
    Raises ValueError when two would have the same path, FileNotFoundError for a file that is not there.
    """
    found: dict[str, Path] = {}
    if directory is not None:
        _add_all(found, _walk(Path(directory)))
    if isinstance(files, Mapping):
        _add_all(found, ((path, _file(Path(local))) for path, local in files.items()))
    elif files is not None:
        for given in map(Path, files):
            _add_all(found, _walk(given) if given.is_dir() else [(given.name, _file(given))])
    return dict(sorted(found.items()))


def _walk(directory: Path) -> Iterable[tuple[str, Path]]:
    if not directory.is_dir():
        raise FileNotFoundError(f"{directory} is not a directory")
    for root, _, names in os.walk(directory):
        for name in names:
            path = Path(root, name)
            yield str(PurePosixPath(path.relative_to(directory))), _file(path)


def _file(path: Path) -> Path:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not a file")
    return path


def _add_all(found: dict[str, Path], more: Iterable[tuple[str, Path]]) -> None:
    for path, local in more:
        if path in found:
            raise ValueError(f"two files would be {path!r} in the version: {found[path]} and {local}")
        found[path] = local
