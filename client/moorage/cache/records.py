"""What the cache knows of the versions of one registry: their files, and where aliases pointed, and when that was seen.

A record is a JSON document. It says what a version is made of, also if only some of its blobs are in the cache.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from moorage.cache.location import folder_name
from moorage.decoding import decode, encode
from moorage.errors import IntegrityError, MoorageError
from moorage.manifest import Manifest, manifest_digest
from moorage.paths import VersionKey
from moorage.results import Artifact

RECORD: Final = "record.json"
_REPAIR: Final = "'moorage cache verify --remove' removes what is damaged"

_Record = TypeVar("_Record", "VersionRecord", "AliasRecord")


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version as the registry described it at ``checked_at``."""

    registry: str
    model: str
    version: int
    digest: str
    files: tuple[Artifact, ...]
    checked_at: datetime

    @property
    def manifest(self) -> Manifest:
        return Manifest(self.model, self.version, self.digest, self.files)


@dataclass(frozen=True, slots=True)
class AliasRecord:
    """The version that an alias pointed at, at ``checked_at``."""

    registry: str
    model: str
    alias: str
    version: int
    digest: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one registry."""

    root: Path
    registry: str

    def folder(self, manifest: Manifest) -> Path:
        """The folder of a version: its record, and its tree if it has one."""
        return self._folder(manifest.model, f"{manifest.version}-{content_digest(manifest)[:16]}")

    def remember(self, manifest: Manifest, key: VersionKey, now: datetime) -> None:
        """Record what the registry said at ``now`` about the version at ``key``, a number or an alias."""
        # Without the URLs, which let anybody who has them download the files.
        files = tuple(replace(file, url=None) for file in manifest.files)
        digest = content_digest(manifest)
        record = VersionRecord(self.registry, manifest.model, manifest.version, digest, files, now)
        _write(self.folder(manifest) / RECORD, record)
        if (alias := _alias(key)) is not None:
            pointed = AliasRecord(self.registry, manifest.model, alias, manifest.version, digest, now)
            _write(self._alias_path(manifest.model, alias), pointed)

    def recall(self, model: str, key: VersionKey) -> VersionRecord | None:
        """The latest record of the version at ``key``, None if there is none.

        Of an alias, ``checked_at`` is when it was last seen to point at this version. Raises IntegrityError for a
        damaged record.
        """
        alias = _alias(key)
        if alias is None:
            versions = self._folder(model, "").glob(f"{int(key)}-*/{RECORD}")
            return max(map(read_version, versions), key=lambda record: record.checked_at, default=None)
        path = self._alias_path(model, alias)
        if not path.exists():
            return None
        pointed = _read(AliasRecord, path)
        folder = self._folder(model, f"{pointed.version}-{pointed.digest[:16]}")
        if not (folder / RECORD).exists():
            return None
        return replace(read_version(folder / RECORD), checked_at=pointed.checked_at)

    def touch(self, record: VersionRecord) -> None:
        """Note that the version is used now, unless the cache is on a disk that cannot be written."""
        path = self.folder(record.manifest) / RECORD
        if os.access(path, os.W_OK):
            os.utime(path)

    def _folder(self, model: str, name: str) -> Path:
        return self.root / "versions" / folder_name(self.registry) / folder_name(model) / name

    def _alias_path(self, model: str, alias: str) -> Path:
        return self.root / "aliases" / folder_name(self.registry) / folder_name(model) / f"{folder_name(alias)}.json"


def version_records(root: Path) -> Iterator[Path]:
    """The paths of all records of versions, of all registries."""
    return (root / "versions").glob(f"*/*/*/{RECORD}")


def alias_records(root: Path) -> Iterator[tuple[Path, AliasRecord]]:
    """All records of aliases with their paths, of all registries."""
    return ((path, _read(AliasRecord, path)) for path in (root / "aliases").glob("*/*/*.json"))


def read_version(path: Path) -> VersionRecord:
    """Read a record. Raises IntegrityError if it is damaged, or its list of files does not have its digest."""
    record = _read(VersionRecord, path)
    if manifest_digest(record.files) != record.digest:
        raise IntegrityError(f"{path} is damaged: its list of files does not match its digest. {_REPAIR}")
    return record


def content_digest(manifest: Manifest) -> str:
    """The digest of the list of files, also if the registry gave none."""
    return manifest.digest or manifest_digest(manifest.files)


def _alias(key: VersionKey) -> str | None:
    text = str(key)
    return text.removeprefix("@") if text.startswith("@") else None


def _read(kind: type[_Record], path: Path) -> _Record:
    try:
        return decode(kind, json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, MoorageError) as error:
        raise IntegrityError(f"{path} is damaged. {_REPAIR}") from error


def _write(path: Path, record: VersionRecord | AliasRecord) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".record-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(encode(record), file, ensure_ascii=False)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
