"""MLflow's artifact proxy. Clients exchange bytes with storage where they can; small files may pass through here."""

from collections.abc import Mapping
from mimetypes import guess_type
from typing import Any, Final
from urllib.parse import quote

from chalicelib.api.mlflow.call import Answer, MlflowCall
from chalicelib.api.mlflow.errors import INVALID, MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.errors import BodyTooLargeError
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.registry.mlflow import version_files
from chalicelib.registry.mlflow.tracking import artifacts, runs

# As MLflow's server has it: files that people read are served as text, whatever their extension says.
_TEXT: Final = frozenset(
    {
        *("txt", "log", "err", "cfg", "conf", "cnf", "cf", "ini", "properties", "prop", "hocon", "toml", "yaml", "yml"),
        *("xml", "json", "js", "py", "py3", "csv", "tsv", "md", "rst", "MLmodel", "MLproject"),
    }
)


def served(path: str) -> dict[str, str]:
    """The headers of a file that is served as it is: browsers save it, and never guess what it is."""
    name = path.rpartition("/")[2]
    kind = "text/plain" if name.rpartition(".")[2] in _TEXT else guess_type(name)[0] or "application/octet-stream"
    # A name may hold any characters: https://www.rfc-editor.org/rfc/rfc6266#appendix-D
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return {"Content-Type": kind, "Content-Disposition": disposition, "Cache-Control": "no-store"}


def listed_of_run(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """One level of a directory of a run's artifacts, with the run's address. Paths are those below the run."""
    run = runs.get_run(call.services, call.principal, given.text("run_id") or given.required("run_uuid"))
    below = (given.text("path") or "").strip("/")
    root = locations.proxied_path(run.artifact_uri, call.base_url)
    if root is None:
        raise invalid(f"The artifacts of run {run.id} are not in the registry, but at {run.artifact_uri}.")
    entries = artifacts.list_files(call.services, call.principal, f"{root}/{below}" if below else root)
    files = [
        {"path": f"{below}/{entry.name}" if below else entry.name, "is_dir": entry.size is None}
        | ({} if entry.size is None else {"file_size": entry.size})
        for entry in entries
    ]
    return {"root_uri": run.artifact_uri} | ({"files": files} if files else {})


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
                return Answer(version_files.read(call.services, call.principal, registered), headers=served(path))
            url = version_files.download(call.services, call.principal, registered).url
        elif call.signed_by_aws:
            return Answer(artifacts.read(call.services, call.principal, path), headers=served(path))
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
