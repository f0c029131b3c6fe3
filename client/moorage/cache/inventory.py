"""What is in the cache: its versions with their sizes and ages, and what was damaged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from moorage.cache.blobs import Blobs, remove
from moorage.cache.records import RECORD, VersionRecord, read_version, version_records
from moorage.cache.trees import is_exact, tree_in
from moorage.digests import digest_file
from moorage.errors import IntegrityError
from moorage.results import Artifact
from moorage.workers import run_all


@dataclass(frozen=True, slots=True)
class CachedEntry:
    """A version that the cache knows.

    ``present`` of its ``files`` are in the cache, with ``size`` bytes, of which other versions may have some too.
    ``checked_at`` is when the registry was asked about it last, and ``used_at`` when it was fetched or downloaded last.
    """

    registry: str
    model: str
    version: int
    digest: str
    files: int
    present: int
    size: int
    checked_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Shelved:
    """The entry of a version, with its folder and its blobs by their digests."""

    entry: CachedEntry
    folder: Path
    blobs: dict[str, Artifact]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the cache that is not what it was. ``path`` is where, and ``reason`` says why."""

    path: Path
    reason: str


def shelved(root: Path) -> list[Shelved]:
    """All versions in the cache, the one that was used last first. Raises IntegrityError for a damaged record."""
    blobs = Blobs(root)
    found = [_shelved(path, read_version(path), blobs) for path in version_records(root)]
    return sorted(found, key=lambda one: one.entry.used_at, reverse=True)


def stored_size(root: Path) -> int:
    """The bytes of all blobs, and of those that are only partly downloaded."""
    blobs = Blobs(root)
    files = [*blobs.folder.glob("*/*"), *blobs.partial_folder.glob("*")]
    return sum(file.stat().st_size for file in files)


def find_damage(root: Path, threads: int) -> list[Damage]:
    """Read every blob and every tree, and return what is not as it was downloaded."""
    files = sorted(Blobs(root).folder.glob("*/*"))
    whole = run_all([partial(_has_its_name, file) for file in files], threads)
    damaged = [file for file, intact in zip(files, whole, strict=True) if not intact]
    wrong = frozenset(file.name for file in damaged)
    changed = [Damage(file, "its SHA-256 is not its name") for file in damaged]
    return [*changed, *_damaged_versions(root, wrong)]


def remove_damage(damage: Iterable[Damage]) -> None:
    """Remove what is damaged: blobs, the directories of versions with such files, and records with their versions."""
    for one in damage:
        if one.path.name == RECORD:
            remove(one.path.parent)
        elif one.path.is_dir():
            remove(tree_in(one.path))
        else:
            remove(one.path)


def _damaged_versions(root: Path, wrong: frozenset[str]) -> Iterator[Damage]:
    """Records that cannot be read, and trees that do not have exactly their files; links to ``wrong`` blobs too."""
    for path in sorted(version_records(root)):
        try:
            record = read_version(path)
        except IntegrityError:
            yield Damage(path, "the record of the version cannot be read, or does not have its digest")
            continue
        name = f"{record.model}/{record.version}"
        if any(file.sha256 in wrong for file in record.files):
            yield Damage(path.parent, f"{name} has a damaged file")
        elif not is_exact(path.parent, record.manifest, Blobs(root)):
            yield Damage(path.parent, f"the directory of {name} has other files than the version")


def _shelved(path: Path, record: VersionRecord, blobs: Blobs) -> Shelved:
    stored = [file for file in record.files if file.uri is None]
    here = {file.sha256: file for file in stored if blobs.has(file.sha256)}
    entry = CachedEntry(
        registry=record.registry,
        model=record.model,
        version=record.version,
        digest=record.digest,
        files=len(stored),
        present=sum(file.sha256 in here for file in stored),
        size=sum(file.size for file in here.values()),
        checked_at=record.checked_at,
        used_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
    )
    return Shelved(entry, path.parent, here)


def _has_its_name(blob: Path) -> bool:
    return digest_file(blob).sha256 == blob.name
