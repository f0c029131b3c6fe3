"""Versions and their moves between stages over HTTP."""

from chalicelib import registry
from chalicelib.api import present, present_governance
from chalicelib.api.call import Answer, Call, changed, gone
from chalicelib.api.document import PageView, Paging
from chalicelib.api.promotion.schemas import DryRunView
from chalicelib.api.route import Routes
from chalicelib.api.versions.schemas import (
    AnnotateVersion,
    Override,
    RegisteredView,
    RegisterVersion,
    Transition,
    VersionView,
)
from chalicelib.aws.names import OVERRIDE_ROUTE
from chalicelib.domain.access.principal import Action

routes = Routes("versions")


@routes.post("/v1/models/{model}/versions", Action.REGISTER, answers={201: RegisteredView})
def register_version(call: Call, model: str, body: RegisterVersion) -> Answer:
    """Register a version and learn where to upload its files."""
    made = registry.versions.versions.register_version(
        call.services, call.change(), model, body.described(), body.all_files()
    )
    plan = registry.versions.uploads.first_plan(call.services, made.result)
    version = made.result.version
    document = {"version": present.version(version), "upload": present.upload_plan(plan)}
    return Answer(document, 201, revision=version.revision, replayed=made.replayed, secret=True)


@routes.get("/v1/models/{model}/versions", Action.READ, answers={200: PageView[VersionView]})
def list_versions(call: Call, model: str, query: Paging) -> Answer:
    """List a model's versions, newest first."""
    page = registry.versions.versions.list_versions(call.services, model, query.limit, call.start(query))
    return call.listing(page, present.version)


@routes.get("/v1/models/{model}/versions/{version}", Action.READ, answers={200: VersionView})
def get_version(call: Call, model: str, version: str) -> Answer:
    """Show a version."""
    found = registry.versions.versions.get_version(call.services, model, version)
    return Answer(present.version(found), revision=found.revision)


@routes.patch("/v1/models/{model}/versions/{version}", Action.ANNOTATE, answers={200: VersionView})
def annotate_version(call: Call, model: str, version: str, body: AnnotateVersion) -> Answer:
    """Change a version's description or tags."""
    annotated = registry.versions.versions.annotate_version(
        call.services, call.change(), model, version, body.new_description(), body.new_tags()
    )
    return changed(annotated, present.version, present.version_revision)


@routes.delete("/v1/models/{model}/versions/{version}", Action.MANAGE, answers={204: None})
def delete_version(call: Call, model: str, version: str) -> Answer:
    """Delete a version that no alias and no stage holds."""
    return gone(registry.versions.versions.delete_version(call.services, call.change(), model, version))


@routes.post("/v1/models/{model}/versions/{version}/transitions", Action.TRANSITION, answers={200: VersionView})
def transition_version(call: Call, model: str, version: str, body: Transition) -> Answer:
    """Move a READY version to another stage."""
    moved = registry.promotion.stages.transition(
        call.services, call.change(), model, version, body.to_stage, body.expected_stage, body.reason
    )
    return changed(moved, present.version, present.version_revision)


@routes.get("/v1/models/{model}/versions/{version}/transitions/{stage}", Action.READ, answers={200: DryRunView})
def explain_transition(call: Call, model: str, version: str, stage: str) -> Answer:
    """Say what a move to a stage would meet: every gate with what it found and what would satisfy it."""
    return Answer(
        present_governance.dry_run(registry.promotion.stages.explain_transition(call.services, model, version, stage))
    )


@routes.post(OVERRIDE_ROUTE, Action.OVERRIDE, answers={200: VersionView})
def override_transition(call: Call, model: str, version: str, body: Override) -> Answer:
    """Break glass: move a READY version whatever its gates and approvals say, on record."""
    moved = registry.promotion.stages.override(
        call.services, call.change(), model, version, body.to_stage, body.expected_stage, body.reason
    )
    return changed(moved, present.version, present.version_revision)
