"""Removing versions from the cache, with the blobs that no other version has."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from moorage.cache.blobs import Blobs, remove
from moorage.cache.inventory import CachedEntry, Shelved, shelved, stored_size
from moorage.cache.records import RECORD, AliasRecord, alias_records, read_version, version_records
from moorage.paths import VersionKey

# Something of a version that is not finished after a day was left by a process that was killed.
_LEFT_BEHIND_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Kept:
    """A version to keep: by its number, by an alias that was last seen to point at it, or with None all of a model."""

    model: str
    version: VersionKey | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed: whole versions, and ``freed`` bytes."""

    versions: tuple[CachedEntry, ...]
    freed: int


def prune(
    root: Path,
    now: datetime,
    *,
    older_than: timedelta | None = None,
    max_size: int | None = None,
    keep: Collection[Kept] = (),
) -> Pruned:
    """Remove versions that were not used since ``older_than`` ago, and what no version needs.

    With ``max_size``, the versions that were used longest ago go until the others have at most so many bytes. Versions
    in ``keep`` stay. Files that other versions have too stay with them.
    """
    before = stored_size(root)
    found = shelved(root)
    removable = [one for one in reversed(found) if not _is_kept(root, one.entry, keep)]
    gone = [one for one in removable if older_than is not None and now - one.entry.used_at > older_than]
    if max_size is not None:
        staying = [one for one in found if one not in gone]
        gone += _over(max_size, staying, [one for one in removable if one not in gone])
    for one in gone:
        _remove_version(root, one)
    _remove_unneeded(root, now)
    return Pruned(tuple(one.entry for one in gone), before - stored_size(root))


def _is_kept(root: Path, entry: CachedEntry, keep: Collection[Kept]) -> bool:
    return any(kept.model == entry.model and _is_at(root, entry, kept.version) for kept in keep)


def _is_at(root: Path, entry: CachedEntry, key: VersionKey | None) -> bool:
    if key is None or not str(key).startswith("@"):
        return key is None or int(key) == entry.version
    return any(_leads_to(alias, entry) and f"@{alias.alias}" == key for _, alias in alias_records(root))


def _leads_to(alias: AliasRecord, entry: CachedEntry) -> bool:
    """Whether the alias was last seen to point at the version."""
    pointed = (alias.registry, alias.model, alias.version, alias.digest)
    return pointed == (entry.registry, entry.model, entry.version, entry.digest)


def _over(max_size: int, staying: Sequence[Shelved], removable: Sequence[Shelved]) -> Iterator[Shelved]:
    """As many of ``removable``, in this order, as have to go so that ``staying`` has at most ``max_size`` bytes."""
    uses = Counter(sha256 for one in staying for sha256 in one.blobs)
    sizes = {sha256: file.size for one in staying for sha256, file in one.blobs.items()}
    size = sum(sizes.values())
    for one in removable:
        if size <= max_size:
            return
        uses.subtract(one.blobs.keys())
        size -= sum(sizes[sha256] for sha256 in one.blobs if not uses[sha256])
        yield one


def _remove_version(root: Path, one: Shelved) -> None:
    for path, alias in list(alias_records(root)):
        if _leads_to(alias, one.entry):
            path.unlink(missing_ok=True)
    # It goes from its place in one step, so that nobody finds half a version.
    removed = root / "removed"
    removed.mkdir(exist_ok=True)
    one.folder.rename(removed / uuid.uuid4().hex)


def _remove_unneeded(root: Path, now: datetime) -> None:
    """Remove blobs, whole or partial, that no version has, and what processes left behind that were killed.

    The blobs of a version that is being fetched stay: its record is there before they are.
    """
    blobs = Blobs(root)
    needed = {file.sha256 for path in version_records(root) for file in read_version(path).files}
    for blob in blobs.folder.glob("*/*"):
        if blob.name not in needed:
            blob.unlink(missing_ok=True)
    for part in blobs.partial_folder.glob("*"):
        if part.name.split(".")[0] not in needed:
            part.unlink(missing_ok=True)
    remove(root / "removed")
    for left in _left_behind(root):
        if now.timestamp() - left.stat().st_mtime > _LEFT_BEHIND_SECONDS:
            remove(left)


def _left_behind(root: Path) -> list[Path]:
    """What a process makes before it has its name, and folders of versions whose record is missing."""
    folders = list((root / "versions").glob("*/*/*"))
    unnamed = [path for pattern in (".building-*", ".record-*") for folder in folders for path in folder.glob(pattern)]
    return [
        *unnamed,
        *(root / "aliases").glob("*/*/.record-*"),
        *(folder for folder in folders if not (folder / RECORD).exists()),
    ]
