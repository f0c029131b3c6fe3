"""Downloads: the manifest with URLs, and one file. Each costs one DynamoDB call and no call to S3."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws.services import Services
from chalicelib.aws.versions import items as version_items
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.errors import ConflictError, FileNotInManifestError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.versions.decisions import Registered, ready
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version
from chalicelib.registry.versions.versions import alias_item, load_registered, parse_ref

# How long a presigned URL can be used to start a download.
DOWNLOAD_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DownloadFile:
    """A file of version ``number`` and the URL to download it from now.

    ``url`` is None for a reference in a manifest: ``file.uri`` says where the reference points.
    """

    file: File
    url: str | None
    number: int


@dataclass(frozen=True, slots=True)
class DownloadManifest:
    """A page of a READY version's files, by path. ``next_start`` names the version, in case the alias moves."""

    version: Version
    items: tuple[DownloadFile, ...]
    next_start: dict[str, str | int] | None
    expires_at: Instant

    @property
    def model(self) -> str:
        return self.version.model

    @property
    def number(self) -> int:
        return self.version.number

    @property
    def digest(self) -> str:
        return self.version.digest


def download_manifest(
    services: Services, model: str, ref: str, limit: int, start: dict[str, str | int] | None
) -> DownloadManifest:
    """A page of the files of a READY version, with URLs.

    Raises VersionNotFoundError, AliasNotFoundError, VersionNotReadyError.
    """
    found = _ready(services, model, ref if start is None else str(start["number"]))
    first = 0 if start is None else bisect_right(found.files, str(start["path"]), key=lambda file: file.path)
    page = found.files[first : first + limit]
    more = first + limit < len(found.files)
    return DownloadManifest(
        version=found.version,
        items=tuple(_download(services, found.version, file) for file in page),
        next_start={"number": found.version.number, "path": page[-1].path} if more else None,
        expires_at=later(services.clock(), DOWNLOAD_WINDOW),
    )


def download_file(services: Services, model: str, ref: str, path: str) -> DownloadFile:
    """One file with a URL to redirect to: S3's, or the ``uri`` of a reference if that is HTTPS.

    Raises FileNotInManifestError, ConflictError for a reference with another scheme, and the errors of
    ``download_manifest``.
    """
    found = _ready(services, model, ref)
    file = next((file for file in found.files if file.path == path), None)
    if file is None:
        raise FileNotInManifestError(f"Version {found.version.number} of {model!r} has no file {path!r}.")
    if file.uri is None:
        return _download(services, found.version, file)
    # The registry redirects to HTTPS only: it cannot vouch for any other transport.
    if not file.uri.lower().startswith("https://"):
        raise ConflictError(
            f"{path!r} is a reference to {file.uri}, which a redirect cannot follow; fetch that address directly."
        )
    return DownloadFile(file, file.uri, found.version.number)


def _ready(services: Services, model: str, ref: str) -> Registered:
    """A READY version with its files, in one read: an alias's item has a copy of both."""
    parsed = parse_ref(ref)
    if isinstance(parsed, int):
        registered = load_registered(services, model, parsed)
        return Registered(ready(registered.version), registered.files)
    stored = alias_item(services, model, parsed)
    return Registered(ready(version_items.version_from(stored)), version_items.files_from(str(stored["files"])))


def _download(services: Services, version: Version, file: File) -> DownloadFile:
    return DownloadFile(file, _stored_url(services, version, file), version.number)


def _stored_url(services: Services, version: Version, file: File) -> str | None:
    if file.s3_version is None:
        return None
    key = object_key(version.uid, file.path)
    return services.bucket.sign_get(key, file.s3_version, int(DOWNLOAD_WINDOW.total_seconds()))
