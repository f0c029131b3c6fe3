"""The manifest of a version, whole and of one version, with its digest checked."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from moorage.errors import IntegrityError, NotFoundError
from moorage.paths import VersionKey
from moorage.results import Artifact
from moorage.versions import Versions


@dataclass(frozen=True, slots=True)
class Manifest:
    model: str
    version: int
    digest: str | None
    files: tuple[Artifact, ...]

    def select(self, paths: Collection[str] | None) -> list[Artifact]:
        """The files at ``paths``, or all. Raises NotFoundError for a path that the version does not have."""
        if paths is None:
            return list(self.files)
        unknown = set(paths) - {file.path for file in self.files}
        if unknown:
            listed = ", ".join(sorted(unknown))
            raise NotFoundError(f"{self.model}/{self.version} has no file {listed}", code="file_not_found")
        return [file for file in self.files if file.path in paths]


def fetch_manifest(versions: Versions, model: str, version: VersionKey) -> Manifest:
    """Every file of a version. Raises IntegrityError if the list does not match the version's digest."""
    page = versions.manifest_page(model, version)
    if page.next_cursor is not None and version != page.version:
        # An alias may move between two pages: read a long manifest by the number it stands for.
        page = versions.manifest_page(model, page.version)
    first = page
    files = list(page.items)
    while page.next_cursor is not None:
        page = versions.manifest_page(model, first.version, page.next_cursor)
        files += page.items
    if first.digest is not None and first.digest != manifest_digest(files):
        raise IntegrityError(f"the list of files of {model}/{first.version} does not match its digest")
    return Manifest(first.model, first.version, first.digest, tuple(files))


def manifest_digest(files: Collection[Artifact]) -> str:
    """SHA-256 of the canonical JSON of the sorted list of path, SHA-256, size, and URI of references."""
    content = [
        {"path": file.path, "sha256": file.sha256, "size": file.size} | ({} if file.uri is None else {"uri": file.uri})
        for file in sorted(files, key=lambda file: file.path)
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
