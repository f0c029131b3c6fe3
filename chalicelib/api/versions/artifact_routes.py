"""Uploading and downloading the files of a version: the API gives presigned URLs, S3 moves the bytes."""

from chalicelib import registry
from chalicelib.api import present
from chalicelib.api.call import Answer, Call, changed
from chalicelib.api.document import Paging
from chalicelib.api.route import Routes
from chalicelib.api.versions.schemas import (
    FileQuery,
    ManifestView,
    PartPlanView,
    RequestParts,
    UploadPlanView,
    VersionView,
)
from chalicelib.domain.access.principal import Action
from chalicelib.domain.audit.usage import FILE, MANIFEST, Use

routes = Routes("artifacts")


@routes.get("/v1/models/{model}/versions/{version}/upload", Action.REGISTER, answers={200: UploadPlanView})
def get_upload_plan(call: Call, model: str, version: str) -> Answer:
    """Show what is left to upload, and where to."""
    return Answer(
        present.upload_plan(registry.versions.uploads.upload_plan(call.services, model, version)), secret=True
    )


@routes.post("/v1/models/{model}/versions/{version}/upload/parts", Action.REGISTER, answers={200: PartPlanView})
def request_parts(call: Call, model: str, version: str, body: RequestParts) -> Answer:
    """Get URLs for parts of one large file."""
    plan = registry.versions.uploads.part_urls(call.services, model, version, body.path, body.digests())
    return Answer(present.part_plan(plan), secret=True)


@routes.post("/v1/models/{model}/versions/{version}/finalise", Action.REGISTER, answers={200: VersionView})
def finalise_version(call: Call, model: str, version: str) -> Answer:
    """Verify every file in S3, pin it, and make the version READY."""
    finalised = registry.versions.uploads.finalise_version(call.services, call.change(), model, version)
    return changed(finalised, present.version, present.version_revision)


@routes.get("/v1/models/{model}/versions/{version}/artifacts", Action.DOWNLOAD, answers={200: ManifestView})
def get_manifest(call: Call, model: str, version: str, query: Paging) -> Answer:
    """List the files of a READY version with URLs to download them."""
    found = registry.versions.downloads.download_manifest(call.services, model, version, query.limit, call.start(query))
    # A manifest of several pages is one use.
    if query.cursor is None:
        _record(call, model, version, found.number, MANIFEST)
    shown = present.manifest(found, call.cursor(found.next_start))
    return Answer(shown, secret=True, digest=found.digest)


@routes.get("/v1/models/{model}/versions/{version}/artifacts/file", Action.DOWNLOAD, answers={302: None})
def download_file(call: Call, model: str, version: str, query: FileQuery) -> Answer:
    """Redirect to one file of a READY version."""
    file = registry.versions.downloads.download_file(call.services, model, version, query.path)
    _record(call, model, version, file.number, FILE)
    return Answer(status=302, secret=True, digest=file.file.sha256, headers={"Location": str(file.url)})


def _record(call: Call, model: str, ref: str, number: int, what: str) -> None:
    alias = ref[1:] if ref.startswith("@") else None
    registry.audit.usage.record_use(Use(model, number, call.principal.name, what, call.services.clock(), alias))
