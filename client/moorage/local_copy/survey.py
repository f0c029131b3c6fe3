"""What is in a directory before a download: the version's files, those of an earlier download, and the user's own."""

import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from moorage.cache.blobs import has_content
from moorage.errors import Fault, LocalFilesError
from moorage.local_copy.record import OWN_NAMES, PlacedFiles, read_record
from moorage.results import Artifact
from moorage.workers import run_all

# As many as a person reads. A directory with more is not searched to its end.
_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Survey:
    """The content of a directory, by the paths that files have in it.

    ``complete`` are files of the version that are there already, and ``obsolete`` those that an earlier download put
    there and the version does not have. ``differing`` are the user's own files where the version has others, and
    ``others`` the user's own files besides, at most 20 of them.
    """

    complete: frozenset[str]
    obsolete: tuple[str, ...]
    differing: tuple[str, ...]
    others: tuple[str, ...]

    def check(self, directory: Path, version: str) -> None:
        """Raise LocalFilesError if there are files of the user's own."""
        if not self.differing and not self.others:
            return
        differs = f"differs from the file in {version}, and no download put it there"
        is_other = f"is not a file of {version}, and no download put it there"
        faults = [Fault(name, differs) for name in self.differing] + [Fault(name, is_other) for name in self.others]
        raise LocalFilesError(
            f"{directory} has files of your own: choose another directory, or allow the download to overwrite the "
            "files that differ and to keep the others (overwrite=True or --overwrite)",
            errors=tuple(faults[:_NAMED]),
        )


def survey(directory: Path, wanted: Mapping[str, Artifact], whole: bool, threads: int) -> Survey:
    """Compare ``directory`` with files of a version, by the paths that they have in it. Reads what may be complete.

    With ``whole``, these are all files of the version, and what else is in the directory counts too.
    """
    placed = PlacedFiles(read_record(directory))
    jobs = [partial(has_content, directory / name, file) for name, file in wanted.items()]
    found = dict(zip(wanted, run_all(jobs, threads), strict=True))

    def is_own(name: str) -> bool:
        return os.path.lexists(directory / name) and not placed.has(name, directory / name)

    def is_obsolete(name: str) -> bool:
        path = directory / name
        # Behind a link to another place, the user keeps the file elsewhere.
        return name not in wanted and placed.has(name, path) and path.resolve().is_relative_to(directory)

    others = (name for name in _files(directory) if name not in wanted and is_own(name)) if whole else ()
    return Survey(
        complete=frozenset(name for name, complete in found.items() if complete),
        obsolete=tuple(name for name in placed if is_obsolete(name)) if whole else (),
        differing=tuple(name for name, complete in found.items() if not complete and is_own(name)),
        others=tuple(itertools.islice(others, _NAMED)),
    )


def _files(directory: Path) -> Iterator[str]:
    """The paths of everything in ``directory`` that is not a directory, without what belongs to downloads."""
    for root, below, within in os.walk(directory):
        here = Path(root)
        if here == directory:
            below[:] = [name for name in below if name not in OWN_NAMES]
        links = [name for name in below if (here / name).is_symlink()]
        for name in (*within, *links):
            if here != directory or name not in OWN_NAMES:
                yield (here / name).relative_to(directory).as_posix()
