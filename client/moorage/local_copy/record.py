"""The record in a directory of the files that downloads put there.

With it, a later download can tell these files from the user's own, which it must not touch.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from moorage.cache.blobs import is_plain_file
from moorage.decoding import decode, encode
from moorage.digests import digest_file
from moorage.errors import MoorageError
from moorage.results import Artifact

RECORD: Final = ".moorage-download.json"
_NEW_RECORD: Final = f"{RECORD}.new"
STAGING: Final = ".moorage-download.files"
LOCK: Final = ".moorage-download.lock"
# What downloads themselves need in a directory. It is no file of the version, and none of the user's either.
OWN_NAMES: Final = frozenset({RECORD, _NEW_RECORD, STAGING, LOCK})

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file as a download left it. ``name`` is its path in the directory, ``modified`` its time in nanoseconds."""

    name: str
    size: int
    sha256: str
    modified: int

    @classmethod
    def of(cls, name: str, path: Path, file: Artifact) -> Self:
        """The entry for a file of a version that is at ``path``, and will have ``name``."""
        return cls(name, file.size, file.sha256, path.stat().st_mtime_ns)

    def is_at(self, path: Path) -> bool:
        """Whether the file at ``path`` is as the download left it. Reads it only if its time has changed."""
        if not is_plain_file(path):
            return False
        state = path.stat()
        if state.st_size != self.size:
            return False
        return state.st_mtime_ns == self.modified or digest_file(path).sha256 == self.sha256


@dataclass(frozen=True, slots=True)
class DownloadRecord:
    """The files that downloads put into a directory. ``version`` is the last of them."""

    registry: str
    model: str
    version: int
    digest: str
    files: tuple[PlacedFile, ...]


class PlacedFiles:
    """The files that are listed in ``records``, by name."""

    def __init__(self, *records: DownloadRecord | None) -> None:
        self._by_name: defaultdict[str, list[PlacedFile]] = defaultdict(list)
        for record in records:
            for file in record.files if record is not None else ():
                self._by_name[file.name].append(file)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def has(self, name: str, path: Path) -> bool:
        """Whether a download put the file at ``path`` there as ``name``, and nobody changed it since."""
        return any(file.is_at(path) for file in self._by_name.get(name, ()))


def read_record(directory: Path) -> DownloadRecord | None:
    """The record in ``directory``. A damaged one counts as none: then every file there is the user's own."""
    path = directory / RECORD
    try:
        return decode(DownloadRecord, json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, MoorageError):
        _LOG.warning("%s is damaged: the files beside it are taken for the user's own", path)
        return None


def write_record(directory: Path, record: DownloadRecord) -> None:
    """Save the record in ``directory``, in one step."""
    new = directory / _NEW_RECORD
    new.write_text(json.dumps(encode(record), ensure_ascii=False), encoding="utf-8")
    new.replace(directory / RECORD)
