"""Uploading and downloading the files of a version: the API hands out presigned URLs, and S3 moves the bytes."""

from typing import TYPE_CHECKING

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, revision_of
from chalicelib.api.document import Paging
from chalicelib.api.route import Routes
from chalicelib.api.scanning.presenters import verdict_headers
from chalicelib.api.versions.presenters import (
    file_page_document,
    manifest_document,
    part_plan_document,
    upload_plan_document,
    version_document,
)
from chalicelib.api.versions.schemas import (
    FilePageView,
    FileQuery,
    ManifestView,
    PartPlanView,
    RequestParts,
    UploadPlanView,
    VersionView,
)
from chalicelib.domain.access.principal import Action
from chalicelib.domain.audit.usage import FILE, MANIFEST, Use

if TYPE_CHECKING:
    from chalicelib.registry.versions.downloads import DownloadFile

routes = Routes("artifacts")


@routes.get("/v1/models/{model}/versions/{version}/upload", Action.REGISTER, answers={200: UploadPlanView})
def get_upload_plan(call: Call, model: str, version: str) -> Answer:
    """Show what is left to upload, and where to."""
    plan = registry.versions.uploads.upload_plan(call.services, model, version)
    return Answer(upload_plan_document(plan), secret=True)


@routes.post("/v1/models/{model}/versions/{version}/upload/parts", Action.REGISTER, answers={200: PartPlanView})
def request_parts(call: Call, model: str, version: str, body: RequestParts) -> Answer:
    """Get URLs for parts of one large file."""
    plan = registry.versions.uploads.part_urls(call.services, model, version, body.path, body.digests())
    return Answer(part_plan_document(plan), secret=True)


@routes.post("/v1/models/{model}/versions/{version}/finalise", Action.REGISTER, answers={200: VersionView})
def finalise_version(call: Call, model: str, version: str) -> Answer:
    """Verify every file in S3, pin it, and make the version READY."""
    finalised = registry.versions.uploads.finalise_version(call.services, call.change(), model, version)
    return changed(finalised, version_document, revision_of)


@routes.get("/v1/models/{model}/versions/{version}/files", Action.READ, answers={200: FilePageView})
def list_files(call: Call, model: str, version: str, query: Paging) -> Answer:
    """List the files of a version with their digests, but without a way to download them."""
    page = registry.versions.file_pages.list_files(call.services, model, version, query.limit, call.start(query))
    return Answer(file_page_document(page, call.cursor(page.next_start)))


@routes.get("/v1/models/{model}/versions/{version}/artifacts", Action.DOWNLOAD, answers={200: ManifestView})
def get_manifest(call: Call, model: str, version: str, query: Paging) -> Answer:
    """List the files of a READY version with URLs to download them."""
    manifest = registry.versions.downloads.download_manifest(
        call.services, model, version, query.limit, call.start(query)
    )
    # All pages of a manifest together are one use.
    if query.cursor is None:
        _record_use(call, model, version, manifest.number, MANIFEST)
    document = manifest_document(manifest, call.cursor(manifest.next_start), call.services.settings.signs_models)
    headers = verdict_headers(manifest.clearance)
    return Answer(document, secret=True, digest=manifest.digest, headers=headers)


@routes.get("/v1/models/{model}/versions/{version}/artifacts/file", Action.DOWNLOAD, answers={302: None})
def download_file(call: Call, model: str, version: str, query: FileQuery) -> Answer:
    """Redirect to one file of a READY version."""
    return _file(call, model, version, query.path)


@routes.get("/v1/models/{model}/versions/{version}/files/{path+}", Action.DOWNLOAD, answers={302: None})
def download_path(call: Call, model: str, version: str, path: str) -> Answer:
    """Redirect to one file of a READY version, for clients that name it by the end of the address."""
    return _file(call, model, version, path)


@routes.head("/v1/models/{model}/versions/{version}/files/{path+}", Action.DOWNLOAD, answers={302: None})
def look_at_path(call: Call, model: str, version: str, path: str) -> Answer:
    """Redirect to the size and the headers of one file of a READY version."""
    # Not a use: the URL gives no bytes.
    return _redirect(registry.versions.downloads.download_file(call.services, model, version, path, "HEAD"))


def _file(call: Call, model: str, version: str, path: str) -> Answer:
    download = registry.versions.downloads.download_file(call.services, model, version, path)
    _record_use(call, model, version, download.number, FILE)
    return _redirect(download)


def _redirect(download: "DownloadFile") -> Answer:
    headers = {"Location": str(download.url), **verdict_headers(download.clearance)}
    return Answer(status=302, secret=True, digest=download.file.sha256, headers=headers)


def _record_use(call: Call, model: str, ref: str, number: int, what: str) -> None:
    alias = ref[1:] if ref.startswith("@") else None
    registry.audit.use_counts.record_use(Use(model, number, call.principal.name, what, call.services.clock(), alias))
