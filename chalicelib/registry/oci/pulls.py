"""What OCI clients pull: a manifest by tag or digest, and blobs by digest.

A digest does not say which version it is of, and no index has digests. A model's aliases carry the files of their
versions, and one query reads them all. A version that no alias points at is looked for among the newest.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.aliases.items import Aliased, aliased_from
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.versions.manifests import Outline, outline_from
from chalicelib.domain.errors import (
    FileNotInManifestError,
    RecordEditedError,
    VersionExpiredError,
    VersionNotFoundError,
    VersionNotReadyError,
)
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.model import MAX_ALIASES
from chalicelib.domain.oci import modelpack
from chalicelib.domain.oci.modelpack import Document
from chalicelib.domain.scanning.scan_state import Clearance
from chalicelib.domain.versions.quarantine import obstacle
from chalicelib.registry.aliases.aliases import list_aliases
from chalicelib.registry.versions.aliased import checked
from chalicelib.registry.versions.downloads import DownloadFile, redirect_to
from chalicelib.registry.versions.file_pages import FileList, all_files, files_served
from chalicelib.registry.versions.revisions import ref_of

# How many of the newest versions are looked at for a digest that no alias's version has.
NEWEST: Final = 50


@dataclass(frozen=True, slots=True)
class PulledManifest:
    """The manifest of a version, and whether the version's bytes may be given out."""

    document: Document
    clearance: Clearance | None


def manifest_at(services: Services, model: str, reference: str) -> PulledManifest:
    """The manifest of a READY version, by tag (a number, or an alias) or by ``sha256:`` and its digest.

    Raises VersionNotFoundError, AliasNotFoundError, VersionNotReadyError, InvalidNameError, RecordEditedError.
    """
    sha256 = _sha256(reference)
    if sha256 is None:
        return _pulled(all_files(services, model, ref_of(reference)))
    found = next(_found(services, model, lambda listed: _manifest(listed).sha256 == sha256), None)
    if found is None:
        raise VersionNotFoundError(f"No version of {model!r} with an alias or among the newest is {reference}.")
    return _pulled(found)


def blob_at(services: Services, model: str, digest: str, method: str) -> Document | DownloadFile:
    """A configuration, or a file of a READY version with the URL to redirect a request with this ``method`` to.

    Several versions may have the file. One in quarantine does not keep the others from giving it out.
    Raises FileNotInManifestError, ConflictError for a reference that is not HTTPS, ScanPendingError, QuarantinedError,
    RecordEditedError.
    """
    sha256 = _sha256(digest)
    having = _found(services, model, lambda listed: _config(listed).sha256 == sha256 or _has(listed, sha256))
    found = _open_first(having, services.clock())
    if found is None:
        raise FileNotInManifestError(f"No version of {model!r} with an alias or among the newest has {digest}.")
    file = next((file for file in found.files if file.sha256 == sha256), None)
    return _config(found) if file is None else redirect_to(services, found.served, file, method)


def tags(services: Services, model: str) -> list[str]:
    """The aliases of a model, and the numbers of the versions that they point at. Raises ModelNotFoundError."""
    aliases = list_aliases(services, model)
    return sorted({name for alias in aliases for name in (alias.alias, str(alias.version))})


def _open_first(found: Iterator[FileList], now: Instant) -> FileList | None:
    """The first version whose bytes may be given out. If there is none, the first, for which it is said why not."""
    first = None
    for listed in found:
        if obstacle(listed.served.number, listed.served.clearance, now) is None:
            return listed
        first = first or listed
    return first


def _found(services: Services, model: str, wanted: Callable[[FileList], bool]) -> Iterator[FileList]:
    """The READY versions whose files are ``wanted``: those with an alias, then those among the newest."""
    seen = set()
    for served in _aliased(services, model):
        if served.number not in seen:
            seen.add(served.number)
            listed = _listed(services, served)
            if listed is not None and wanted(listed):
                yield listed
    for outline in _newest(services, model):
        if outline.number not in seen:
            # Only what is wanted is then read as a version, which may not be READY.
            listed = _listed(services, Aliased(model, outline.number, "", "", outline))
            if listed is not None and wanted(listed):
                with suppress(VersionNotFoundError, VersionNotReadyError, VersionExpiredError):
                    yield all_files(services, model, str(outline.number))


def _aliased(services: Services, model: str) -> Iterator[Aliased]:
    stored, _ = services.table.query(keys.partition(model_ledger(model)), keys.ALIAS_PREFIX, MAX_ALIASES + 1)
    for item in stored:
        # An alias that was edited is logged and left out. It must not keep the versions of others from being served.
        with suppress(RecordEditedError):
            yield aliased_from(checked(services, model, str(item["alias"]), item))


def _newest(services: Services, model: str) -> Iterator[Outline]:
    stored, _ = services.table.query(
        keys.partition(model_ledger(model)), keys.MANIFEST_PREFIX, NEWEST, newest_first=True
    )
    return (outline_from(keys.number_of(item), item) for item in stored)


def _listed(services: Services, served: Aliased) -> FileList | None:
    """The files of a version; None if their list was edited, which must not keep other versions from being served."""
    try:
        return files_served(services, served)
    except RecordEditedError:
        log_line("record_refused", model=served.model, version=served.number, reason="its list of files was edited")
        return None


def _has(listed: FileList, sha256: str | None) -> bool:
    return any(file.sha256 == sha256 for file in listed.files)


def _config(listed: FileList) -> Document:
    return modelpack.config(listed.served.model, listed.served.number, listed.files)


def _pulled(listed: FileList) -> PulledManifest:
    return PulledManifest(_manifest(listed), listed.served.clearance)


def _manifest(listed: FileList) -> Document:
    served = listed.served
    if not listed.files:
        raise VersionNotFoundError(f"Version {served.number} of {served.model!r} has no files, so nothing to pull.")
    return modelpack.manifest(served.model, served.number, listed.files)


def _sha256(reference: str) -> str | None:
    return reference.removeprefix("sha256:") if reference.startswith("sha256:") else None
