"""MLflow's artifact proxy. Clients exchange bytes with storage where they can; small files may pass through here."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api.mlflow.call import Answer, MlflowCall
from chalicelib.api.mlflow.errors import INVALID, MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.errors import BodyTooLargeError
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.registry.mlflow import version_files
from chalicelib.registry.mlflow.tracking import artifacts

_BYTES = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}


def listed(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """One level of a directory. For a file, nothing."""
    path = (given.text("path") or "").strip("/")
    registered = locations.registered(path)
    if registered is not None:
        entries = version_files.list_files(call.services, call.principal, registered)
    else:
        entries = artifacts.list_files(call.services, call.principal, path)
    files = [
        {"path": entry.name, "is_dir": entry.size is None} | ({} if entry.size is None else {"file_size": entry.size})
        for entry in entries
    ]
    return {"files": files} if files else {}


def download(call: MlflowCall, given: Parameters) -> Answer:
    """A redirect to storage.

    A caller that signs its requests for AWS gets the bytes instead: its signature keeps it from following a redirect.
    """
    path = given.path["path"]
    registered = locations.registered(path)
    try:
        if registered is not None:
            if call.signed_by_aws:
                return Answer(version_files.read(call.services, call.principal, registered), headers=dict(_BYTES))
            url = version_files.download(call.services, call.principal, registered).url
        elif call.signed_by_aws:
            return Answer(artifacts.read(call.services, call.principal, path), headers=dict(_BYTES))
        else:
            url = artifacts.download(call.services, call.principal, path).url
    except BodyTooLargeError as error:
        raise _too_large(error) from error
    return Answer(status=302, headers={"Location": url, "Cache-Control": "no-store"})


def presigned(call: MlflowCall, given: Parameters) -> Answer | dict[str, Any]:
    """The address of the bytes in storage. Clients read them in ranges."""
    path = given.path["path"]
    registered = locations.registered(path)
    if registered is None:
        file = artifacts.download(call.services, call.principal, path)
    else:
        file = version_files.download(call.services, call.principal, registered)
    return {"url": file.url, "headers": {}, "file_size": file.size}


def upload(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    try:
        artifacts.put(call.services, call.principal, given.path["path"], call.body)
    except BodyTooLargeError as error:
        raise _too_large(error) from error
    return {}


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    artifacts.delete(call.services, call.principal, given.path["path"])
    return {}


def begin_upload(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    upload = artifacts.begin_upload(
        call.services, call.principal, _directory(given), given.required("path"), given.integer("num_parts", 1)
    )
    credentials = [{"url": url, "part_number": number, "headers": {}} for number, url in enumerate(upload.urls, 1)]
    return {"upload_id": upload.id, "credentials": credentials}


def complete_upload(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    parts = [_part(document) for document in given.documents("parts")]
    artifacts.complete_upload(
        call.services, call.principal, _directory(given), given.required("path"), given.required("upload_id"), parts
    )
    return {}


def abort_upload(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    artifacts.abort_upload(
        call.services, call.principal, _directory(given), given.required("path"), given.required("upload_id")
    )
    return {}


def _directory(given: Parameters) -> str:
    return given.path.get("path", "")


def _part(document: Mapping[str, Any]) -> tuple[int, str]:
    part = Parameters(document)
    number = part.integer("part_number", 0)
    if number < 1:
        raise invalid("Missing value for required parameter 'parts.part_number'.")
    return number, part.required("etag")


def _too_large(error: BodyTooLargeError) -> MlflowError:
    return MlflowError(INVALID, error.detail, 413)
