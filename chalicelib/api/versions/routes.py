"""Versions over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.api.versions.presenters import registered_document, version_document
from chalicelib.api.versions.schemas import AnnotateVersion, RegisteredView, RegisterVersion, VersionView
from chalicelib.domain.access.principal import Action

routes = Routes("versions")


@routes.post("/v1/models/{model}/versions", Action.REGISTER, answers={201: RegisteredView})
def register_version(call: Call, model: str, body: RegisterVersion) -> Answer:
    """Register a version and learn where to upload its files."""
    registered = registry.versions.versions.register_version(
        call.services, call.change(), model, body.described(), body.all_files()
    )
    plan = registry.versions.uploads.first_plan(call.services, registered.result)
    revision = plan.version.revision
    return Answer(registered_document(plan), 201, revision=revision, replayed=registered.replayed, secret=True)


@routes.get("/v1/models/{model}/versions", Action.READ, answers={200: PageView[VersionView]})
def list_versions(call: Call, model: str, query: Paging) -> Answer:
    """List a model's versions, newest first."""
    page = registry.versions.versions.list_versions(call.services, model, query.limit, call.start(query))
    return call.listing(page, version_document)


@routes.get("/v1/models/{model}/versions/{version}", Action.READ, answers={200: VersionView})
def get_version(call: Call, model: str, version: str) -> Answer:
    """Show a version."""
    found = registry.versions.versions.get_version(call.services, model, version)
    return Answer(version_document(found), revision=found.revision)


@routes.patch("/v1/models/{model}/versions/{version}", Action.ANNOTATE, answers={200: VersionView})
def annotate_version(call: Call, model: str, version: str, body: AnnotateVersion) -> Answer:
    """Change a version's description or tags."""
    annotated = registry.versions.versions.annotate_version(
        call.services, call.change(), model, version, body.new_description(), body.new_tags()
    )
    return changed(annotated, version_document, revision_of)


@routes.delete("/v1/models/{model}/versions/{version}", Action.MANAGE, answers={204: None})
def delete_version(call: Call, model: str, version: str) -> Answer:
    """Delete a version that no alias and no stage holds."""
    return gone(registry.versions.versions.delete_version(call.services, call.change(), model, version))
