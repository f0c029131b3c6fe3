"""Past positions of aliases and stages over HTTP."""

from chalicelib import registry
from chalicelib.api.aliases.presenters import model_at_document, pointer_document
from chalicelib.api.aliases.schemas import AsOf, AsOfView, ModelAsOfView, ModelsAsOf, PointersAsOf
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action

routes = Routes("as_of")


@routes.get("/v1/as-of", Action.READ, scope=Scope.LISTED, answers={200: PageView[ModelAsOfView]})
def list_models_as_of(call: Call, query: ModelsAsOf) -> Answer:
    """List what stood in a stage of each model that the caller may read, at a time."""
    page = registry.audit.past.models_as_of(
        call.services, call.principal, query.stage, query.instant(), query.limit, call.start(query)
    )
    return call.listing(page, model_at_document)


@routes.get("/v1/models/{model}/as-of", Action.READ, answers={200: PageView[AsOfView]})
def list_pointers_as_of(call: Call, model: str, query: PointersAsOf) -> Answer:
    """List where all aliases and stages of a model pointed at a time."""
    page = registry.audit.past.pointers_as_of(call.services, model, query.instant(), query.limit, call.start(query))
    return call.listing(page, pointer_document)


@routes.get("/v1/models/{model}/aliases/{alias}/as-of", Action.READ, answers={200: AsOfView})
def get_alias_as_of(call: Call, model: str, alias: str, query: AsOf) -> Answer:
    """Show which version an alias pointed at, at a time."""
    pointer = registry.audit.history.as_of(call.services, model, f"alias:{alias}", query.instant())
    return Answer(pointer_document(pointer))


@routes.get("/v1/models/{model}/stages/{stage}/as-of", Action.READ, answers={200: AsOfView})
def get_stage_as_of(call: Call, model: str, stage: str, query: AsOf) -> Answer:
    """Show which version held a stage at a time. Stages of the model's earlier schemes have a past too."""
    pointer = registry.audit.history.as_of(call.services, model, f"stage:{stage}", query.instant())
    if pointer.move is None:
        registry.promotion.stages.check_stage(call.services, model, stage)
    return Answer(pointer_document(pointer))
