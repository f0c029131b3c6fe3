"""Downloads: the manifest with URLs, and one file. None calls S3.

Each reads one small item, and one part of the list of files if that is long. A part whose key can be known is read in
the same call: the first page by number, and every page that a cursor continues.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.aliases.items import Aliased
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions.bucket import object_key
from chalicelib.aws.versions.manifests import Outline, files_from
from chalicelib.domain.errors import ConflictError, FileNotInManifestError, RecordEditedError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.models.model_ledger import snapshot_of
from chalicelib.registry.versions.aliased import aliased
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import parse_ref

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
    """A page of a READY version's files, by path. ``next_start`` names the version, in case the alias moves.

    ``digest`` is the version's. A page of a long list ends where a part of it does.
    """

    model: str
    number: int
    digest: str
    items: tuple[DownloadFile, ...]
    next_start: dict[str, str | int] | None
    expires_at: Instant


@dataclass(frozen=True, slots=True)
class _Found:
    """A READY version with the outline of its files, and what else was read in the same call."""

    served: Aliased
    read: Mapping[Key, Item] = field(default_factory=dict)


def download_manifest(
    services: Services, model: str, ref: str, limit: int, start: dict[str, str | int] | None
) -> DownloadManifest:
    """A page of the files of a READY version, with URLs.

    Raises VersionNotFoundError, AliasNotFoundError, VersionNotReadyError, RecordEditedError.
    """
    path = "" if start is None else str(start["path"])
    if start is None:
        served, index, files = _by_ref(services, model, ref, path, part=0)
    else:
        part = int(start.get("part", 0))
        found = _by_number(services, model, int(start["number"]), part)
        served = found.served
        # If the list was cut into parts since, the path tells the part.
        index = max(part, served.outline.part_with(path))
        files = _files(services, found, index)
    first = bisect_right(files, path, key=lambda file: file.path)
    page = files[first : first + limit]
    return DownloadManifest(
        model=served.model,
        number=served.number,
        digest=served.digest,
        items=tuple(_download(services, served, file) for file in page),
        next_start=_next_start(served, files, first + limit, index),
        expires_at=later(services.clock(), DOWNLOAD_WINDOW),
    )


def download_file(services: Services, model: str, ref: str, path: str) -> DownloadFile:
    """One file with a URL to redirect to: S3's, or the ``uri`` of a reference if that is HTTPS.

    Raises FileNotInManifestError, ConflictError for a reference with another scheme, and the errors of
    ``download_manifest``.
    """
    served, _, files = _by_ref(services, model, ref, path, part=None)
    file = next((file for file in files if file.path == path), None)
    if file is None:
        raise FileNotInManifestError(f"Version {served.number} of {model!r} has no file {path!r}.")
    if file.uri is None:
        return _download(services, served, file)
    # The registry redirects to HTTPS only: it cannot vouch for any other transport.
    if not file.uri.lower().startswith("https://"):
        raise ConflictError(
            f"{path!r} is a reference to {file.uri}, which a redirect cannot follow; fetch that address directly."
        )
    return DownloadFile(file, file.uri, served.number)


def _by_ref(
    services: Services, model: str, ref: str, path: str, part: int | None
) -> tuple[Aliased, int, tuple[File, ...]]:
    """A READY version by number or ``@alias``, with the part of its files in which a path lies, and that part's index.

    ``part`` is the part to read in the same call as a version by number, if any. An alias points at READY versions
    only.
    """
    parsed = parse_ref(ref)
    if isinstance(parsed, int):
        return _with_files(services, _by_number(services, model, parsed, part), path)
    served = aliased(services, model, parsed)
    try:
        return _with_files(services, _Found(served), path)
    except RecordEditedError:
        # A long list may be cut into parts after its alias was read. Then the alias, read again, names the parts.
        again = aliased(services, model, parsed)
        if again == served:
            raise
        return _with_files(services, _Found(again), path)


def _with_files(services: Services, found: _Found, path: str) -> tuple[Aliased, int, tuple[File, ...]]:
    index = found.served.outline.part_with(path)
    return found.served, index, _files(services, found, index)


def _by_number(services: Services, model: str, number: int, part: int | None) -> _Found:
    """A READY version by number. ``part`` is the part of a long list of files to read in the same call, if any."""
    asked = [keys.version(model, number), keys.manifest(model, number)]
    if part is not None:
        asked.append(keys.manifest_part(model, number, part))
    read = services.table.load(asked)
    snapshot = snapshot_of(model, asked, read)
    version = ready(loaded_version(snapshot, model, number))
    outline = snapshot.get(Outline, number) or Outline(number, "[]")
    return _Found(Aliased(model, number, version.uid, version.digest, outline), read)


def _files(services: Services, found: _Found, index: int) -> tuple[File, ...]:
    """The files of one part, or all if there are few. Raises RecordEditedError."""
    outline, model = found.served.outline, found.served.model
    if outline.text is not None:
        return files_from(outline.text)
    if index >= len(outline.parts):
        return ()
    key = outline.key_of(model, index)
    read = found.read if key in found.read else services.table.load([key])
    return outline.files_in(model, index, read)


def _next_start(served: Aliased, files: Sequence[File], end: int, index: int) -> dict[str, str | int] | None:
    """Where the next page begins: in this part, or in the one after it; None at the end."""
    if end < len(files):
        return {"number": served.number, "path": files[end - 1].path, "part": index}
    if index + 1 < len(served.outline.parts):
        return {"number": served.number, "path": files[-1].path, "part": index + 1}
    return None


def _download(services: Services, served: Aliased, file: File) -> DownloadFile:
    return DownloadFile(file, _stored_url(services, served.uid, file), served.number)


def _stored_url(services: Services, uid: str, file: File) -> str | None:
    if file.s3_version is None:
        return None
    key = object_key(uid, file.path)
    return services.bucket.sign_get(key, file.s3_version, int(DOWNLOAD_WINDOW.total_seconds()))
