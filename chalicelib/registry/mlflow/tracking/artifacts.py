"""Logged files through MLflow's artifact proxy, and registered versions' files, which are only read there.

Who may is decided by what a path is of: a run or logged model, by its id, belongs to who began it. Where the registry
was never told of one, because its client tracks elsewhere, it belongs to who uploaded to it first.
"""

import hashlib
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.mlflow.logged_files import Listed, WrongPartsError, logged_key
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.errors import (
    ArtifactNotFoundError,
    BodyTooLargeError,
    InvalidInputError,
    PermissionDeniedError,
)
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.domain.mlflow.tracking.locations import Place
from chalicelib.registry.mlflow.tracking import rights

# A request's body goes to the function in base64, of which it takes 6 MB.
MAX_BODY: Final = 4 * 1024 * 1024
MAX_ENTRIES: Final = 10_000
MAX_PARTS: Final = 4_000
# Clients complete an upload with the URL of each part, in a body that has to reach the function.
_MAX_URLS_BYTES: Final = 4_400_000
_PART_BYTES: Final = 120
_DOWNLOAD_WINDOW: Final = int(timedelta(hours=1).total_seconds())
# A client asks for the URLs of all parts at once, and never again.
_UPLOAD_WINDOW: Final = int(timedelta(hours=6).total_seconds())


@dataclass(frozen=True, slots=True)
class Download:
    """Where the bytes of a file are had, and how many there are."""

    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Upload:
    """An open multipart upload with the URL of each part, the first being number 1."""

    id: str
    urls: tuple[str, ...]


def list_files(services: Services, principal: Principal, path: str) -> list[Listed]:
    """One level of a directory; nothing for a file, and for what is not there. Raises PermissionDeniedError."""
    if path:
        locations.safe_path(path)
    _check(services, principal, path, Action.READ)
    return services.logged_files.entries(path, MAX_ENTRIES)


def download(services: Services, principal: Principal, path: str) -> Download:
    """Raises ArtifactNotFoundError, PermissionDeniedError, InvalidNameError."""
    _check(services, principal, locations.safe_path(path), Action.DOWNLOAD)
    size = services.logged_files.size(path)
    if size is None:
        raise _absent(path)
    return Download(services.bucket.sign_read(logged_key(path), _DOWNLOAD_WINDOW), size)


def read(services: Services, principal: Principal, path: str) -> bytes:
    """A small file's bytes. Raises BodyTooLargeError and what ``download`` raises."""
    found = download(services, principal, path)
    check_inline(path, found.size)
    body = services.logged_files.read(path)
    if body is None:
        raise _absent(path)
    return body


def check_read(services: Services, principal: Principal, path: str) -> None:
    """Raise PermissionDeniedError unless the principal may have the bytes under a path."""
    _check(services, principal, path, Action.DOWNLOAD)


def check_inline(path: str, size: int) -> None:
    """Raise BodyTooLargeError for a file that does not fit an answer."""
    if size > MAX_BODY:
        raise BodyTooLargeError(
            f"{path!r} has {size} bytes; at most {MAX_BODY} pass through the registry. Ask for its presigned URL, as "
            "clients do with MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD=true."
        )


def put(services: Services, principal: Principal, path: str, body: bytes) -> None:
    """Keep a small file. Raises BodyTooLargeError, PermissionDeniedError, InvalidNameError."""
    _claim(services, principal, _writable(path))
    if len(body) > MAX_BODY:
        raise BodyTooLargeError(
            f"At most {MAX_BODY} bytes pass through the registry; this file has {len(body)}. Let the client upload to "
            "storage: set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true and "
            "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=4000000, or use MLflow 3.18 or newer, which does so by itself."
        )
    services.logged_files.put(path, body, hashlib.sha256(body).hexdigest())


def delete(services: Services, principal: Principal, path: str) -> None:
    """Take logged files out of sight. What was registered from them has copies. Raises PermissionDeniedError."""
    _check(services, principal, _writable(path), Action.REGISTER)
    services.logged_files.delete(path)


def begin_upload(services: Services, principal: Principal, directory: str, name: str, parts: int) -> Upload:
    """Open a multipart upload of a file in a directory. Raises InvalidInputError, PermissionDeniedError."""
    path = _writable(_joined(directory, name))
    if not 1 <= parts <= MAX_PARTS:
        raise _too_many_parts(MAX_PARTS, parts)
    _claim(services, principal, path)
    upload_id = services.logged_files.begin_upload(path)
    bucket, key = services.bucket, logged_key(path)
    last = bucket.sign_any_part(key, upload_id, parts, _UPLOAD_WINDOW)
    most = _MAX_URLS_BYTES // (len(last) + _PART_BYTES)
    if parts > most:
        services.logged_files.abort_upload(path, upload_id)
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
        completed = services.logged_files.complete_upload(path, upload_id, ordered)
    except WrongPartsError as wrong:
        raise InvalidInputError(f"Storage does not take these parts of {path!r}: {wrong}.") from wrong
    # Completed before, when the answer was lost; or never there.
    if not completed and services.logged_files.size(path) is None:
        raise ArtifactNotFoundError(f"There is no such upload of {path!r}.")


def abort_upload(services: Services, principal: Principal, directory: str, name: str, upload_id: str) -> None:
    """Raises PermissionDeniedError, InvalidNameError."""
    path = _writable(_joined(directory, name))
    _check(services, principal, path, Action.REGISTER)
    services.logged_files.abort_upload(path, upload_id)


def _too_many_parts(most: int, parts: int) -> InvalidInputError:
    return InvalidInputError(
        f"This file is uploaded in 1 to {most} parts; {parts} were asked for. Raise MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE."
    )


def _joined(directory: str, name: str) -> str:
    # Clients before 3.18 say where the file is on their own disk.
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
    owner = _owner(services, locations.place(path))
    rights.check_read(principal, owner or "", _said(path), action)


def _claim(services: Services, principal: Principal, path: str) -> None:
    """Check that the principal may write here, and make what nobody began the principal's."""
    place = locations.place(path)
    owner = _owner(services, place)
    unit = place.run_id or place.model_id
    if owner is None and unit is not None:
        rights.check_begin(principal)
        claim = item(keys.logged_place(unit), {"owner": principal.name, "root": str(place.root)})
        if services.table.put(claim, ABSENT):
            return
        # Another upload was first, perhaps this client's own.
        owner = _owner(services, place)
    rights.check_write(principal, owner or "", _said(path))


def _owner(services: Services, place: Place) -> str | None:
    """Who began the run or logged model that a path is of; None if nobody did, or if it is of neither."""
    unit = place.run_id or place.model_id
    if unit is None:
        return None
    entity = keys.run(unit) if place.run_id else keys.logged_model(unit)
    claim = keys.logged_place(unit)
    found = services.table.load([entity, claim])
    if entity in found:
        stored = found[entity]
        return (tracking_items.run_from(stored) if place.run_id else tracking_items.logged_model_from(stored)).owner
    return str(found[claim]["owner"]) if claim in found else None


def _said(path: str) -> str:
    return f"what is logged under {path[:200]!r}"


def _absent(path: str) -> ArtifactNotFoundError:
    return ArtifactNotFoundError(f"No such artifact: '{path[:500]}'")
