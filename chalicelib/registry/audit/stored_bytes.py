"""The stored bytes of a version: what S3 says of each pinned object, compared with what events tell of the files."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import Bucket, object_key
from chalicelib.domain.errors import VersionNotFoundError
from chalicelib.domain.versions.manifest import File, Proof
from chalicelib.domain.versions.version import Version
from chalicelib.registry.models.model_ledger import load, model_keys
from chalicelib.registry.page import Page
from chalicelib.registry.versions.files import loaded_files

# Fewer than the client's pool of connections.
_WORKERS: Final = 16


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file of a version. ``fault`` says what is wrong with its object, None if nothing is.

    ``stored`` is False for a reference to a file elsewhere, of which nothing can be said.
    """

    path: str
    sha256: str
    stored: bool
    fault: str | None


def check_bytes(
    services: Services, model: str, number: int, limit: int, start: dict[str, str | int] | None
) -> Page[FileBytes]:
    """Compare the objects of a version's files with its manifest, whose digest ``version.ready`` tells.

    One read, another one for a long list of files, and one call to S3 for each file. Raises VersionNotFoundError.
    """
    snapshot = load(services, model, model_keys(model, versions=[number], manifests=[number]))
    version = snapshot.get(Version, number)
    if version is None:
        raise VersionNotFoundError(f"The model {model!r} has no version {number}.")
    files = loaded_files(services, snapshot, model, number)
    at = 0 if start is None else int(start["file"])

    def check(file: File) -> FileBytes:
        return _checked(services.bucket, version, file)

    with ThreadPoolExecutor(_WORKERS) as pool:
        checked = tuple(pool.map(check, files[at : at + limit]))
    return Page(checked, {"file": at + limit} if at + limit < len(files) else None)


def _checked(bucket: Bucket, version: Version, file: File) -> FileBytes:
    if file.uri is not None:
        return FileBytes(file.path, file.sha256, False, None)
    return FileBytes(file.path, file.sha256, True, _fault(bucket, version, file))


def _fault(bucket: Bucket, version: Version, file: File) -> str | None:
    if file.s3_version is None or file.verified is Proof.DECLARED:
        return "it is not pinned to an object"
    stored = bucket.head(object_key(version.uid, file.path), file.s3_version)
    if stored is None:
        return "the object that it is pinned to is gone"
    if stored.size != file.size:
        return f"S3 has {stored.size} bytes of it, the manifest says {file.size}"
    if stored.checksum != file.s3_checksum:
        return "its SHA-256 in S3 is not that of the manifest"
    return None
