"""Models and their promotion rules over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone
from chalicelib.api.document import PageView
from chalicelib.api.models.presenters import (
    classification_document,
    listed_model_document,
    model_document,
    model_revision,
)
from chalicelib.api.models.schemas import (
    ClassificationView,
    ClassifyModel,
    CreateModel,
    ListedModelView,
    ListModels,
    ModelView,
    PromotionRuleView,
    SetPromotionRule,
    UpdateModel,
)
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action
from chalicelib.domain.schemes.promotion_rule import rule_document

routes = Routes("models")


@routes.post("/v1/models", Action.REGISTER, scope=Scope.NAMED, answers={201: ModelView})
def create_model(call: Call, body: CreateModel) -> Answer:
    """Create a model."""
    created = registry.models.models.create_model(
        call.services, call.change(), body.name, body.profile(), body.classified()
    )
    return changed(created, model_document, model_revision, 201)


@routes.get("/v1/models", Action.READ, scope=Scope.LISTED, answers={200: PageView[ListedModelView]})
def list_models(call: Call, query: ListModels) -> Answer:
    """List the models that the caller may read."""
    page = registry.models.listing.list_models(
        call.services, call.principal, query.prefix or "", query.ordered(), query.limit, call.start(query)
    )
    return call.listing(page, listed_model_document)


@routes.get("/v1/models/{model}", Action.READ, answers={200: ModelView})
def get_model(call: Call, model: str) -> Answer:
    """Show a model."""
    state = registry.models.models.get_model(call.services, model)
    return Answer(model_document(state), revision=model_revision(state))


@routes.patch("/v1/models/{model}", Action.MANAGE, answers={200: ModelView})
def update_model(call: Call, model: str, body: UpdateModel) -> Answer:
    """Change a model's description, owner, tags or metadata."""
    updated = registry.models.models.update_model(call.services, call.change(), model, body.change())
    return changed(updated, model_document, model_revision)


@routes.delete("/v1/models/{model}", Action.MANAGE, answers={204: None})
def delete_model(call: Call, model: str) -> Answer:
    """Delete a model that has no versions."""
    return gone(registry.models.models.delete_model(call.services, call.change(), model))


@routes.put("/v1/models/{model}/classification", Action.MANAGE, answers={200: ClassificationView})
def classify_model(call: Call, model: str, body: ClassifyModel) -> Answer:
    """Classify a model's data, which schemes can have gates for."""
    classified = registry.models.models.classify_model(
        call.services, call.change(), model, body.classified(), body.reason
    )
    return changed(classified, classification_document)


@routes.get("/v1/models/{model}/promotion-rule", Action.READ, answers={200: PromotionRuleView})
def get_promotion_rule(call: Call, model: str) -> Answer:
    """Show the model's automatic promotion rule."""
    return Answer(rule_document(registry.models.models.get_rule(call.services, model)))


@routes.put("/v1/models/{model}/promotion-rule", Action.MANAGE, answers={200: PromotionRuleView})
def set_promotion_rule(call: Call, model: str, body: SetPromotionRule) -> Answer:
    """Set or replace the model's automatic promotion rule."""
    return changed(registry.models.models.set_rule(call.services, call.change(), model, body.rule()), rule_document)


@routes.delete("/v1/models/{model}/promotion-rule", Action.MANAGE, answers={204: None})
def clear_promotion_rule(call: Call, model: str) -> Answer:
    """Remove the model's automatic promotion rule."""
    return gone(registry.models.models.clear_rule(call.services, call.change(), model))
