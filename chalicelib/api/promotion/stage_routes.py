"""Stages over HTTP."""

from chalicelib import registry
from chalicelib.api.aliases.schemas import MoveView, RollBack
from chalicelib.api.call import Answer, Call, changed, revision_of, whole_list
from chalicelib.api.document import ItemsView, PageView, Paging
from chalicelib.api.promotion.presenters import stage_document
from chalicelib.api.promotion.schemas import StageView
from chalicelib.api.route import Routes
from chalicelib.api.versions.presenters import version_document
from chalicelib.api.versions.schemas import VersionView
from chalicelib.domain.access.principal import Action

routes = Routes("stages")


@routes.get("/v1/models/{model}/stages", Action.READ, answers={200: ItemsView[StageView]})
def list_stages(call: Call, model: str) -> Answer:
    """List the stages of the model's scheme and the version that holds each."""
    return whole_list(registry.promotion.stages.list_stages(call.services, model), stage_document)


@routes.post("/v1/models/{model}/stages/{stage}/rollback", Action.TRANSITION, answers={200: VersionView})
def roll_back_stage(call: Call, model: str, stage: str, body: RollBack) -> Answer:
    """Return the previous holder, or an earlier one, to an exclusive stage."""
    returned = registry.promotion.stages.roll_back_stage(
        call.services, call.change(), model, stage, body.reason, body.version
    )
    return changed(returned, version_document, revision_of)


@routes.get("/v1/models/{model}/stages/{stage}/history", Action.READ, answers={200: PageView[MoveView]})
def get_stage_history(call: Call, model: str, stage: str, query: Paging) -> Answer:
    """List the moves into and out of a stage, newest first."""
    page = registry.audit.history.history(call.services, model, f"stage:{stage}", query.limit, call.start(query))
    if not page.items and query.cursor is None:
        registry.promotion.stages.check_stage(call.services, model, stage)
    return call.listing(page, dict)
