"""The cache of one registry: what ``Client.fetch`` and ``Client.download`` serve versions from."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from moorage.cache.blob_fetcher import BlobFetcher
from moorage.cache.blobs import Blobs, BlobState
from moorage.cache.location import CACHE_VARIABLE
from moorage.cache.quantities import age_text
from moorage.cache.records import Records, content_digest
from moorage.cache.trees import assemble, tree_in
from moorage.disk import disk_errors
from moorage.errors import IntegrityError, MoorageError, OfflineError, UnreachableError
from moorage.manifest import Manifest, fetch_manifest
from moorage.paths import VersionKey
from moorage.references import LATEST
from moorage.results import Artifact
from moorage.workers import run_all

_LOG: Final = logging.getLogger(__name__)
# Another process may prune the cache while a version is put together.
_ATTEMPTS: Final = 3
# https://bford.info/cachedir: programs that make backups leave out a directory with such a file.
_TAG: Final = "Signature: 8a477f597d28d172789f06886806bc55\n# This directory is a cache of Moorage.\n"


@dataclass(frozen=True, slots=True)
class CachedVersion:
    """A version in the cache.

    ``path`` is a directory with exactly its files, to be read and not to be changed. ``files`` has the local file for
    each path of the version, and ``references`` are files that the registry does not store. ``digest`` is that of the
    list of files.

    ``checked_at`` is when the registry said last that this is the version, and ``age`` how long ago that was: zero,
    unless the client is ``offline``.
    """

    model: str
    version: int
    digest: str
    path: Path
    files: Mapping[str, Path]
    references: tuple[Artifact, ...]
    checked_at: datetime
    age: timedelta = timedelta()
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A version, as the registry describes it at ``checked_at`` or, offline, described it then."""

    manifest: Manifest
    checked_at: datetime
    age: timedelta


@dataclass(frozen=True, slots=True)
class CacheStore:
    """The cache below ``root``, for the versions of one registry.

    ``check`` raises an error for a version that the registry names and that must not be used.
    """

    root: Path
    registry: str
    fetcher: BlobFetcher
    offline: bool
    check: Callable[[Manifest], None]

    @property
    def blobs(self) -> Blobs:
        return Blobs(self.root)

    @property
    def records(self) -> Records:
        return Records(self.root, self.registry)

    def fetch(self, model: str, version: VersionKey) -> CachedVersion:
        """Have all files of a version in the cache, each with its digest verified now."""
        found = self.find(model, version)
        manifest = found.manifest
        stored = [file for file in manifest.files if file.uri is None]
        with self._disk_errors():
            files = self._assembled(manifest, stored)
        return CachedVersion(
            model=manifest.model,
            version=manifest.version,
            digest=content_digest(manifest),
            path=tree_in(self.records.folder(manifest)),
            files=files,
            references=tuple(file for file in manifest.files if file.uri is not None),
            checked_at=found.checked_at,
            age=found.age,
            offline=self.offline,
        )

    def find(self, model: str, version: VersionKey) -> Found:
        """Ask the registry for a version, and record its answer. Offline, take what was recorded last.

        Raises OfflineError if nothing was.
        """
        now = datetime.now(UTC)
        if self.offline:
            with self._disk_errors():
                return self._recalled(model, version, now)
        try:
            versions = self.fetcher.versions
            manifest = fetch_manifest(versions, model, versions.latest(model).number if version == LATEST else version)
            self.check(manifest)
        except UnreachableError as error:
            self._mention_offline(error, model, version, now)
            raise
        with self._disk_errors():
            prepare(self.root)
            self.records.remember(manifest, version, now)
        return Found(manifest, now, timedelta())

    def ensure(self, manifest: Manifest, files: Sequence[Artifact]) -> None:
        """Have the blobs of ``files``, each with its digest verified now.

        A blob that was changed is removed and fetched again. Offline, IntegrityError is raised for it, and OfflineError
        for a blob that is not there.
        """
        with self._disk_errors():
            self._ensure(manifest, files)

    def _ensure(self, manifest: Manifest, files: Sequence[Artifact]) -> None:
        wanted = {file.sha256: file for file in files}
        jobs = [partial(self.blobs.state, file) for file in wanted.values()]
        states = dict(zip(wanted.values(), run_all(jobs, self.fetcher.threads), strict=True))
        missing = [file for file, state in states.items() if state is not BlobState.INTACT]
        damaged = [file for file, state in states.items() if state is BlobState.DAMAGED]
        if self.offline:
            self._refuse(manifest, missing, damaged)
        for file in damaged:
            _LOG.warning("%s was changed in the cache: it is fetched again", self.blobs.path(file.sha256))
            self.blobs.discard(file.sha256)
        if missing:
            self.fetcher.fetch(manifest, missing, self.blobs)

    def _assembled(self, manifest: Manifest, stored: Sequence[Artifact], attempts: int = _ATTEMPTS) -> dict[str, Path]:
        try:
            self._ensure(manifest, stored)
            return assemble(self.records.folder(manifest), manifest, self.blobs)
        except FileNotFoundError:
            # Another process has removed a blob meanwhile.
            if attempts == 1:
                raise
        return self._assembled(manifest, stored, attempts - 1)

    def _recalled(self, model: str, version: VersionKey, now: datetime) -> Found:
        record = self.records.recall(model, version)
        if record is None:
            raise OfflineError(
                f"{name_of(model, version)} is not in the cache, and the client is offline: fetch it once while online"
            )
        self.records.touch(record)
        age = now - record.checked_at
        _LOG.warning("offline: %s was version %s, %s ago", name_of(model, version), record.version, age_text(age))
        return Found(record.manifest, record.checked_at, age)

    def _mention_offline(self, error: MoorageError, model: str, version: VersionKey, now: datetime) -> None:
        try:
            record = self.records.recall(model, version)
        except IntegrityError:
            # Offline mode would fail too, so there is nothing to mention.
            return
        if record is not None:
            error.add_note(
                f"{name_of(model, version)} was version {record.version}, {age_text(now - record.checked_at)} ago: "
                "offline mode (MOORAGE_OFFLINE=1 or Client(offline=True)) serves it from the cache"
            )

    def _disk_errors(self) -> AbstractContextManager[None]:
        return disk_errors(self.root, f"set {CACHE_VARIABLE} to another directory")

    def _refuse(self, manifest: Manifest, missing: Sequence[Artifact], damaged: Collection[Artifact]) -> None:
        version = f"{manifest.model}/{manifest.version}"
        if damaged:
            listed = ", ".join(sorted(file.path for file in damaged))
            raise IntegrityError(f"{listed} of {version} was changed in the cache: fetch it again while online")
        if missing:
            listed = ", ".join(sorted(file.path for file in missing))
            raise OfflineError(f"{listed} of {version} is not in the cache, and the client is offline")


def prepare(root: Path) -> None:
    """Create the cache's directory, which only its owner can read."""
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        root.mkdir(mode=0o700, exist_ok=True)
        (root / "CACHEDIR.TAG").write_text(_TAG, encoding="utf-8")


def name_of(model: str, version: VersionKey) -> str:
    """``fraud/3`` or ``fraud@champion``."""
    return f"{model}{version}" if str(version).startswith("@") else f"{model}/{version}"
