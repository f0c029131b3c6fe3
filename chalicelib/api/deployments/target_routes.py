"""Targets over HTTP, what they serve, and what they say that they serve."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.deployments.presenters import (
    place_document,
    place_then_document,
    recalled_document,
    target_document,
)
from chalicelib.api.deployments.schemas import (
    AskRecall,
    ListPlacesAsOf,
    Observe,
    PlaceThenView,
    PlaceView,
    RecalledView,
)
from chalicelib.api.deployments.target_schemas import SetTarget, TargetView
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action

routes = Routes("targets")


@routes.get("/v1/targets", Action.ADMINISTER, answers={200: PageView[TargetView]})
def list_targets(call: Call, query: Paging) -> Answer:
    """List the targets."""
    page = registry.deployments.targets.list_targets(call.services, query.limit, call.start(query))
    return call.listing(page, target_document)


@routes.get("/v1/targets/{target}", Action.ADMINISTER, answers={200: TargetView})
def get_target(call: Call, target: str) -> Answer:
    """Show a target."""
    found = registry.deployments.targets.get_target(call.services, target)
    return Answer(target_document(found), revision=found.revision)


@routes.put("/v1/targets/{target}", Action.ADMINISTER, answers={200: TargetView})
def set_target(call: Call, target: str, body: SetTarget) -> Answer:
    """Make a target, or replace what it was."""
    saved = registry.deployments.targets.set_target(call.services, call.change(), target, body.kind, body.setting())
    return changed(saved, target_document, revision_of)


@routes.delete("/v1/targets/{target}", Action.ADMINISTER, answers={204: None})
def delete_target(call: Call, target: str) -> Answer:
    """Delete a target. Deployments that have not ended there fail within seconds."""
    return gone(registry.deployments.targets.delete_target(call.services, call.change(), target))


@routes.get("/v1/targets/{target}/models", Action.READ, scope=Scope.LISTED, answers={200: PageView[PlaceView]})
def list_target_models(call: Call, target: str, query: Paging) -> Answer:
    """List what a target serves, of the models that the caller may read."""
    page = registry.deployments.places.places_on(call.services, target, call.may_read, query.limit, call.start(query))
    return call.listing(page, place_document)


@routes.get("/v1/targets/{target}/as-of", Action.READ, scope=Scope.LISTED, answers={200: PageView[PlaceThenView]})
def list_target_models_as_of(call: Call, target: str, query: ListPlacesAsOf) -> Answer:
    """List what a target served at a time, of the models that the caller may read."""
    page = registry.deployments.places.places_on_as_of(
        call.services, target, query.time, call.may_read, query.limit, call.start(query)
    )
    return call.listing(page, place_then_document)


@routes.put("/v1/targets/{target}/observed", scope=Scope.ANYONE, answers={200: PlaceView})
def observe_target(call: Call, target: str, body: Observe) -> Answer:
    """Say what a target serves of a model: for who may deploy the model, and the target's reporters."""
    now = registry.deployments.observing.observe(
        call.services, call.change(), target, body.model, body.version, body.digest or ""
    )
    return Answer(place_document(now))


@routes.get("/v1/recall", Action.READ, scope=Scope.LISTED, answers={200: PageView[RecalledView]})
def recall(call: Call, query: AskRecall) -> Answer:
    """List where versions run that need a package, learned from a dataset, or have a digest."""
    page = registry.deployments.recalling.recall(
        call.services, query.recall(), call.may_read, query.limit, call.start(query)
    )
    return call.listing(page, recalled_document)
