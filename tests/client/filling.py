"""Directories filled as downloads do, and a cache that has whatever it is asked for. Imports little: it is killed."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moorage.cache.blobs import Blobs
from moorage.cache.store import Found
from moorage.local_copy.record import DownloadRecord, PlacedFile, write_record
from moorage.manifest import Manifest
from moorage.results import Artifact

OLD = {"model.bin": b"old", "data/only-old.txt": b"1"}
NEW = {"model.bin": b"newer", "more/only-new.txt": b"2"}


def write(directory: Path, files: dict[str, bytes]) -> Path:
    """Put files into a directory as anybody does."""
    for name, data in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(data)
    return directory


def fill(directory: Path, files: dict[str, bytes]) -> None:
    """Put files into a directory as a download does."""
    write(directory, files)
    placed = tuple(PlacedFile.of(name, directory / name, artifact(name, data)) for name, data in files.items())
    write_record(directory, DownloadRecord("https://registry.example", "fraud", 1, "0" * 64, placed))


def artifact(name: str, data: bytes) -> Artifact:
    return Artifact(name, len(data), hashlib.sha256(data).hexdigest())


def manifest(files: dict[str, bytes]) -> Manifest:
    return Manifest("fraud", 1, None, tuple(artifact(name, data) for name, data in files.items()))


class FullCache:
    """The cache of a registry with one version, which has ``files``."""

    registry = "https://registry.example"

    def __init__(self, root: Path, files: dict[str, bytes]) -> None:
        self.blobs = Blobs(root)
        self._files = files

    def find(self, model: str, version: int) -> Found:
        return Found(manifest(self._files), datetime.now(UTC), timedelta())

    def ensure(self, manifest: Manifest, files: list[Artifact]) -> None:
        for file in files:
            self.blobs.path(file.sha256).parent.mkdir(parents=True, exist_ok=True)
            self.blobs.path(file.sha256).write_bytes(self._files[file.path])
