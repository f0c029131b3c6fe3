"""A registered version's files under MLflow's artifact proxy, read-only: from the manifest, by pinned S3 versions.

Each download counts as a use of the version, as the registry's own downloads do.
"""

from chalicelib.aws.mlflow.logged_files import Listed, logged_files
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.audit.usage import FILE, Use
from chalicelib.domain.errors import FileNotInManifestError
from chalicelib.domain.mlflow.tracking.locations import RegisteredPath
from chalicelib.domain.versions.decisions import Registered, ready
from chalicelib.domain.versions.quarantine import check_bytes
from chalicelib.registry.audit.use_counts import record_use
from chalicelib.registry.mlflow.tracking.artifacts import Download, check_inline
from chalicelib.registry.versions.downloads import download_file
from chalicelib.registry.versions.versions import load_registered


def list_files(services: Services, principal: Principal, of: RegisteredPath) -> list[Listed]:
    """One level of a version's files. Raises VersionNotFoundError, VersionNotReadyError, PermissionDeniedError."""
    found = _found(services, principal, of)
    prefix = f"{of.rest}/" if of.rest else ""
    level: dict[str, Listed] = {}
    for file in found.files:
        if file.path.startswith(prefix):
            name, below, _ = file.path.removeprefix(prefix).partition("/")
            level[name] = Listed(name, None if below else file.size)
    return [level[name] for name in sorted(level)]


def download(services: Services, principal: Principal, of: RegisteredPath) -> Download:
    """The URL and size of a file.

    Raises FileNotInManifestError, ConflictError for a reference that is not HTTPS, ScanPendingError, QuarantinedError,
    and the errors of ``list_files``.
    """
    principal.check(Action.DOWNLOAD, of.model)
    found = download_file(services, of.model, str(of.number), of.rest)
    _record(services, principal, of)
    return Download(str(found.url), found.file.size)


def read(services: Services, principal: Principal, of: RegisteredPath) -> bytes:
    """A small file's bytes. Raises BodyTooLargeError and the errors of ``download``."""
    found = _found(services, principal, of)
    check_bytes(of.model, of.number, found.version.clearance, services.clock())
    file = next((one for one in found.files if one.path == of.rest), None)
    if file is None or file.s3_version is None:
        raise _absent(of)
    check_inline(of.rest, file.size)
    body = logged_files(services).read_version(object_key(found.version.uid, file.path), file.s3_version)
    if body is None:
        raise _absent(of)
    _record(services, principal, of)
    return body


def _found(services: Services, principal: Principal, of: RegisteredPath) -> Registered:
    principal.check(Action.DOWNLOAD, of.model)
    found = load_registered(services, of.model, of.number)
    ready(found.version)
    return found


def _record(services: Services, principal: Principal, of: RegisteredPath) -> None:
    record_use(Use(of.model, of.number, principal.name, FILE, services.clock(), None))


def _absent(of: RegisteredPath) -> FileNotInManifestError:
    return FileNotInManifestError(f"Version {of.number} of {of.model!r} has no file {of.rest!r}.")
