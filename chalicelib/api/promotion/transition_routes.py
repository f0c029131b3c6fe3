"""Moves of versions between stages over HTTP: direct, as a dry run, or past the gates."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, revision_of
from chalicelib.api.promotion.presenters import dry_run_document
from chalicelib.api.promotion.schemas import DryRunView, Override, Transition
from chalicelib.api.route import Routes
from chalicelib.api.versions.presenters import version_document
from chalicelib.api.versions.schemas import VersionView
from chalicelib.aws.names import OVERRIDE_ROUTE
from chalicelib.domain.access.principal import Action

# Clients know these calls as calls of versions.
routes = Routes("versions")


@routes.post("/v1/models/{model}/versions/{version}/transitions", Action.TRANSITION, answers={200: VersionView})
def transition_version(call: Call, model: str, version: str, body: Transition) -> Answer:
    """Move a READY version to another stage."""
    moved = registry.promotion.stages.transition(
        call.services, call.change(), model, version, body.to_stage, body.expected_stage, body.reason
    )
    return changed(moved, version_document, revision_of)


@routes.get("/v1/models/{model}/versions/{version}/transitions/{stage}", Action.READ, answers={200: DryRunView})
def explain_transition(call: Call, model: str, version: str, stage: str) -> Answer:
    """Judge a move without making it: every gate with what it found and what would satisfy it."""
    return Answer(dry_run_document(registry.promotion.stages.explain_transition(call.services, model, version, stage)))


@routes.post(OVERRIDE_ROUTE, Action.OVERRIDE, answers={200: VersionView})
def override_transition(call: Call, model: str, version: str, body: Override) -> Answer:
    """Break glass: move a READY version whatever its gates and approvals say, on record."""
    moved = registry.promotion.stages.override(
        call.services, call.change(), model, version, body.to_stage, body.expected_stage, body.reason
    )
    return changed(moved, version_document, revision_of)
