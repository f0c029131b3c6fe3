"""Versions by revision, as Git's clients name them: a number, an alias without ``@``, or a commit that pins one."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.aws.services import Services
from chalicelib.domain.errors import AliasNotFoundError, InvalidNameError, VersionNotFoundError
from chalicelib.domain.versions.commits import commit_of, number_in
from chalicelib.registry.models.existence import check_model
from chalicelib.registry.versions.downloads import DownloadFile, download_file
from chalicelib.registry.versions.file_pages import FileList, all_files

T = TypeVar("T")


def ref_of(revision: str) -> str:
    """The reference of the native API to the version that a revision names."""
    number = number_in(revision)
    if number is not None:
        return str(number)
    return revision if revision.isdecimal() else f"@{revision}"


def files_at(services: Services, model: str, revision: str) -> FileList:
    """All files of a READY version. A long list costs one read more.

    Raises ModelNotFoundError, VersionNotFoundError, AliasNotFoundError, VersionNotReadyError, RecordEditedError.
    """
    found = _at(services, model, lambda: all_files(services, model, ref_of(revision)))
    _check_commit(model, revision, found.served.number, found.served.digest)
    return found


def file_at(services: Services, model: str, revision: str, path: str) -> DownloadFile:
    """One file of a READY version with the URL to get it from.

    Raises FileNotInManifestError, ConflictError for a reference that is not HTTPS, and the errors of ``files_at``.
    """
    found = _at(services, model, lambda: download_file(services, model, ref_of(revision), path))
    _check_commit(model, revision, found.number, found.digest)
    return found


def _at(services: Services, model: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except (VersionNotFoundError, AliasNotFoundError):
        # Clients ask for other things if only the revision is missing than if the repository is.
        check_model(services, model)
        raise
    except InvalidNameError as error:
        raise VersionNotFoundError(error.detail) from error


def _check_commit(model: str, revision: str, number: int, digest: str) -> None:
    if number_in(revision) is not None and commit_of(number, digest) != revision:
        raise VersionNotFoundError(f"No version of {model!r} is the commit {revision}.")
