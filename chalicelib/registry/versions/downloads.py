"""Downloads: the manifest with URLs, and one file. None calls S3."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws.aliases.items import Aliased
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.errors import ConflictError, FileNotInManifestError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.scanning.scan_state import Clearance
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.media_types import media_type
from chalicelib.domain.versions.quarantine import check_bytes
from chalicelib.registry.versions.file_pages import list_files, part_of

# How long a presigned URL can be used to start a download.
DOWNLOAD_WINDOW: Final = timedelta(hours=1)
_LIFETIME: Final = int(DOWNLOAD_WINDOW.total_seconds())


@dataclass(frozen=True, slots=True)
class DownloadFile:
    """A file of version ``number`` and the URL to download it from now. ``digest`` and ``clearance`` are the version's.

    ``url`` is None for a reference in a manifest: ``file.uri`` says where the reference points.
    """

    file: File
    url: str | None
    number: int
    digest: str
    clearance: Clearance | None


@dataclass(frozen=True, slots=True)
class DownloadManifest:
    """A page of a READY version's files, by path. ``next_start`` names the version, in case the alias moves.

    ``digest`` and ``clearance`` are the version's. A page of a long list ends where a part of it does.
    """

    model: str
    number: int
    digest: str
    items: tuple[DownloadFile, ...]
    next_start: dict[str, str | int] | None
    expires_at: Instant
    clearance: Clearance | None


def download_manifest(
    services: Services, model: str, ref: str, limit: int, start: dict[str, str | int] | None
) -> DownloadManifest:
    """A page of the files of a READY version, with URLs.

    Raises VersionNotFoundError, AliasNotFoundError, VersionNotReadyError, ScanPendingError, QuarantinedError,
    RecordEditedError.
    """
    page = list_files(services, model, ref, limit, start, only_ready=True)
    served = page.served
    check_given_out(services, served)
    return DownloadManifest(
        model=served.model,
        number=served.number,
        digest=served.digest,
        items=tuple(_download(services, served, file) for file in page.files),
        next_start=page.next_start,
        expires_at=later(services.clock(), DOWNLOAD_WINDOW),
        clearance=served.clearance,
    )


def download_file(services: Services, model: str, ref: str, path: str, method: str = "GET") -> DownloadFile:
    """One file with a URL to redirect a request with this ``method`` to, as ``redirect_to`` gives it.

    Raises FileNotInManifestError, and the errors of ``redirect_to`` and ``download_manifest``.
    """
    part = part_of(services, model, ref, path, first=None, only_ready=True)
    file = next((file for file in part.files if file.path == path), None)
    if file is None:
        raise FileNotInManifestError(f"Version {part.served.number} of {model!r} has no file {path!r}.")
    return redirect_to(services, part.served, file, method)


def redirect_to(services: Services, served: Aliased, file: File, method: str = "GET") -> DownloadFile:
    """A file of a READY version with a URL for GET or HEAD: S3's, or the ``uri`` of a reference if that is HTTPS.

    S3 answers with the Content-Type that the file's ending says. Raises ConflictError for a reference with another
    scheme, ScanPendingError, QuarantinedError.
    """
    check_given_out(services, served)
    if file.uri is None:
        if file.s3_version is None:
            raise LookupError(f"a READY version has a file that is not pinned: {file.path}")
        sign = services.bucket.sign_head if method == "HEAD" else services.bucket.sign_get
        key, kind = object_key(served.uid, file.path), media_type(file.path)
        return _given_out(served, file, sign(key, file.s3_version, _LIFETIME, kind))
    # The registry redirects to HTTPS only: it cannot vouch for any other transport.
    if not file.uri.lower().startswith("https://"):
        raise ConflictError(
            f"{file.path!r} is a reference to {file.uri}, which a redirect cannot follow; fetch that address directly."
        )
    return _given_out(served, file, file.uri)


def check_given_out(services: Services, served: Aliased) -> None:
    """Raise if the version is in quarantine: ScanPendingError or QuarantinedError."""
    check_bytes(served.model, served.number, served.clearance, services.clock())


def _given_out(served: Aliased, file: File, url: str | None) -> DownloadFile:
    return DownloadFile(file, url, served.number, served.digest, served.clearance)


def _download(services: Services, served: Aliased, file: File) -> DownloadFile:
    return _given_out(served, file, _stored_url(services, served.uid, file))


def _stored_url(services: Services, uid: str, file: File) -> str | None:
    if file.s3_version is None:
        return None
    return services.bucket.sign_get(object_key(uid, file.path), file.s3_version, _LIFETIME)
