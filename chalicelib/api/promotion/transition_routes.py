"""Moves of versions between stages over HTTP: direct, as a dry run, or past the gates."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, revision_of, whole_list
from chalicelib.api.document import ItemsView
from chalicelib.api.promotion.presenters import dry_run_document, next_move_document
from chalicelib.api.promotion.schemas import DryRunView, NextMoveView, Override, Transition
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


@routes.get("/v1/models/{model}/versions/{version}/transitions", Action.READ, answers={200: ItemsView[NextMoveView]})
def explain_transitions(call: Call, model: str, version: str) -> Answer:
    """Judge every move that the scheme allows from where the version stands, without making any."""
    moves = registry.promotion.dry_runs.explain_transitions(call.services, call.principal, model, version)
    return whole_list(moves, next_move_document)


@routes.get("/v1/models/{model}/versions/{version}/transitions/{stage}", Action.READ, answers={200: DryRunView})
def explain_transition(call: Call, model: str, version: str, stage: str) -> Answer:
    """Judge a move without making it: every gate with what it found and what would satisfy it."""
    return Answer(
        dry_run_document(registry.promotion.dry_runs.explain_transition(call.services, model, version, stage))
    )


@routes.post(OVERRIDE_ROUTE, Action.OVERRIDE, answers={200: VersionView})
def override_transition(call: Call, model: str, version: str, body: Override) -> Answer:
    """Break glass: move a READY version whatever its gates and approvals say, on record."""
    moved = registry.promotion.stages.override(
        call.services, call.change(), model, version, body.to_stage, body.expected_stage, body.reason
    )
    return changed(moved, version_document, revision_of)
