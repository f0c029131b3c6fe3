"""Past positions of aliases and stages over HTTP."""

from chalicelib import registry
from chalicelib.api.aliases.presenters import pointer_document
from chalicelib.api.aliases.schemas import AsOf, AsOfView
from chalicelib.api.call import Answer, Call
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("as_of")


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
