"""The manifest of a version: the list of all its files, checked against the version's digest."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from moorage.digests import files_digest
from moorage.errors import IntegrityError, NotFoundError
from moorage.paths import VersionKey
from moorage.results import Artifact
from moorage.versions import Versions


@dataclass(frozen=True, slots=True)
class Manifest:
    """The complete list of a version's files. ``registry_signs``: the registry signs versions."""

    model: str
    version: int
    digest: str | None
    files: tuple[Artifact, ...]
    registry_signs: bool = False

    def select(self, paths: Collection[str] | None) -> list[Artifact]:
        """The files at ``paths``, or all files. Raises NotFoundError if the version does not have a path."""
        if paths is None:
            return list(self.files)
        unknown = set(paths) - {file.path for file in self.files}
        if unknown:
            listed = ", ".join(sorted(unknown))
            raise NotFoundError(f"{self.model}/{self.version} has no file {listed}", code="file_not_found")
        return [file for file in self.files if file.path in paths]


def fetch_manifest(versions: Versions, model: str, version: VersionKey) -> Manifest:
    """Read the list of all files of a version. Raises IntegrityError if it does not match the version's digest."""
    page = versions.manifest_page(model, version)
    if page.next_cursor is not None and version != page.version:
        # An alias may move between two pages, so a long manifest is read by the version's number.
        page = versions.manifest_page(model, page.version)
    first = page
    files = list(page.items)
    while page.next_cursor is not None:
        page = versions.manifest_page(model, first.version, page.next_cursor)
        files += page.items
    if first.digest is not None and first.digest != manifest_digest(files):
        raise IntegrityError(f"the list of files of {model}/{first.version} does not match its digest")
    return Manifest(first.model, first.version, first.digest, tuple(files), first.registry_signs)


def manifest_digest(files: Iterable[Artifact]) -> str:
    """The digest of a version: that of its list of files."""
    return files_digest((file.path, file.size, file.sha256, file.uri) for file in files)
