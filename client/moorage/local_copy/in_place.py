"""Putting files into a directory one by one, where it cannot be exchanged as a whole or has files of others.

Each file appears in one step, the directory as a whole does not. A run that is stopped in between leaves a mixture, of
which the record has every file, so that the next download can complete it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from moorage.cache.blobs import remove
from moorage.destination import make_room
from moorage.local_copy.record import STAGING, DownloadRecord, read_record, write_record


@contextmanager
def staging_in(directory: Path) -> Iterator[Path]:
    """Yield an empty directory in ``directory``, for files that are to be put into it."""
    staging = directory / STAGING
    remove(staging)
    staging.mkdir()
    try:
        yield staging
    finally:
        remove(staging)


def put(directory: Path, staged: Mapping[str, Path], obsolete: Iterable[str], record: DownloadRecord) -> None:
    """Move the ``staged`` files to their paths in ``directory``, and remove the ``obsolete`` ones.

    ``record`` is what the directory holds then.
    """
    earlier = read_record(directory)
    if earlier is not None:
        write_record(directory, replace(record, files=(*earlier.files, *record.files)))
    else:
        write_record(directory, record)
    for name, target in make_room(directory, {name: name for name in staged}).items():
        staged[name].replace(target)
    for name in obsolete:
        _remove(directory, directory / name)
    write_record(directory, record)


def _remove(directory: Path, path: Path) -> None:
    """Remove a file, and the directories above it that are empty without it."""
    path.unlink(missing_ok=True)
    for above in path.parents:
        if above == directory or any(above.iterdir()):
            return
        above.rmdir()
