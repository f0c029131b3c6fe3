"""Downloads of a version's files into a directory."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from moorage.cache.copying import copy_content, link_or_copy
from moorage.cache.locks import FileLock
from moorage.cache.records import content_digest
from moorage.cache.store import CacheStore
from moorage.destination import make_room, plain_names
from moorage.disk import disk_errors
from moorage.errors import LocalFilesError, UnsafePathError
from moorage.local_copy.exchange import Exchange, beside, has_room_beside
from moorage.local_copy.in_place import put, staging_in
from moorage.local_copy.record import LOCK, OWN_NAMES, DownloadRecord, PlacedFile, read_record, write_record
from moorage.local_copy.survey import Survey, survey
from moorage.manifest import Manifest
from moorage.paths import VersionKey
from moorage.results import Artifact
from moorage.workers import run_all


@dataclass(frozen=True, slots=True)
class Download:
    """The result of a download.

    ``fetched`` files were put into the directory, ``skipped`` files were already complete, and ``removed`` files were
    those of an earlier download. ``references`` are files that the registry does not store. ``renamed`` has the local
    path of each file whose own path the file system cannot hold. ``age`` is how long ago the registry named this
    version: zero, unless the client is offline.
    """

    model: str
    version: int
    digest: str | None
    directory: Path
    fetched: tuple[Path, ...]
    skipped: tuple[Path, ...]
    references: tuple[Artifact, ...]
    renamed: Mapping[str, Path] = field(default_factory=dict)
    removed: tuple[Path, ...] = ()
    age: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Downloader:
    """Downloads versions through the cache into directories."""

    cache: CacheStore
    threads: int

    def run(
        self, model: str, version: VersionKey, directory: Path, paths: Collection[str] | None, overwrite: bool
    ) -> Download:
        """Have ``directory`` hold the files of a version, or with ``paths`` these files besides what it holds.

        Raises LocalFilesError if that touches the user's own files and ``overwrite`` does not allow it, and
        IntegrityError if a file does not have the registered bytes. In both cases the directory stays as it was.
        """
        found = self.cache.find(model, version)
        manifest = found.manifest
        chosen, whole = manifest.select(paths), paths is None
        root = directory.resolve()
        if root.exists() and not root.is_dir():
            raise LocalFilesError(f"{directory} is a file: choose a directory")
        with disk_errors(root, "choose another directory"):
            root.parent.mkdir(parents=True, exist_ok=True)
            with _alone_in(root):
                names = _names(root, manifest, chosen)
                wanted = {names[file.path]: file for file in chosen if file.uri is None}
                seen = survey(root, wanted, whole, self.threads)
                if not overwrite:
                    seen.check(directory, f"{manifest.model}/{manifest.version}")
                self._fill(root, manifest, wanted, seen, whole)
        return Download(
            model=manifest.model,
            version=manifest.version,
            digest=manifest.digest,
            directory=directory,
            fetched=tuple(root / name for name in wanted if name not in seen.complete),
            skipped=tuple(root / name for name in wanted if name in seen.complete),
            references=tuple(file for file in chosen if file.uri is not None),
            renamed={path: root / name for path, name in names.items() if name != path},
            removed=tuple(root / name for name in seen.obsolete),
            age=found.age,
        )

    def _fill(self, root: Path, manifest: Manifest, wanted: Mapping[str, Artifact], seen: Survey, whole: bool) -> None:
        missing = {name: file for name, file in wanted.items() if name not in seen.complete}
        self.cache.ensure(manifest, list(missing.values()))
        exchange = Exchange(root)
        if whole and not seen.others and exchange.is_possible and (missing or seen.obsolete or not root.exists()):
            self._exchange(exchange, root, manifest, wanted, seen)
        else:
            self._put(root, manifest, wanted, seen, whole)

    def _exchange(
        self, exchange: Exchange, root: Path, manifest: Manifest, wanted: Mapping[str, Artifact], seen: Survey
    ) -> None:
        with exchange.prepared() as new:
            targets = make_room(new, {name: name for name in wanted})

            def prepare(name: str) -> PlacedFile:
                if name in seen.complete:
                    link_or_copy(root / name, targets[name])
                else:
                    copy_content(self.cache.blobs.path(wanted[name].sha256), targets[name])
                return PlacedFile.of(name, targets[name], wanted[name])

            placed = run_all([partial(prepare, name) for name in wanted], self.threads)
            write_record(new, self._record(manifest, placed))
            exchange.commit(seen.differing)

    def _put(self, root: Path, manifest: Manifest, wanted: Mapping[str, Artifact], seen: Survey, whole: bool) -> None:
        missing = [name for name in wanted if name not in seen.complete]
        root.mkdir(exist_ok=True)
        with staging_in(root) as staging:
            staged = {name: staging / str(number) for number, name in enumerate(missing)}

            def prepare(name: str) -> PlacedFile:
                copy_content(self.cache.blobs.path(wanted[name].sha256), staged[name])
                return PlacedFile.of(name, staged[name], wanted[name])

            placed = run_all([partial(prepare, name) for name in missing], self.threads)
            placed += [PlacedFile.of(name, root / name, wanted[name]) for name in sorted(seen.complete)]
            earlier = None if whole else read_record(root)
            if earlier is not None:
                placed += [file for file in earlier.files if file.name not in wanted]
            put(root, staged, seen.obsolete, self._record(manifest, placed))

    def _record(self, manifest: Manifest, placed: list[PlacedFile]) -> DownloadRecord:
        registry, digest = self.cache.registry, content_digest(manifest)
        return DownloadRecord(registry, manifest.model, manifest.version, digest, tuple(placed))


@contextmanager
def _alone_in(root: Path) -> Iterator[None]:
    """Wait until no other process downloads into ``root``, and put right what one left that was stopped."""
    if has_room_beside(root):
        lock = FileLock(beside(root, "lock"))
    else:
        root.mkdir(exist_ok=True)
        lock = FileLock(root / LOCK)
    lock.acquire()
    try:
        Exchange(root).recover()
        yield
    finally:
        lock.release()


def _names(root: Path, manifest: Manifest, chosen: Collection[Artifact]) -> dict[str, str]:
    """The path in ``root`` for each chosen path of the version that is stored."""
    listed = [file.path for file in manifest.files if file.uri is None]
    within = root if root.is_dir() else root.parent
    names = plain_names(within, listed, [file.path for file in chosen if file.uri is None])
    for path, name in names.items():
        if name.split("/")[0].lower() in OWN_NAMES:
            raise UnsafePathError(f"the file path {path!r} is what downloads call their own record: it was not written")
    return names
