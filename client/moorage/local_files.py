"""Collecting the local files that make up a version."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from moorage.ignored_files import IgnoreRules, may_hold_secrets

Files: TypeAlias = Mapping[str, str | os.PathLike[str]] | Iterable[str | os.PathLike[str]]

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a version.

    ``files`` has the local file for each path in the version, sorted by path. ``ignored`` are the files and directories
    that were left out.
    """

    files: dict[str, Path]
    ignored: tuple[Path, ...]


def gather(
    directory: str | os.PathLike[str] | None = None,
    files: Files | None = None,
    *,
    ignore: Sequence[str] = (),
    follow_links: bool = False,
) -> Gathered:
    """Find the local file for each path in the version.

    ``directory`` adds every file in it, with its path relative to the directory. ``files`` is a mapping from the path
    in the version to the local file, or a list of files and directories. A listed file gets its name as its path; a
    listed directory adds its content. A link to a file stands for that file.

    Of a directory, what tools leave there (``.git``, ``__pycache__``, virtual environments), and what its
    ``.moorageignore`` or ``ignore`` names, is left out. A file that is named itself never is.

    Raises ValueError if two files would have the same path, for a pattern that is none, for a directory without files,
    and for a link that leads to a directory or out of the directory unless ``follow_links`` is set. Raises
    FileNotFoundError if a file does not exist, and PermissionError for a directory that cannot be read: no file is left
    out without a word.
    """
    if isinstance(ignore, str):
        raise TypeError(f"ignore takes a list of patterns: [{ignore!r}]")
    gathered: dict[str, Path] = {}
    ignored: list[Path] = []
    if directory is not None:
        _add_all(gathered, _Walk(Path(directory), ignore, follow_links, ignored).files())
    if isinstance(files, Mapping):
        _add_all(gathered, ((path, _file(Path(local))) for path, local in files.items()))
    elif files is not None:
        for entry in map(Path, files):
            if entry.is_dir():
                _add_all(gathered, _Walk(entry, ignore, follow_links, ignored).files())
            else:
                _add_all(gathered, [(entry.name, _file(entry))])
    if ignored:
        _LOG.info("%d ignored: %s", len(ignored), ", ".join(map(str, ignored)))
    for path in may_hold_secrets(list(gathered)):
        _LOG.warning("%s may hold a secret: everybody who may download the version can read it", gathered[path])
    return Gathered(dict(sorted(gathered.items())), tuple(ignored))


@dataclass(frozen=True, slots=True)
class _Walk:
    """The files of one directory. Adds to ``ignored`` what it leaves out."""

    directory: Path
    ignore: Sequence[str]
    follow_links: bool
    ignored: list[Path]

    def files(self) -> list[tuple[str, Path]]:
        """The path in the version and the local file of each. Raises ValueError if there are none."""
        if not self.directory.is_dir():
            raise FileNotFoundError(f"{self.directory} is not a directory")
        before = len(self.ignored)
        found = list(self._walk())
        if not found:
            left_out = len(self.ignored) - before
            among = f": all that is in it is ignored, such as {self.ignored[-1]}" if left_out else ""
            raise ValueError(f"the directory {self.directory} has no files{among}")
        return found

    def _walk(self) -> Iterator[tuple[str, Path]]:
        rules = IgnoreRules(self.directory, self.ignore)
        for root, below, names in os.walk(self.directory, onerror=_unreadable, followlinks=self.follow_links):
            here = Path(root)
            below[:] = [name for name in below if self._keeps(here / name, rules.ignores_directory)]
            for name in below:
                self._check_directory(here / name)
            for name in names:
                if self._keeps(here / name, rules.ignores_file):
                    self._check_file(here / name)
                    yield self._path(here / name), _file(here / name)

    def _keeps(self, path: Path, ignores: Callable[[str], bool]) -> bool:
        if ignores(self._path(path)):
            self.ignored.append(path)
            return False
        return True

    def _path(self, path: Path) -> str:
        return str(PurePosixPath(path.relative_to(self.directory)))

    def _check_directory(self, path: Path) -> None:
        if not path.is_symlink():
            return
        if not self.follow_links:
            raise ValueError(
                f"{path} is a link to a directory, whose files would be left out: follow links (follow_links=True or "
                "--follow-links), or name the directory itself"
            )
        if path.parent.resolve().is_relative_to(path.resolve()):
            raise ValueError(f"{path} is a link to a directory that it lies in: its files would never end")

    def _check_file(self, path: Path) -> None:
        if self.follow_links or not path.is_symlink():
            return
        if not path.resolve().is_relative_to(self.directory.resolve()):
            raise ValueError(
                f"{path} is a link to {path.resolve()}, which is not in {self.directory}: follow links "
                "(follow_links=True or --follow-links), or name the file itself"
            )


def _unreadable(error: OSError) -> None:
    raise type(error)(f"the directory {error.filename} cannot be read: {error.strerror}") from error


def _file(path: Path) -> Path:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not a file")
    return path


def _add_all(gathered: dict[str, Path], more: Iterable[tuple[str, Path]]) -> None:
    for path, local in more:
        if path in gathered:
            raise ValueError(f"two files have the same path {path!r} in the version: {gathered[path]} and {local}")
        gathered[path] = local
