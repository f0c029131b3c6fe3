"""Reads and writes logged files through MLflow's artifact proxy.

A path belongs to a run or logged model, and that belongs to the principal who created it. The registry may not know the
run or logged model, because its client tracks elsewhere. Then it belongs to the principal who uploaded to it first.
"""

import hashlib
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zlib import crc32

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.mlflow.logged_files import Listed, WrongPartsError, logged_files, logged_key
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.errors import (
    ArtifactNotFoundError,
    BodyTooLargeError,
    InvalidInputError,
    PermissionDeniedError,
)
from chalicelib.domain.limits import Quota
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.domain.mlflow.tracking.locations import LoggedPath
from chalicelib.domain.versions.manifest import MAX_FILES
from chalicelib.domain.versions.media_types import media_type
from chalicelib.registry.access import quotas
from chalicelib.registry.mlflow.tracking import rights

# A request's body reaches the function as base64, and a Lambda payload has at most 6 MB.
MAX_BODY: Final = 4 * 1024 * 1024
MAX_ENTRIES: Final = 10_000
MAX_PARTS: Final = 4_000
# Clients complete an upload with a body that has the URL of each part. It must fit a Lambda payload.
_MAX_URLS_BYTES: Final = 4_400_000
_PART_BYTES: Final = 120
_DOWNLOAD_WINDOW: Final = int(timedelta(hours=1).total_seconds())
# Counting takes a listing of all files of the model. So only about one upload in so many counts, chosen by its path.
_COUNTING: Final = 16
# A client asks for the URLs of all parts once, at the beginning.
_UPLOAD_WINDOW: Final = int(timedelta(hours=6).total_seconds())


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a path is, and the model that what is logged there is for; empty if that is not known."""

    owner: str
    for_model: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """The URL of a file and its size in bytes."""

    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Upload:
    """An open multipart upload with the URL of each part, beginning with part 1."""

    id: str
    urls: tuple[str, ...]


def list_files(services: Services, principal: Principal, path: str) -> list[Listed]:
    """One level of a directory; empty for a file or a path that does not exist. Raises PermissionDeniedError."""
    if path:
        locations.safe_path(path)
    _check(services, principal, path, Action.READ)
    return logged_files(services).entries(path, MAX_ENTRIES)


def download(services: Services, principal: Principal, path: str) -> Download:
    """The URL and size of a file. Raises ArtifactNotFoundError, PermissionDeniedError, InvalidNameError."""
    _check(services, principal, locations.safe_path(path), Action.DOWNLOAD)
    size = logged_files(services).size(path)
    if size is None:
        raise _absent(path)
    return Download(services.bucket.sign_newest(logged_key(path), _DOWNLOAD_WINDOW, media_type(path)), size)


def read(services: Services, principal: Principal, path: str) -> bytes:
    """A small file's bytes. Raises BodyTooLargeError and the errors of ``download``."""
    found = download(services, principal, path)
    check_inline(path, found.size)
    body = logged_files(services).read(path)
    if body is None:
        raise _absent(path)
    return body


def check_read(services: Services, principal: Principal, path: str) -> None:
    """Raise PermissionDeniedError unless the principal may download what is under a path."""
    _check(services, principal, path, Action.DOWNLOAD)


def check_inline(path: str, size: int) -> None:
    """Raise BodyTooLargeError if the file is too large for a response."""
    if size > MAX_BODY:
        raise BodyTooLargeError(
            f"{path!r} has {size} bytes; at most {MAX_BODY} pass through the registry. Ask for its presigned URL, as "
            "clients do with MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD=true."
        )


def put(services: Services, principal: Principal, path: str, body: bytes) -> None:
    """Store a small file. Raises BodyTooLargeError, PermissionDeniedError, InvalidNameError."""
    _claim(services, principal, _writable(path))
    if len(body) > MAX_BODY:
        raise BodyTooLargeError(
            f"At most {MAX_BODY} bytes pass through the registry; this file has {len(body)}. Let the client upload to "
            "storage: set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true and "
            "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=4000000, or use MLflow 3.18 or newer, which does so by default."
        )
    _check_room(services, path)
    quotas.spend(services, principal, Quota.UPLOADS)
    logged_files(services).put(path, body, hashlib.sha256(body).hexdigest())


def delete(services: Services, principal: Principal, path: str) -> None:
    """Delete logged files. Versions registered from them have copies of their own. Raises PermissionDeniedError."""
    _check(services, principal, _writable(path), Action.REGISTER)
    logged_files(services).delete(path)


def begin_upload(services: Services, principal: Principal, directory: str, name: str, parts: int) -> Upload:
    """Open a multipart upload of a file in a directory. Raises InvalidInputError, PermissionDeniedError."""
    path = _writable(_joined(directory, name))
    if not 1 <= parts <= MAX_PARTS:
        raise _too_many_parts(MAX_PARTS, parts)
    _claim(services, principal, path)
    _check_room(services, path)
    quotas.spend(services, principal, Quota.UPLOADS, parts)
    upload_id = logged_files(services).begin_upload(path)
    bucket, key = services.bucket, logged_key(path)
    last = bucket.sign_any_part(key, upload_id, parts, _UPLOAD_WINDOW)
    most = _MAX_URLS_BYTES // (len(last) + _PART_BYTES)
    if parts > most:
        logged_files(services).abort_upload(path, upload_id)
        raise _too_many_parts(most, parts)
    urls = (bucket.sign_any_part(key, upload_id, number, _UPLOAD_WINDOW) for number in range(1, parts))
    return Upload(upload_id, (*urls, last))


def complete_upload(
    services: Services,
    principal: Principal,
    directory: str,
    name: str,
    upload_id: str,
    parts: Sequence[tuple[int, str]],
) -> None:
    """Make an upload's parts one file. Repeating it is safe. Raises InvalidInputError, ArtifactNotFoundError."""
    path = _writable(_joined(directory, name))
    _check(services, principal, path, Action.REGISTER)
    ordered = sorted(parts)
    if not ordered or len({number for number, _ in ordered}) != len(ordered) or not all(etag for _, etag in ordered):
        raise InvalidInputError("An upload is completed with its parts, each with its number and its ETag.")
    try:
        completed = logged_files(services).complete_upload(path, upload_id, ordered)
    except WrongPartsError as wrong:
        raise InvalidInputError(f"Storage does not take these parts of {path!r}: {wrong}.") from wrong
    # Either an earlier attempt completed it and its answer was lost, or there never was such an upload.
    if not completed and logged_files(services).size(path) is None:
        raise ArtifactNotFoundError(f"There is no such upload of {path!r}.")


def abort_upload(services: Services, principal: Principal, directory: str, name: str, upload_id: str) -> None:
    """Abort a multipart upload. Raises PermissionDeniedError, InvalidNameError."""
    path = _writable(_joined(directory, name))
    _check(services, principal, path, Action.REGISTER)
    logged_files(services).abort_upload(path, upload_id)


def _check_room(services: Services, path: str) -> None:
    """Raise InvalidInputError if the logged model of a path already has all the files that a version may have.

    So nobody uploads many thousand files that cannot be registered. Runs may have more: only some of a run's files are
    registered.
    """
    logged = locations.logged_path(path)
    if logged.model_id is None or crc32(path.encode()) % _COUNTING:
        return
    present = logged_files(services).some(str(logged.root), MAX_FILES)
    if len(present) == MAX_FILES and path not in present:
        raise InvalidInputError(
            f"A version has at most {MAX_FILES} files, and the logged model {logged.model_id} has as many. Pack small "
            "files into an archive, then log the model again."
        )


def _too_many_parts(most: int, parts: int) -> InvalidInputError:
    return InvalidInputError(
        f"This file is uploaded in 1 to {most} parts; {parts} were asked for. Raise MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE."
    )


def _joined(directory: str, name: str) -> str:
    # Clients before 3.18 send the path of the file on their own disk.
    base = posixpath.basename(name.replace("\\", "/"))
    if not base:
        raise InvalidInputError("Missing value for required parameter 'path'.")
    return f"{directory.strip('/')}/{base}" if directory.strip("/") else base


def _writable(path: str) -> str:
    locations.safe_path(path)
    if path.split("/", maxsplit=1)[0] == locations.REGISTERED:
        raise PermissionDeniedError("The files of a registered version do not change; register a new version.")
    return path


def _check(services: Services, principal: Principal, path: str, action: Action) -> None:
    place = _place(services, locations.logged_path(path)) or Place("")
    if action is Action.REGISTER:
        rights.check_write(principal, place.owner, _description(path))
    else:
        rights.check_read(principal, place, _description(path), action)


def _claim(services: Services, principal: Principal, path: str) -> None:
    """Check that the principal may write to the path. If nobody owns it yet, the principal becomes its owner."""
    logged = locations.logged_path(path)
    place = _place(services, logged)
    entity_id = logged.run_id or logged.model_id
    if place is None and entity_id is not None:
        rights.check_create(principal)
        claim = item(keys.logged_place(entity_id), {"owner": principal.name, "root": str(logged.root)})
        if services.table.put(claim, ABSENT):
            return
        # Another upload has claimed it meanwhile, perhaps one of this client.
        place = _place(services, logged)
    rights.check_write(principal, "" if place is None else place.owner, _description(path))


def _place(services: Services, logged: LoggedPath) -> Place | None:
    """Whose the run or logged model is that a path belongs to; None if there is no such entity or owner."""
    entity_id = logged.run_id or logged.model_id
    if entity_id is None:
        return None
    key = keys.run(entity_id) if logged.run_id else keys.logged_model(entity_id)
    claim = keys.logged_place(entity_id)
    found = services.table.load([key, claim])
    if key in found:
        stored = found[key]
        entity = tracking_items.run_from(stored) if logged.run_id else tracking_items.logged_model_from(stored)
        return Place(entity.owner, entity.for_model)
    return Place(str(found[claim]["owner"])) if claim in found else None


def _description(path: str) -> str:
    return f"what is logged under {path[:200]!r}"


def _absent(path: str) -> ArtifactNotFoundError:
    return ArtifactNotFoundError(f"No such artifact: '{path[:500]}'")
